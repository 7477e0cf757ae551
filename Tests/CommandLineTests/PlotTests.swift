import Foundation
import TestSupport
import Testing

/// `plot` and `report` as a user runs them.
@Suite struct PlotTests {
  private static func results(in folder: TemporaryFolder, _ more: String...) throws -> String {
    let outcome = try Program.run(
      ["run", "Scenarios/late-joiners.yaml", "-o", folder.path("results"), "--set", "file.size=200 KiB"]
        + ["--replications", "2", "--quiet"] + more)
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    return folder.path("results")
  }

  @Test func picturesAndAReportStandBesideTheResultsWhichStayAsTheyAre() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(in: folder)
    let before = try folder.files(in: "results")
    let plot = try Program.run("plot", results)
    #expect(plot.status == 0 && plot.errors.isEmpty, "\(plot.errors)")
    #expect(plot.output.hasPrefix(results + ".plots: completion, roles, total-gap"))
    let report = try Program.run("report", results)
    #expect(report.status == 0 && report.errors.isEmpty, "\(report.errors)")
    expect(report.output, equals: "wrote \(results).html; open it in a browser\n")
    try expect(folder.files(in: "results"), equals: before)
    // The same results may be written again: nothing of the pictures stands among them.
    _ = try Self.results(in: folder)
    try expect(folder.files(in: "results"), equals: before)
  }

  @Test func aRunDrawsItsPicturesIfAsked() throws {
    let folder = try TemporaryFolder()
    _ = try Self.results(in: folder, "--plot")
    #expect(try folder.files(in: "results.plots")["completion.svg"] != nil)
  }

  @Test func whatWasChangedAfterItWasWrittenIsAnErrorThatSaysSo() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(in: folder)
    let file = URL(fileURLWithPath: results + "/devices.csv")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("cohort", with: "group").write(to: file, atomically: true, encoding: .utf8)
    for command in ["plot", "report"] {
      let outcome = try Program.run(command, results)
      expect(outcome.status, equals: 65)
      #expect(outcome.errors.hasPrefix("error: \(results)/devices.csv: it was changed after it was written"))
    }
    #expect(!FileManager.default.fileExists(atPath: results + ".plots"))
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path), equals: ["results"])
  }

  @Test func whereThereIsNoPictureItSaysSo() throws {
    let folder = try TemporaryFolder()
    let results = folder.path("results")
    let run = try Program.run(
      "run", "Scenarios/late-joiners.yaml", "-o", results, "--quiet", "--replications", "1", "--set", "limits.events=1")
    #expect(run.errors.contains("limit"), "\(run.errors)")
    let plot = try Program.run("plot", results)
    expect(plot.status, equals: 0, "\(plot.errors)")
    expect(plot.output, equals: "\(results).plots: no picture; pictures.txt says why of each\n")
    #expect(plot.errors.contains("note: Roles over time: left out: replication 1 was over within a microsecond"))
    #expect(try folder.files(in: "results.plots").keys.sorted() == ["pictures.txt"])
  }

  /// What takes more than a second waits until somebody asks for it.
  @Test func aLongRunIsRunAgainOnlyIfAsked() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(
      in: folder, "--replications", "1", "--no-devices", "--set", "file.size=20 KiB", "--set",
      "cohorts[0].count=100000", "--set", "cohorts[0].loss=none")
    let plot = try Program.run("plot", results)
    expect(plot.status, equals: 0, "\(plot.errors)")
    #expect(plot.errors.contains("note: Missing blocks by device: left out: replication 1 would be run again for it"))
    #expect(plot.errors.contains("with --rerun"))
    let asked = try Program.run("report", results, "--rerun")
    #expect(asked.status == 0 && !asked.errors.contains("--rerun"), "\(asked.errors)")
  }

  /// No name steers a terminal, on either output, and JSON has it by its number.
  @Test func namesAreShownWithoutWhatSteersATerminal() throws {
    let folder = try TemporaryFolder()
    let scenario = URL(fileURLWithPath: folder.path("s.yaml"))
    try "name: s\ndescription: \"a\u{202E}b\"\nfile: {size: 20 KB}\ncohorts: [{count: 2}]\n"
      .write(to: scenario, atomically: true, encoding: .utf8)
    let path = folder.path("red\u{1B}[31m\u{202E}")
    try expect(Program.run("run", scenario.path, "-o", path, "--quiet").status, equals: 0)
    for arguments in [
      ["plot", path], ["report", path], ["report", path + "/none"], ["compare", path, path],
      ["compare", path, path + "x"],
      ["diff", path, path], ["validate", path], ["run", path],
    ] {
      let outcome = try Program.run(arguments)
      let said = outcome.output + outcome.errors
      #expect(!said.isEmpty && !said.contains("\u{1B}") && !said.contains("\u{202E}"), "\(arguments)")
    }
  }

  @Test func aFileInThePlaceOfThePicturesIsLeftAsItIs() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(in: folder)
    try "mine\n".write(toFile: results + ".plots", atomically: true, encoding: .utf8)
    for arguments in [["plot", results], ["plot", results, "-o", results + ".plots"]] {
      let outcome = try Program.run(arguments)
      expect(outcome.status, equals: 73)
      expect(
        outcome.errors, equals: "error: \(results).plots is not a directory; choose another output directory\n")
    }
    try expect(String(contentsOfFile: results + ".plots", encoding: .utf8), equals: "mine\n")
  }

  @Test func aDirectoryThatIsNotThereIsMissingInput() throws {
    let outcome = try Program.run("plot", "/nonexistent/results")
    expect(outcome.status, equals: 66)
    #expect(outcome.errors.contains("does not exist"))
  }

  @Test func withoutGnuplotItSaysHowToGetIt() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(in: folder)
    let outcome = try Program.run("plot", results, environment: ["PATH": "/nonexistent"])
    expect(outcome.status, equals: 69)
    #expect(outcome.errors.contains("sudo apt-get install gnuplot-nox"))
  }
}
