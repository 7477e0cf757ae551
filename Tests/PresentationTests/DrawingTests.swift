import Foundation
import TestSupport
import Testing

@testable import Presentation
@testable import Quantities
@testable import Results
@testable import Fixtures

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
    expect(files.count, equals: 6 * 5 + 1)
    try expect(scratch.files(in: "two"), equals: files)
    for name in ["one.html", "two.html"] { try Presentation.report(directory: folder.path, output: scratch.path(name)) }
    try expect(scratch.text("one.html"), equals: scratch.text("two.html"))
  }

  /// A killed process leaves no name that its successor does not know.
  @Test func whatGnuplotDrewIsChangedWhereItStands() throws {
    let scratch = try Scratch()
    let files = [
      ("a.svg", "<svg><image width='1'/></svg>", "<svg><image style='image-rendering:pixelated' width='1'/></svg>"),
      ("a.pdf", "x /CreationDate (D:2026) y", "x \(String(repeating: " ", count: 22)) y"),
    ]
    for (name, drawn, changed) in files {
      try scratch.write(drawn, to: name)
      let file = try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.systemFileNumber] as? Int
      try name.hasSuffix("svg") ? Gnuplot.sharpen(scratch.path(name)) : Gnuplot.forgetTime(scratch.path(name))
      try expect(scratch.text(name), equals: changed)
      let now = try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.systemFileNumber] as? Int
      expect(now, equals: file)
    }
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
        let said = try gnuplot.draw(picture.name, as: [.svg], in: scratch.path("\(number)"))
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

  /// Each is one that gnuplot, a shell or a terminal takes for something else at its beginning, its end or within.
  static let nastyNames = [
    "'90s", "''", "it''s", "'", "\"quoted\"", "a\\", "\\'", "100%", "%s %d", "`date`", "'`date`'", "@pi", "'@pi",
    "{/=40 x}", "^2_i&{x}", "$1", "'$1\\n", "EOD", "#comment", "a;b", "a,b", "\u{202E}txt.exe", "שלום", "日本", "-", "NA",
    "=1+1", "<b>&",
  ]

  /// Without a font of emoji, gnuplot draws one as large as the paper.
  @Test(arguments: [
    ("lab 🙂", "lab □"), ("👩‍💻 & 🇩🇪", "□ & □"), ("⌚ ☎\u{FE0F}", "□ □"), ("𝐀𠀀", "□□"),
    ("日本 Ж é 1 # © ☎ → 50 %", "日本 Ж é 1 # © ☎ → 50 %"),
  ]) func emojiAreSquares(name: String, drawn: String) {
    expect(GnuplotScript.quoted(name), equals: "'\(drawn)'")
    expect(GnuplotScript.quoted(name + "'s"), equals: "\"\(drawn)'s\"")
  }

  /// A name is drawn as it is: in a title, in a label of an axis, at a tic.
  @Test(arguments: nastyNames) func aNameIsDrawnAsItIs(name: String) throws {
    let scratch = try Scratch()
    var script = GnuplotScript()
    let axis = VariedAxis(key: name, values: [name, "other"])
    script.add(axis.commands())
    script.add("set yrange [0:2]")
    script.data("d", [[0, 1], [1, 1]])
    script.plot(["$d using 1:2 with points title \(GnuplotScript.quoted(name))"])
    let picture = Picture(
      name: "p", title: name, caption: "", alternative: "", commands: script.text, data: DataTable(header: [], rows: [])
    )
    try scratch.write(picture.script(titled: true), to: "p.gnuplot")
    #expect(try Gnuplot().draw("p", as: Gnuplot.Format.allCases, in: scratch.url.path).isEmpty)
    let svg = try scratch.text("p.svg")
    // gnuplot escapes what SVG asks for.
    let shown = name.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    #expect(svg.components(separatedBy: shown).count - 1 >= 4, "\(svg)")
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test func whatAKilledProcessLeftIsCleanedByTheNextForThatPath() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    // No process has so high a number.
    for left in [".tune.plots.partial", ".tune.html.partial", ".tune.plots.partial.2147483646"] {
      for name in ["objective.gnuplot", ".objective.errors", "objective.svg"] {
        try scratch.write("half", to: left + "/" + name)
      }
    }
    try Presentation.draw(directory: folder.path)
    try Presentation.report(directory: folder.path)
    try expect(
      FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted(),
      equals: ["tune", "tune.html", "tune.plots"])
    try scratch.write("mine", to: ".tune.plots.partial/notes.txt")
    #expect(throws: ResultsError.foreignFile(path: scratch.path(".tune.plots.partial"), found: "notes.txt")) {
      try Presentation.draw(directory: folder.path)
    }
  }

  @Test func twoProcessesNeverDrawForOnePathAtATime() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    let first = try PictureDirectory(at: scratch.path("tune.plots"))
    #expect(throws: ResultsError.busy(path: scratch.path("tune.plots"))) {
      try Presentation.draw(directory: folder.path)
    }
    first.discard()
    try Presentation.draw(directory: folder.path)
  }

  /// What gnuplot refuses is left out, with what it said; results with huge numbers have other pictures.
  @Test func aPictureThatGnuplotRefusesIsLeftOut() throws {
    let scratch = try Scratch()
    let good = Picture(
      name: "good", title: "Good", caption: "", alternative: "", commands: "plot x\n",
      data: DataTable(header: [], rows: []))
    let bad = Picture(
      name: "bad", title: "Bad", caption: "", alternative: "", commands: "set xrange [NaN:1]\nplot nonsense\n",
      data: DataTable(header: [], rows: []))
    let directory = try PictureDirectory(at: scratch.path("out"))
    let drawn = try directory.write(Gallery(pictures: [good, bad], omissions: []), with: Gnuplot())
    expect(drawn.pictures.map(\.name), equals: ["good"])
    expect(drawn.omissions.map(\.title), equals: ["Bad"])
    try expect(
      scratch.files(in: "out").keys.sorted(),
      equals: [
        "good.csv", "good.gnuplot", "good.pdf", "good.png", "good.svg", "pictures.txt",
      ])
    let alone = try PictureDirectory(at: scratch.path("none"))
    #expect(throws: PresentationError.self) {
      try alone.write(Gallery(pictures: [bad], omissions: []), with: Gnuplot())
    }
  }

  @Test func aDirectoryThatHoldsSomethingElseIsLeftAsItIs() async throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    try scratch.write("mine", to: "out/notes.txt")
    #expect(throws: PresentationError.foreignFile(path: scratch.path("out"), found: "notes.txt")) {
      try Presentation.draw(directory: folder.path, output: scratch.path("out"))
    }
    try expect(scratch.files(in: "out").keys.sorted(), equals: ["notes.txt"])
    try scratch.write("mine", to: "page.html")
    #expect(throws: PresentationError.notAReport(path: scratch.path("page.html"))) {
      try Presentation.report(directory: folder.path, output: scratch.path("page.html"))
    }
    try expect(scratch.text("page.html"), equals: "mine")
    for _ in 0..<2 { try Presentation.report(directory: folder.path, output: scratch.path("ours.html")) }
  }

  @Test func olderPicturesAreReplacedAndNothingIsLeftBehind() throws {
    let scratch = try Scratch()
    let folder = try scratch.tuning()
    for _ in 0..<2 { try Presentation.draw(directory: folder.path) }
    try expect(scratch.files(in: "tune").keys.sorted(), equals: ["manifest.json", "tune.csv"])
    try expect(
      FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted(), equals: ["tune", "tune.plots"])
  }

  @Test func whatHasNoGnuplotSaysHowToInstallIt() {
    #expect { try Gnuplot(path: "/nonexistent:/also-not") } throws: { "\($0)".contains("apt-get install gnuplot-nox") }
  }

  @Test(arguments: [
    ("results", "results.plots"), ("a/results//", "a/results.plots"), ("/", "/.plots"),
  ])
  func picturesGoBesideTheResults(directory: String, path: String) {
    expect(Presentation.defaultPath(for: directory, suffix: ".plots"), equals: path)
  }
}
