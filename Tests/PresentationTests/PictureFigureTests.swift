import Glibc
import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Network
@testable import Presentation
@testable import Results
@testable import RunMetrics
@testable import Runs
@testable import Scenarios

/// The figures of pictures against the tables from which they are made.
@Suite struct PictureFigureTests {
  private static func pictures(_ yaml: String = Fixture.lab) async throws -> (ResultsFolder, [String: Picture], Scratch)
  {
    let scratch = try Scratch()
    let folder = try await scratch.run(yaml)
    let pictures = try Presentation.gallery(of: folder).pictures
    return (folder, Dictionary(uniqueKeysWithValues: pictures.map { ($0.name, $0) }), scratch)
  }

  private static func sum(_ picture: Picture?, _ column: String) throws -> Double {
    let table = try #require(picture).data
    let index = try #require(table.header.firstIndex(of: column))
    return table.rows.reduce(0) { $0 + (Double($1[index]) ?? 0) }
  }

  @Test func theBinsOfGapSizesHoldAllGaps() async throws {
    let (folder, pictures, _) = try await Self.pictures()
    let table = try folder.table(.gaps)
    let count = try table.column("count")
    let all = try table.rows.indices.reduce(0) { $0 + (try table.number($1, count) ?? 0) }
    #expect(all > 0)
    #expect(abs(try Self.sum(pictures["gap-sizes"], "gaps") * 2 - all) < 1e-6)
    #expect(try Self.sum(pictures["gap-sizes"], "expected_gaps") > 0)
  }

  @Test func theBarsOfTotalGapsHoldEachDeviceThatMissedSomethingOnce() async throws {
    let (folder, pictures, _) = try await Self.pictures()
    let table = try folder.table(.devices)
    let gap = try table.column("gap_bytes")
    let missed = try table.rows.indices.count { (try table.number($0, gap) ?? 0) > 0 }
    #expect(missed > 0)
    #expect(try Self.sum(pictures["total-gap"], "devices") * 2 == Double(missed))
    let fates = try DeviceFate.allCases.reduce(0) { $0 + (try Self.sum(pictures["total-gap"], $1.column)) }
    #expect(fates * 2 == Double(missed))
  }

  @Test func oneBarOfGapSizesDoesNotFillThePicture() async throws {
    let (_, pictures, _) = try await Self.pictures(
      """
      gapsim: 1
      name: lab
      replications: 2
      file: {size: 50 KiB}
      protocol: {timeout: 100 ms, session_timeout: 700 ms, group_timeout: 800 ms, promotion: {threshold: 4 KiB}}
      cohorts:
        - {name: desks, count: 6, loss: {bernoulli: 1 %}}
      """)
    let picture = try #require(pictures["gap-sizes"])
    let chart = try #require(picture.chart)
    #expect(picture.data.rows.count < 5)
    #expect(try #require(chart.x.range) == [0.5, 7.5])
  }

