import Foundation
import TestSupport
import Testing

/// What an option writes replaces nothing but what it wrote before, and that is found before anything runs.
@Suite struct OutputPlaceTests {
  private let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    try Self.text.write(toFile: folder.path("lab.yaml"), atomically: true, encoding: .utf8)
  }

  private static let text = "replications: 2\nfile: {size: 8 KiB}\ncohorts: [{count: 2}]\n"
  private static let sweep = ["--vary", "protocol.windowsize=1,2", "--no-plots"]
  private var scenario: String { folder.path("lab.yaml") }

  /// The commands that write a file beside results, each without its last word, the file.
  private var commands: [[String]] {
    let out = ["-q", "-o", folder.path("out")]
    return [
      ["run", scenario, "--junit"], ["run", scenario, "--pcap"], ["sweep", scenario, "--junit"],
      ["tune", scenario, "--no-plots", "--junit"], ["tune", scenario, "--no-plots", "--html"],
      ["race", scenario, "--no-plots", "--markdown"], ["race", scenario, "--no-plots", "--html"],
    ].map { words in
      words.dropLast() + (words[0] == "sweep" ? Self.sweep : []) + out + words.suffix(1)
    }
  }

  private func run(_ name: String) throws {
    try expect(Program.run("run", scenario, "-q", "-o", folder.path(name)).status, equals: 0)
  }

  @Test func neitherAScenarioNorResultsAreOverwritten() throws {
    try run("a")
    let before = try folder.files(in: "a")
    let compared = ["--junit", "--markdown", "--html"].flatMap { option in
      [
        ["compare", folder.path("a"), folder.path("a"), "-q", option],
        ["compare", folder.path("a"), "--run", "-q", option],
      ]
    }
    for command in commands + compared + [["log", scenario, "-o"]] {
      for place in ["lab.yaml", "a/runs.csv", "a/new.xml", "none/new.xml", "a"] {
        // Pages make their folders.
        if command.last == "--html", place.hasPrefix("none") { continue }
        let outcome = try Program.run(command + [folder.path(place)])
        expect(outcome.status, equals: 73, "\(command) \(place): \(outcome.errors)")
        #expect(outcome.errors.hasPrefix("error: "), "\(outcome.errors)")
      }
    }
    try expect(String(contentsOfFile: scenario, encoding: .utf8), equals: Self.text)
    try expect(folder.files(in: "a"), equals: before)
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(), equals: ["a", "lab.yaml"])
  }

  /// Not even in a directory that will hold results only then.
  @Test func nothingGoesIntoTheResultsThatAreMade() throws {
    try FileManager.default.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: false)
    for command in commands {
      let outcome = try Program.run(command + [folder.path("out/new.xml")])
      expect(outcome.status, equals: 73, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("would lie in a directory of results"), "\(outcome.errors)")
    }
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.path("out")), equals: [])
    try run("a")
    for command in [
      ["report", folder.path("a"), "-o"], ["run", scenario, "-q", "-o"], ["plot", folder.path("a"), "-o"],
    ] {
      try expect(Program.run(command + [folder.path("a/b")]).status, equals: 73)
    }
  }

  /// Nor among pictures, which could not be drawn again then.
  @Test func nothingGoesAmongPictures() throws {
    for command in commands {
      let outcome = try Program.run(command + [folder.path("out.plots/new.xml")])
      expect(outcome.status, equals: 73, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("of results or of pictures"), "\(outcome.errors)")
    }
    try run("a")
    try expect(Program.run("plot", folder.path("a"), "-q", "-o", folder.path("drawn")).status, equals: 0)
    let outcome = try Program.run("run", scenario, "-q", "-o", folder.path("b"), "--junit", folder.path("drawn/x.xml"))
    expect(outcome.status, equals: 73, "\(outcome.errors)")
  }

  @Test func twoOptionsWriteTwoFiles() throws {
    let (one, same) = (folder.path("one"), folder.path("./one"))
    for options in [
      ["run", scenario, "--junit", one, "--pcap", same], ["tune", scenario, "--junit", one, "--html", same],
      ["race", scenario, "--markdown", one, "--html", same],
      ["compare", scenario, "--run", "--junit", one, "--markdown", same],
    ] {
      let outcome = try Program.run(options)
      expect(outcome.status, equals: 64, "\(options): \(outcome.errors)")
      #expect(outcome.errors.contains("both would write"), "\(outcome.errors)")
    }
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(), equals: ["lab.yaml"])
  }

  /// Continuous integration does the same again and again, and a file that was made for it is empty.
  @Test func whatAnOptionWroteBeforeItWritesAgain() throws {
    try Data().write(to: URL(filePath: folder.path("out.xml")))
    try run("a")
    let (xml, capture, markdown, log) = (
      folder.path("out.xml"), folder.path("out.pcapng"), folder.path("out.md"), folder.path("out.log")
    )
    for _ in 0..<2 {
      let again = ["run", scenario, "-q", "-o", folder.path("a"), "--junit", xml, "--pcap", capture]
      for command in [
        again, ["compare", folder.path("a"), folder.path("a"), "-q", "--junit", xml, "--markdown", markdown],
        ["race", scenario, "-q", "--no-plots", "-o", folder.path("race"), "--markdown", markdown],
        ["log", scenario, "-o", log],
      ] {
        let outcome = try Program.run(command)
        expect(outcome.status, equals: 0, "\(command): \(outcome.errors)")
      }
    }
    // One kind is not another.
    try expect(Program.run("run", scenario, "-q", "-o", folder.path("a"), "--junit", markdown).status, equals: 73)
    try expect(Program.run("log", scenario, "-o", capture).status, equals: 73)
    try expect(Program.run("run", scenario, "-q", "-o", folder.path("a"), "--pcap", log).status, equals: 73)
    try expect(Program.run("log", scenario, "-o", "/dev/null").status, equals: 0)
    #expect(!FileManager.default.fileExists(atPath: "/dev/.null.partial"))
    let device = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    expect(device[.type] as? FileAttributeType, equals: .typeCharacterSpecial)
  }

  /// A first run in a fresh checkout makes the folder of its results, and then its report may go there too.
  @Test func aReportMayStandInTheFolderThatTheResultsMake() throws {
    let run = ["run", scenario, "-q", "-o", folder.path("new/deep/a")]
    let outcome = try Program.run(run + ["--junit", folder.path("new/out.xml")])
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path("new/out.xml")))
    try expect(Program.run(run + ["--junit", folder.path("other/out.xml")]).status, equals: 73)
    try expect(
      Program.run(["run", scenario, "-q", "-o", folder.path("b"), "--junit", folder.path("b")]).status, equals: 73)
    #expect(!FileManager.default.fileExists(atPath: folder.path("b")))
  }

  @Test func anOutputHasAName() throws {
    try run("a")
    for command in [
      ["run", scenario], ["sweep", scenario] + Self.sweep, ["tune", scenario], ["race", scenario],
      ["merge", folder.path("a")], ["plot", folder.path("a")], ["report", folder.path("a")], ["log", scenario],
      ["compare", folder.path("a"), "--run"],
    ] {
      let outcome = try Program.run(command + ["-o", ""])
      expect(outcome.status, equals: 64, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("--output '': names no "), "\(outcome.errors)")
    }
    for option in ["--sqlite", "--parquet"] {
      try expect(Program.run("export", folder.path("a"), option, "").status, equals: 64)
    }
  }

  /// Else the next command for that path would take finished results for what a dead process left.
  @Test(arguments: [".b.partial", ".b.previous"])
  func theNamesOfUnfinishedResultsAreTaken(name: String) throws {
    let outcome = try Program.run("run", scenario, "-q", "-o", folder.path(name))
    expect(outcome.status, equals: 64)
    #expect(outcome.errors.contains("hidden names that end in .partial or .previous"), "\(outcome.errors)")
    try expect(Program.run("run", scenario, "-q", "-o", folder.path("b.partial")).status, equals: 0)
    try run(".b")
    try run("b")
    try expect(
      FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(),
      equals: [".b", "b", "b.partial", "lab.yaml"])
  }

  @Test(arguments: ["1/1000000", "0/4", "5/4", "x"])
  func whatIsNoShareIsSaidWithTheMostThatThereAre(share: String) throws {
    let outcome = try Program.run("run", scenario, "-q", "-o", folder.path("a"), "--shard", share)
    expect(outcome.status, equals: 64)
    #expect(
      outcome.errors.contains(
        "'\(share)' is no share; the third of sixteen is written 3/16, and there are at most 100000"),
      "\(outcome.errors)")
  }
}
