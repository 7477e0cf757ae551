import Foundation
import Testing

/// `plot` and `report` as a user runs them.
@Suite struct PlotTests {
  private static func results(in folder: TemporaryFolder, _ more: String...) throws -> String {
    let outcome = try Program.run(
      ["run", "Scenarios/late-joiners.yaml", "-o", folder.path("results"), "--set", "file.size=200 KiB"]
        + ["--replications", "2", "--quiet"] + more)
    #expect(outcome.status == 0, "\(outcome.errors)")
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
    #expect(report.output == "wrote \(results).html; open it in a browser\n")
    #expect(try folder.files(in: "results") == before)
    // The same results may be written again: nothing of the pictures stands among them.
    _ = try Self.results(in: folder)
    #expect(try folder.files(in: "results") == before)
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
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasPrefix("error: \(results)/devices.csv: it was changed after it was written"))
    }
    #expect(!FileManager.default.fileExists(atPath: results + ".plots"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["results"])
  }

  @Test func aDirectoryThatIsNotThereIsMissingInput() throws {
    let outcome = try Program.run("plot", "/nonexistent/results")
    #expect(outcome.status == 66)
    #expect(outcome.errors.contains("does not exist"))
  }

  @Test func withoutGnuplotItSaysHowToGetIt() throws {
    let folder = try TemporaryFolder()
    let results = try Self.results(in: folder)
    let outcome = try Program.run("plot", results, environment: ["PATH": "/nonexistent"])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("sudo apt-get install gnuplot-nox"))
  }
}
