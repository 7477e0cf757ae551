import Foundation
import Rivals
import TestSupport
import Testing

@testable import Comparison
@testable import Experiments
@testable import Fixtures
@testable import Presentation
@testable import Quantities
@testable import Results
@testable import Scenarios

/// What a race prints and draws. The expected texts are part of the repository and read in review.
@Suite struct RacePresentationTests {
  private static let yaml = """
    name: room
    description: twelve devices, three strategies
    replications: 4
    file: {size: 64 KiB}
    protocol: {windowsize: 4, timeout: 100 ms, promotion: {threshold: 8 KiB}}
    cohorts:
      - {name: desks, count: 12, loss: {bernoulli: 3 %}}
    sweep: {vary: {protocol.strategy: [promotion, unicast, rfc2090]}}
    """

  private static func race(
    _ scratch: Scratch, _ yaml: String = yaml, devices: Bool = true
  ) async throws -> SweepOutcome {
    let points = try #require(SweepPoints(Scenario.parse(text: yaml, file: "room.yaml").scenario))
    var sweep = Sweep(points)
    sweep.devices = devices
    var outcome = try await sweep.run(into: scratch.path("race")) { point, replication in
      try point.network.run(seed: point.context.seed, replication: replication)
    }
    outcome.path = scratch.path("race")
    return outcome
  }

  @Test func itsTextsAreThese() async throws {
    let scratch = try Scratch()
    let outcome = try await Self.race(scratch)
    let summary = try RaceSummary(outcome, asking: Race.Question(Objective("makespan")))
    try Golden.expect(summary.text, in: "race/text.txt")
    try Golden.expect(summary.markdown, in: "race/text.md")
    try Golden.expect(summary.json.replacing(scratch.path("race"), with: "DIR"), in: "race/race.json")
    let bytes = try RaceSummary(outcome, asking: Race.Question(Objective("server_bytes/1e6")))
    try Golden.expect(bytes.text, in: "race/expression.txt")
  }

  /// Devices that go before they have the file are no failed ones: the table counts both.
  @Test func devicesThatWereSwitchedOffHaveAColumn() async throws {
    let scratch = try Scratch()
    let yaml = Self.yaml.replacing("bernoulli: 3 %}", with: "bernoulli: 3 %}, leaves: {at: 30 ms}")
    let outcome = try await Self.race(scratch, yaml)
    let summary = try RaceSummary(outcome, asking: Race.Question(Objective("server_bytes")))
    let rows = summary.race.rows(of: [.makespan])
    expect(Array(rows[0].suffix(4)), equals: ["failed", "left", "to the best", "standing"])
    for (row, entrant) in zip(rows.dropFirst(), summary.race.entrants) {
      expect(row[row.count - 3], equals: HumanUnits.fixed(entrant.switchedOff, decimals: 1))
    }
    #expect(summary.race.entrants.contains { $0.switchedOff > 0 })
    #expect(
      summary.text.contains(
        "failed devices are those that never got the file though they stayed on; left are those that the scenario switched "
          + "off before they had it\n"))
  }

  @Test func itsPicturesAreThese() async throws {
    let scratch = try Scratch()
    let folder = try ResultsFolder(at: await Self.race(scratch).path)
    #expect(folder.isRace)
    let gallery = try Presentation.gallery(of: folder)
    #expect(gallery.pictures.map(\.name) == ["completion", "time-bytes", "bytes"] && gallery.omissions.isEmpty)
    for picture in gallery.pictures {
      try Golden.expect(picture.script(titled: true), in: "race-\(picture.name).gnuplot")
    }
  }

  /// As gnuplot's picture: a line along the strategies that none beats in both, and bars both ways.
  @Test func itsChartHasTheLineAndBothBars() async throws {
    let scratch = try Scratch()
    let folder = try ResultsFolder(at: await Self.race(scratch).path)
    let front = try folder.standardRace().front.count
    let picture = try #require(try Presentation.gallery(of: folder).pictures.first { $0.name == "time-bytes" })
    let chart = try #require(picture.chart)
    let lines = chart.series.filter { $0.kind == .steps }
    expect(lines.count, equals: front > 1 ? 1 : 0)
    expect(picture.commands.contains("with steps"), equals: front > 1)
    for line in lines { expect(line.x.count, equals: front) }
    let marks = chart.series.filter { $0.kind == .points }
    expect(marks.map(\.name), equals: picture.data.rows.map { $0[0] })
    for (mark, row) in zip(marks, picture.data.rows) {
      let figures = [mark.x, mark.lowX, mark.highX, mark.y, mark.low, mark.high].map { $0.map(GnuplotScript.number) }
      expect(figures, equals: row[1...6].map { [$0] })
    }
  }

  @Test func withoutDevicesThePictureOfCompletionIsLeftOut() async throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: ResultsFolder(at: await Self.race(scratch, devices: false).path))
    expect(gallery.pictures.map(\.name), equals: ["time-bytes", "bytes"])
    expect(gallery.omissions.map(\.reason), equals: ["the race left out devices.csv (--no-devices)"])
  }

  /// One page: the sentence, the table, the three pictures, what it means, where it comes from.
  @Test func itsPageSaysWhatTheTerminalSays() async throws {
    let scratch = try Scratch()
    let outcome = try await Self.race(scratch)
    let summary = try RaceSummary(outcome, asking: Race.Question(Objective("makespan")))
    try Presentation.report(directory: outcome.path, output: scratch.path("race.html"))
    let page = try scratch.text("race.html")
    #expect(page.contains("</span>" + HTML.sentence(summary.race.sentence)))
    for word in [
      "What it means", "id=\"completion\"", "id=\"time-bytes\"", "id=\"bytes\"", "Provenance", "unicast: a TFTP",
    ] {
      #expect(page.contains(word), "\(word)")
    }
    for entrant in summary.race.entrants { #expect(page.contains("<td>\(entrant.name)</td>")) }
  }
}