  /// A threshold below all gaps is a line in the picture, and not its axis.
  @Test func theThresholdIsWithinThePictureOfTotalGaps() async throws {
    let (_, pictures, _) = try await Self.pictures(Fixture.lab.replacing("threshold: 4 KiB", with: "threshold: 1 KiB"))
    let chart = try #require(pictures["total-gap"]?.chart)
    let (mark, range) = (try #require(chart.marks.first), try #require(chart.x.range))
    #expect(range[0] < mark.at && mark.at < range[1])
  }

  @Test func aLineThatNeverMovesIsSaidInOneNumber() throws {
    let axis = VariedAxis(key: "k", values: ["1", "2"])
    let estimate = Estimate(mean: 3, low: 3, high: 3)
    let picture = LinesPicture(
      name: "n", title: "t", axis: axis, measure: .devices,
      lines: [LinesPicture.Line(name: "promoted", points: [(0, estimate), (1, estimate)])], note: ""
    ).picture
    #expect(try #require(picture).alternative == "promoted: 3 devices everywhere.")
  }

  @Test(arguments: [
    ([3.0, nil, nil, nil], "3 devices at 1; no value at 3 of 4."),
    ([nil, 3.0, nil, 3.0], "3 devices at 2, at 4; no value at 2 of 4."),
    ([nil, 3.0, nil, 5.0], "from 3 devices at 2 to 5 devices at 4; no value at 2 of 4."),
    ([2.0, 3.0, 2.0, 5.0], "from 2 devices at 1 to 5 devices at 4."),
  ]) func aLineSaysWhereItHasNoValue(means: [Double?], text: String) throws {
    let points = means.enumerated().compactMap { index, mean in
      mean.map { (index: index, estimate: Estimate(mean: $0, low: $0, high: $0)) }
    }
    let picture = LinesPicture(
      name: "n", title: "t", axis: VariedAxis(key: "k", values: ["1", "2", "3", "4"]), measure: .devices,
      lines: [LinesPicture.Line(name: "promoted", points: points)], note: ""
    ).picture
    expect(try #require(picture).alternative, equals: "promoted: " + text)
  }

  /// The medians of several replications end where half of them or more do not get further.
  @Test(arguments: [
    ([[1.0, 2, 3, 4]], "half of the devices complete after 2 s, 95 % after 4 s, 100 % in the end."),
    ([[1.0, 2]], "half of the devices complete after 2 s, fewer than 95 % ever, 50 % in the end."),
    ([[1.0]], "fewer than half of the devices ever complete, 25 % in the end."),
    (
      [[1.0, 2, 3, 4], [1]],
      "fewer than half of the devices ever complete in half of the replications or more, 62.5 % in the end."
    ),
  ]) func aLineOfCompletionSaysHowManyNeverComplete(replications: [[Double]], text: String) throws {
    var times = CompletionTimes()
    for (number, completed) in replications.enumerated() {
      for device in 0..<4 { times.count("\(number + 1)", device < completed.count ? completed[device] : nil) }
    }
    times.sort()
    let picture = CompletionPicture.picture(
      of: [CompletionPicture.Line(name: "nack_fec", times: times)], each: "strategy", title: "", caption: "",
      subtitle: { $0 })
    let alternative = try #require(picture).alternative
    expect(alternative.replacing(#/(\d) 000 ms/#) { "\($0.output.1) s" }, equals: "nack_fec: " + text)
  }

  @Test(arguments: [
    ("passive>smart>complete", true, DeviceFate.repaired), ("passive>complete", true, .later),
    ("active>passive>smart>complete", true, .repaired), ("passive>active>complete", true, .active),
    ("active>failed", false, .incomplete), ("", false, .incomplete), ("complete", true, .later),
  ]) func theLastRoleBeforeTheEndSaysWhatBecameOfADevice(roles: String, isComplete: Bool, fate: DeviceFate) {
    #expect(DeviceFate(roles: roles, isComplete: isComplete) == fate)
  }

  /// Rates times their steps are what was sent, and what was repeated is what the sessions say.
  @Test func theRatesOfTheUplinkAddUpToItsBytes() async throws {
    let (folder, pictures, _) = try await Self.pictures()
    let table = try #require(pictures["uplink"]).data
    let size = table.header[0] == "from_ms" ? 1e-3 : 1
    func bytes(_ column: String) throws -> Double {
      let index = try #require(table.header.firstIndex(of: column + "_mbit_s"))
      return table.rows.reduce(0) { sum, row in
        let (begin, end, rate) = (Double(row[0]) ?? .nan, Double(row[1]) ?? .nan, Double(row[index]) ?? .nan)
        return sum + (end - begin) * size * rate * 125_000
      }
    }
    let runs = try folder.table(.runs)
    let all = try #require(try runs.number(0, runs.column("server_bytes")))
    let kinds = ["multicast_data", "repeated_data", "unicast_data", "control"]
    // What leaves after the last step is not in the picture.
    let drawn = try kinds.reduce(0) { $0 + (try bytes($1)) }
    #expect(drawn <= all * 1.0001 && drawn > 0.98 * all)
    let sessions = try folder.table(.sessions)
    let (replication, repeated) = (try sessions.column("replication"), try sessions.column("repeated_packets"))
    let packets = try sessions.rows.indices.filter { sessions.rows[$0][replication] == "1" }
      .reduce(0) { $0 + (try sessions.number($1, repeated) ?? 0) }
    #expect(packets > 0)
    let (again, sent) = (try bytes("repeated_data"), packets * 1498)
    let tolerance = 0.02 * sent + 1500
    #expect(abs(again - sent) < tolerance)
  }

  @Test func stepsOfLiveRecordsAreEvenAndLoseNothing() {
    let samples = (0...1000).map { index in
      var sample = TimelineSample(
        time: .init(Int64(index * index) * 1000), joining: 0, active: 0, passive: 0, smart: 0, complete: 0, failed: 0,
        uplinkBusy: .zero)
      sample.sent.multicastData = UInt64(index * 1500)
      return sample
    }
    let steps = UplinkPicture.steps(samples)
    #expect(steps.count == 250)
    let bytes = steps.reduce(0) { $0 + $1.rates[0] * ($1.end - $1.begin) * 125_000 }
    #expect(abs(bytes - 1_500_000) < 1)
    for step in steps { #expect(abs(step.end - step.begin - 0.004) < 1e-9) }
  }

  @Test(arguments: [1, 7, 360, 361, 500, 719, 200_000]) func eachRowOfMissingBlocksIsOneDevice(devices: Int) {
    let sample = MissingBlocksPicture.Sample(devices: devices, most: 360)
    #expect(sample.count == min(devices, 360))
    let rows = (0..<sample.count).map { sample.device(ofRow: $0) }
    #expect(Set(rows).count == rows.count && rows.allSatisfy { (1...devices).contains($0) })
    #expect((1...devices).compactMap { sample.row(ofDevice: $0) } == Array(0..<sample.count))
  }

  /// 1, 2, 3, 4–5, 6–7, 8–11, …: no size in two bins, none in no bin.
  @Test func binsOfGapSizesTouch() {
    let bins = GapSizesPicture.bins([(1, 3), (5, 1), (1000, 2)], law: nil, 2)
    #expect(bins.prefix(6).map(\.text) == ["1", "2", "3", "4–5", "6–7", "8–11"])
    for (before, after) in zip(bins, bins.dropFirst()) { #expect(after.first == before.last + 1) }
    #expect(bins.last.map { $0.first <= 1000 && 1000 <= $0.last } == true)
    #expect(bins.reduce(0) { $0 + $1.gaps } == 3)
  }

  /// A law is known of chains, alone or in a row, of a trace, and of some runs.
  @Test func onlySomeModelsPredictGaps() throws {
    func gaps(_ models: LossModel...) -> [Double]? {
      try? GapLaw.gaps(of: models.map { GapLaw.Place(model: $0) }, blocks: 100, upTo: 100)
    }
    let bernoulli = LossModel.bernoulli(p: .constant(0.1))
    let first: Double = try #require(gaps(bernoulli)?.first)
    #expect(abs(first - 8.1) < 0.3)
    #expect(gaps(bernoulli, .none) == gaps(.anyOf([bernoulli])))
    #expect(
      gaps(bernoulli, .gilbertElliott(p: .constant(0.1), r: .constant(0.5), k: .constant(1), h: .constant(0))) != nil)
    #expect(gaps(.bernoulli(p: .drawn(.uniform(low: 0, high: 0.2)))) != nil)
    #expect(gaps(.runs(good: .constant(9), lost: .constant(1)))?.first == 10)
    #expect(gaps(.runs(good: .constant(9), lost: .constant(1)), bernoulli) == nil)
    #expect(gaps(.runs(good: .drawn(.poisson(mean: 3)), lost: .constant(1))) == nil)
    #expect(gaps(.bursts(loss: .constant(0.1), length: .packets(4))) != nil)
    #expect(gaps(.bursts(loss: .constant(0.1), length: .time(.constant(.seconds(1)))), bernoulli) != nil)
    #expect(gaps(.outages(.list([Outage(at: .zero, lasting: .seconds(1))]))) == nil)
    #expect(gaps(.trace([[2]]), bernoulli) == nil)
  }

  /// docs/plots.md names only models that a scenario can have.
  @Test func theModelsWithALawAreThoseOfTheDocumentation() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/plots.md"), encoding: .utf8)
    let start = try #require(text.range(of: "The law of gap sizes is known of"))
    let names = text[start.upperBound...].prefix { $0 != "*" }.matches(of: #/`([^`]+)`/#).map { String($0.1) }
    expect(names, equals: ["bernoulli", "gilbert_elliott", "trace", "runs"])
    let reference = try String(contentsOf: root.appending(path: "docs/scenario-reference.md"), encoding: .utf8)
    for name in names { #expect(reference.contains("loss.\(name)"), "\(name)") }
  }

  /// A block in several frames is lost with any of them.
  @Test(arguments: [1, 2, 6]) func aBlockOfSeveralFramesIsLostWithAnyOfThem(frames: Int) throws {
    func gaps(_ loss: Double, frames: Int) throws -> [Double] {
      try GapLaw.gaps(
        of: [GapLaw.Place(model: .bernoulli(p: .constant(loss)))], frames: frames, blocks: 200, upTo: 20)
    }
    let whole = 1 - pow(1 - 0.03, Double(frames))
    for (one, other) in zip(try gaps(0.03, frames: frames), try gaps(whole, frames: 1)) {
      #expect(abs(one - other) < 1e-9)
    }
  }

  /// MTFTP has no windows (`windowsize` has no effect there), and its blocks come a round trip apart. So a burst of 300 µs
  /// takes one of them, and many of a window.
  @Test(arguments: [("rfc2090", false), ("pxe-mtftp", true)])
  func onlyWindowsBringBlocksTogether(mode: String, isAlike: Bool) async throws {
    let scratch = try Scratch()
    func gaps(window: Int) async throws -> [Double] {
      let text = """
        replications: 1
        file: {size: 200 KiB}
        protocol: {mode: \(mode), windowsize: \(window)}
        cohorts: [{count: 3, latency: 1 ms, loss: {gilbert_elliott: {loss: 5 %, burst: 300 us}}}]
        """
      let folder = try await scratch.run(text, into: "\(mode)-\(window)")
      return try GapLaw.gaps(of: RunData(folder), upTo: 8)
    }
    let (one, many) = (try await gaps(window: 1), try await gaps(window: 16))
    expect(one == many, equals: isAlike)
  }

  /// Worked by hand: the trace is offered 12 packets, twice over its 7, and its lost ones are gaps of a pass.
  @Test func aTracePredictsWhatItLosesOfOnePass() throws {
    func gaps(_ trace: LossTrace, frames: Int = 1) throws -> [Double] {
      try GapLaw.gaps(
        of: [GapLaw.Place(model: .trace(trace))], devices: 2, frames: frames, blocks: 12 / frames, upTo: 5)
    }
    let lost: PacketRuns = [1, 2, 5, 7]
    #expect(try gaps(LossTrace([.init(lost: lost)])) == [2, 1, 0, 0, 0])
    // 7 of the first recording and 1, 2 of the next one are one gap: 1–2, 5, 7–9, 12.
    #expect(try gaps(LossTrace([.init(lost: lost, length: 7)])) == [2, 1, 1, 0, 0])
    // Blocks of two frames: 1, 3–5, 6 is touched by 12, so 3–6.
    #expect(try gaps(LossTrace([.init(lost: lost, length: 7)]), frames: 2) == [1, 0, 0, 1, 0])
    // A recording for each device: the mean.
    #expect(try gaps(LossTrace([.init(lost: lost), .init(lost: [3]), .init(lost: [9])])) == [1.5, 0.5, 0, 0, 0])
  }

  @Test func everyPictureSaysWhatItWasMadeOf() async throws {
    let scratch = try Scratch()
    let folders = [
      try await scratch.run(Fixture.lab), try await scratch.run(Fixture.ports, into: "ports"), try scratch.tuning(),
      try scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] }),
    ]
    for folder in folders {
      for picture in try Presentation.gallery(of: folder).pictures {
        #expect(picture.subtitle.contains("replication"), "\(picture.name)")
        #expect(["lab", "ports"].contains { picture.subtitle.hasPrefix($0 + " · ") }, "\(picture.name)")
      }
    }
  }

  /// What a chart shows are the figures of the picture's table, to the last digit.
  @Test func chartsHaveTheFiguresOfTheTables() async throws {
    let scratch = try Scratch()
    let folders = [
      try await scratch.run(Fixture.lab), try await scratch.run(Fixture.ports, into: "ports"),
      try scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] }),
    ]
    var charts = 0
    for picture in try folders.flatMap({ try Presentation.gallery(of: $0).pictures }) {
      guard let chart = picture.chart else {
        #expect(picture.map != nil, "\(picture.name)")
        continue
      }
      charts += 1
      let printed = Set(picture.data.rows.flatMap { $0 }.compactMap { Double($0) })
      for series in chart.series {
        #expect(series.x.count == series.y.count && !series.x.isEmpty, "\(picture.name): \(series.name)")
        #expect(series.kind != .bars || series.ends.count == series.x.count, "\(picture.name): \(series.name)")
        #expect(series.low.count == series.high.count && (series.low.isEmpty || series.low.count == series.y.count))
        for value in series.y where value != 0 { #expect(printed.contains(value), "\(picture.name): \(value)") }
        if series.kind != .points { #expect(zip(series.x, series.x.dropFirst()).allSatisfy { $0 <= $1 }) }
      }
    }
    #expect(charts == 5 + 7 + 4)
  }
}
