import Experiment
import Foundation
import Testing

@testable import Presentation

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct DrawingTests {
  /// Names that would be markup, a format, a command or a quote if they were not taken as they are.
  private static let hostile = #"<b>&"'</title> `date` %d {/=40 x} \n $x"#

  @Test func theSameResultsGiveTheSameBytes() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.lab)
    for name in ["one", "two"] { try Presentation.draw(directory: folder.path, output: scratch.path(name)) }
    let files = try scratch.files(in: "one")
    #expect(files.count == 6 * 4 + 1)
    #expect(try scratch.files(in: "two") == files)
    for name in ["one.html", "two.html"] { try Presentation.report(directory: folder.path, output: scratch.path(name)) }
    #expect(try scratch.text("one.html") == scratch.text("two.html"))
  }

  @Test func gnuplotHasNothingToSayAboutAnyPicture() async throws {
    let scratch = try Scratch()
    let points = Fixture.thresholds.flatMap { threshold in ["0.1 %", "1 %"].map { [threshold, $0] } }
    let folders = [
      try await scratch.run(Fixture.lab), try scratch.tuning(),
      try scratch.sweep(
        keys: ["protocol.promotion.threshold", "cohorts[0].loss.bernoulli"], points: points, into: "a"),
      try scratch.sweep(keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] }, into: "b"),
      try scratch.sweep(keys: ["protocol.active_order"], points: [["arrival"], ["largest_gap"]], into: "c"),
      try scratch.sweep(keys: ["protocol.windowsize"], points: [["1"]], into: "d"),
    ]
    let gnuplot = try Gnuplot()
    for (number, folder) in folders.enumerated() {
      for picture in try Presentation.gallery(of: folder).pictures {
        try scratch.write(picture.script(titled: true), to: "\(number)/\(picture.name).gnuplot")
        let said = try gnuplot.draw(picture.name, as: .svg, in: scratch.url.appending(path: "\(number)"))
        #expect(said.isEmpty, "\(picture.name)")
      }
    }
  }

  @Test func everyPictureOfHostileNamesIsWellFormed() throws {
    let scratch = try Scratch()
    let folder = try scratch.sweep(
      keys: ["protocol.active_order", "cohorts[0].name"],
      points: ["arrival", Self.hostile].flatMap { first in [Self.hostile, "x"].map { [first, $0] } },
      scenario: Self.hostile)
    try Presentation.draw(directory: folder.path, output: scratch.path("out"))
    for (name, bytes) in try scratch.files(in: "out") where name.hasSuffix(".svg") {
      #expect(XMLParser(data: bytes).parse(), "\(name)")
    }
    #expect(
      String(decoding: try #require(try scratch.files(in: "out")["makespan.svg"]), as: UTF8.self).contains("&lt;b>"))
  }

  @Test func aDirectoryThatHoldsSomethingElseIsLeftAsItIs() async throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    try scratch.write("mine", to: "out/notes.txt")
    #expect(throws: PresentationError.foreignFile(path: scratch.path("out"), found: "notes.txt")) {
      try Presentation.draw(directory: folder.path, output: scratch.path("out"))
    }
    #expect(try scratch.files(in: "out").keys.sorted() == ["notes.txt"])
    try scratch.write("mine", to: "page.html")
    #expect(throws: PresentationError.notAReport(path: scratch.path("page.html"))) {
      try Presentation.report(directory: folder.path, output: scratch.path("page.html"))
    }
    #expect(try scratch.text("page.html") == "mine")
  }

  @Test func olderPicturesAreReplacedAndNothingIsLeftBehind() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    for _ in 0..<2 { try Presentation.draw(directory: folder.path) }
    #expect(try scratch.files(in: "tune").keys.sorted() == ["manifest.json", "tune.csv"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == ["tune", "tune.plots"])
  }

  @Test func whatHasNoGnuplotSaysHowToInstallIt() {
    #expect { try Gnuplot(path: "/nonexistent:/also-not") } throws: { "\($0)".contains("apt-get install gnuplot-nox") }
  }

  @Test(arguments: [
    ("results", "results.plots"), ("a/results//", "a/results.plots"), ("/", "/.plots"),
  ])
  func picturesGoBesideTheResults(directory: String, path: String) {
    #expect(Presentation.defaultPath(for: directory, suffix: ".plots") == path)
  }
}
