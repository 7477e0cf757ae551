import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results

/// The scripts of the pictures; the expected ones are part of the repository and read in review.
@Suite struct ScriptTests {
  private static func expect(_ gallery: Gallery, golden prefix: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    for picture in gallery.pictures {
      let url = folder.appending(path: "\(prefix)-\(picture.name).gnuplot")
      let script = picture.script(titled: true)
      if ProcessInfo.processInfo.environment["GAPSIM_UPDATE_GOLDEN"] != nil {
        try Data(script.utf8).write(to: url)
        Issue.record("\(url.lastPathComponent) was recorded")
      }
      #expect(try String(decoding: Data(contentsOf: url), as: UTF8.self) == script)
    }
  }

  @Test func aRunHasThesePictures() async throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: try await scratch.run(Fixture.lab))
    #expect(
      gallery.pictures.map(\.name) == ["completion", "roles", "total-gap", "gap-sizes", "missing-blocks", "uplink"])
    #expect(gallery.omissions.isEmpty)
    try Self.expect(gallery, golden: "run")
  }

  /// Also without the timeline in the results: then the first replication is run again.
  @Test func aRunOverPortsHasTwoMorePictures() async throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: try await scratch.run(Fixture.ports))
    #expect(gallery.pictures.suffix(2).map(\.name) == ["segments", "losses"])
    #expect(gallery.omissions.isEmpty)
    let added = Gallery(pictures: Array(gallery.pictures.suffix(2)), omissions: [])
    try Self.expect(added, golden: "ports")
    let again = try Presentation.gallery(
      of: try await scratch.run(Fixture.ports.replacing("timeline: 5 ms\n", with: ""), into: "again"))
    #expect(again.pictures.map(\.name) == gallery.pictures.map(\.name))
    #expect(again.pictures.last?.data == gallery.pictures.last?.data)
  }

  @Test func lossesAreThoseOfTheTables() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.ports)
    let picture = try #require(try Presentation.gallery(of: folder).pictures.last)
    func sum(_ file: ResultFile, _ column: String) throws -> Double {
      let table = try folder.table(file)
      let index = try table.column(column)
      return try table.rows.indices.reduce(0) { $0 + (try table.number($1, index) ?? 0) }
    }
    for (cause, file, column) in [
      ("queue", ResultFile.segments, "drops"), ("loss", .segments, "lost_frames"), ("links", .devices, "link_drops"),
      ("paths", .devices, "lost_packets"), ("buffers", .devices, "overruns"),
    ] {
      let index = try #require(picture.data.header.firstIndex(of: cause))
      let shown = picture.data.rows.reduce(0) { $0 + (Double($1[index]) ?? .nan) }
      #expect(shown > 0, "\(cause)")
      #expect(try shown * 2 == sum(file, column), "\(cause)")
    }
  }

  /// Without ports too: what a queue drops beside what paths lose.
  @Test(arguments: [
    ("queue: 3", 2), ("queue: 1000", 1), ("queue: 3, shared_loss: {bernoulli: 1 %}", 2),
    ("queue: 1000, shared_loss: {bernoulli: 1 %}", 1),
  ])
  func aPictureOfLossesHasSeveralPlacesAndOnePlaceIsASentence(queue: String, places: Int) async throws {
    let scratch = try Scratch()
    let scenario = """
      gapsim: 1
      name: queue
      replications: 1
      file: {size: 100 KiB}
      server: {rate: 100 Mbit/s, \(queue)}
      protocol: {windowsize: 8}
      cohorts: [{name: desks, count: 20, loss: {bernoulli: 3 %}}]
      """
    let folder = try await scratch.run(scenario)
    let gallery = try Presentation.gallery(of: folder)
    let picture = gallery.pictures.first { $0.name == "losses" }
    let sentence = try LossesPicture.sentence(of: try RunData(folder))
    #expect(picture.map { $0.data.rows.map { $0[0] } } == (places == 2 ? ["uplink", "devices"] : nil))
    #expect((sentence == nil) == (places == 2))
    let words = try #require(sentence ?? picture?.caption)
    #expect(words.contains(" What was lost before the fan-out is in no file") == queue.contains("shared_loss"))
    if let sentence {
      #expect(sentence.hasPrefix("Lost on the way to the devices in a replication: "))
      #expect(sentence.contains(" on the paths of the devices."))
    }
    #expect(gallery.omissions.isEmpty)
  }

  @Test func stepsThatLackASegmentAreNamedWithTheirLine() async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.ports)
    let folder = try scratch.forge("run", .segmentsTimeline) { text in
      var lines = text.split(separator: "\n")
      lines.remove(at: 6)
      return lines.joined(separator: "\n") + "\n"
    }
    let error = try #require(throws: CSVError.self) { try Presentation.gallery(of: folder) }
    #expect("\(error)".contains("segments_timeline.csv") && "\(error)".contains("the same segments"))
  }

  @Test func aSweepOverOneKeyHasThesePictures() throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(
      of: scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] }))
    #expect(gallery.pictures.map(\.name) == ["times", "devices", "bytes", "time-bytes"])
    try Self.expect(gallery, golden: "sweep")
  }

  @Test func aSweepOverTwoKeysHasALineForEachValueOfTheOtherAndMaps() throws {
    let points = Fixture.thresholds.flatMap { threshold in ["0.1 %", "1 %"].map { [threshold, $0] } }
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(
      of: scratch.sweep(keys: ["protocol.promotion.threshold", "cohorts[0].loss.bernoulli"], points: points))
    let names = gallery.pictures.map(\.name)
    #expect(names.contains("makespan") && names.contains("map-makespan") && names.contains("server-bytes"))
    try Self.expect(gallery, golden: "grid")
  }

  @Test func nothingSpeaksOfIntervalsOfASingleReplication() throws {
    let points = Fixture.thresholds.flatMap { threshold in ["0.1 %", "1 %"].map { [threshold, $0] } }
    let scratch = try Scratch()
    _ = try scratch.sweep(keys: ["protocol.promotion.threshold", "cohorts[0].loss.bernoulli"], points: points)
    _ = try scratch.forge("sweep", .runs) { text in
      let rows = text.split(separator: "\n")
      return rows.filter { $0 == rows[0] || $0.split(separator: ",")[2] == "1" }.joined(separator: "\n") + "\n"
    }
    let folder = try scratch.forge("sweep", .summary) { text in
      let rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let (count, low) = (rows[0].firstIndex(of: "replications") ?? 0, rows[0].firstIndex(of: "ci95_low") ?? 0)
      let single = rows.dropFirst().map { row in
        row.indices.map { $0 == count ? "1" : $0 == low || $0 == low + 1 ? "" : row[$0] }
      }
      return ([rows[0]] + single).map { $0.joined(separator: ",") + "\n" }.joined()
    }
    let gallery = try Presentation.gallery(of: folder)
    #expect(gallery.pictures.count > 10)
    for picture in gallery.pictures {
      #expect(!(picture.subtitle + picture.caption + picture.commands).contains("95 %"), "\(picture.name)")
    }
  }

  @Test func keysThatVaryTogetherMakeOneLineAndNoMap() throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(
      of: try scratch.sweep(
        keys: ["protocol.windowsize", "protocol.timeout"], points: [["1", "1 s"], ["2", "2 s"]]))
    #expect(gallery.pictures.map(\.name) == ["times", "devices", "bytes", "time-bytes"])
    #expect(gallery.omissions.map(\.title) == ["Heat map"])
    #expect(gallery.pictures[0].caption.contains("protocol.timeout varies along with it"))
  }

  @Test func aTuningHasThisPicture() throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: try scratch.tuning())
    #expect(gallery.pictures.map(\.name) == ["objective"])
    #expect(gallery.omissions.map(\.title) == ["Time against server bytes"])
    try Self.expect(gallery, golden: "tune")
  }

  @Test func aTuningShowsTimeAgainstBytes() throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    // Time falls and bytes rise from row to row; the last but one is beaten by the one before it.
    let folder = try scratch.forge("tune", .tune) { text in
      text.split(separator: "\n").enumerated().map { index, line in
        if index == 0 {
          return line + ",makespan_mean_s,server_bytes_mean,makespan_difference_s,server_bytes_difference"
        }
        let (time, bytes) = (40 - 5 * index + (index == 4 ? 8 : 0), 1_000_000 * index)
        return line + ",\(time).000000,\(bytes).000000,\(time - 28).000000,\(bytes - 4_000_000).000000"
      }.joined(separator: "\n") + "\n"
    }
    let gallery = try Presentation.gallery(of: folder)
    #expect(gallery.pictures.map(\.name) == ["objective", "time-bytes"])
    let picture = gallery.pictures[1]
    let column = try #require(picture.data.header.firstIndex(of: "is_on_front"))
    #expect(picture.data.rows.filter { $0[column] == "0" }.map { $0[3] } == ["28"])
    #expect(picture.commands.contains("with steps"))
  }

  @Test func onTheFrontIsWhoNoOtherOneBeatsInBoth() {
    let points: [[Double]] = [[3, 3], [1, 9], [2, 5], [2, 6], [4, 3], [5, 1]]
    #expect(ParetoPicture.front(of: points) == [[1, 9], [2, 5], [3, 3], [5, 1]])
  }

  @Test func candidatesArePlacedByTheirPairedDifferenceToTheChoice() throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    try scratch.write(
      #"{"objective": "makespan", "objective_unit": "s", "sentence": "promote below 39.06 KiB"}"# + "\n",
      to: "tune/tune.json")
    try scratch.sign("tune")
    let folder = try ResultsFolder(at: scratch.path("tune"))
    let data = try TuneData(folder)
    let compared = data.candidates.map { data.compared($0) }
    #expect(abs(compared[1].mean - (14.3 + 5.2)) < 1e-9 && abs(compared[1].low - (14.3 + 4.9)) < 1e-9)
    #expect(compared[3] == data.candidates[3].objective)
    #expect(data.label == "makespan [s]")
    try Presentation.report(directory: folder.path)
    #expect(try scratch.text("tune.html").contains("</span>Promote below 39.06\u{A0}KiB."))
  }

  @Test func everyPictureHasLabelledAxesFiniteNumbersAndWordsForThoseWhoCannotSeeIt() async throws {
    let scratch = try Scratch()
    let points = Fixture.thresholds.flatMap { threshold in ["0.1 %", "1 %"].map { [threshold, $0] } }
    let folders = [
      try await scratch.run(Fixture.lab), try await scratch.run(Fixture.ports, into: "ports"), try scratch.tuning(),
      try scratch.sweep(
        keys: ["protocol.promotion.threshold", "cohorts[0].loss.bernoulli"], points: points, into: "a"),
      try scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] }, into: "b"),
    ]
    for picture in try folders.flatMap({ try Presentation.gallery(of: $0).pictures }) {
      let script = picture.commands
      for axis in ["xlabel", "ylabel"] {
        let label = script.firstMatch(of: try Regex("set \(axis) ['\"]([^\"]+)"))
        #expect(label != nil, "\(picture.name): \(axis)")
      }
      #expect(!script.lowercased().contains("nan") && !script.lowercased().contains("inf "), "\(picture.name)")
      #expect(script.contains("set xrange [") && script.contains("set yrange ["), "\(picture.name)")
      #expect(!picture.title.isEmpty && picture.caption.count > 40 && picture.alternative.count > 30, "\(picture.name)")
      #expect(!picture.data.rows.isEmpty && picture.data.rows.allSatisfy { $0.count == picture.data.header.count })
    }
  }

  @Test func textIsQuotedSoThatGnuplotTakesItAsItIs() {
    #expect(GnuplotScript.quoted("`date` \\n $x @y") == "'`date` \\n $x @y'")
    #expect(GnuplotScript.quoted("it's `date` \\n $x") == #""it's \140date\140 \134n \044x""#)
    #expect(GnuplotScript.quoted("'$12") == #""'\044\061\062""#)
    #expect(GnuplotScript.quoted("a\nb\u{7}\u{202E}") == "'a\u{FFFD}b\u{FFFD}\u{FFFD}'")
  }

  @Test(
    arguments: [
      (0, "0"), (1.5, "1.5"), (100, "100"), (-2.25, "-2.25"), (1e-10, "0"), (1.0 / 3, "0.333333333"), (.nan, "NaN"),
      (1e300, "1e+300"), (-.infinity, "NaN"), (.leastNonzeroMagnitude, "0"),
    ] as [(Double, String)])
  func numbersHaveNoMoreDigitsThanTheyNeed(number: Double, text: String) {
    #expect(GnuplotScript.number(number) == text)
  }
}
