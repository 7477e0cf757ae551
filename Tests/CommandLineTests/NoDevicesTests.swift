import Foundation
import TestSupport
import Testing

/// Results without `devices.csv`: everything else is there, and whoever wants the devices hears why they are not.
@Suite struct NoDevicesTests {
  private static let scenario = ["Scenarios/late-joiners.yaml", "--set", "file.size=200 KiB", "--replications", "2"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, more) in [("with", []), ("without", ["--no-devices"])] {
      let outcome = try Program.run(["run"] + Self.scenario + ["--quiet", "-o", folder.path(name)] + more)
      expect(outcome.status, equals: 0, "\(outcome.errors)")
    }
  }

  private func manifest(of name: String) throws -> [String: Any] {
    let json = try #require(try folder.files(in: name)["manifest.json"])
    return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  @Test func theOtherFilesAreTheSameAndTheManifestListsThem() throws {
    var with = try folder.files(in: "with")
    var without = try folder.files(in: "without")
    for name in ["devices.csv", "manifest.json"] { with[name] = nil }
    without["manifest.json"] = nil
    expect(without, equals: with)
    let listed = try #require(try manifest(of: "without")["files"] as? [[String: Any]])
    expect(listed.compactMap { $0["name"] as? String }.sorted(), equals: Set(with.keys).sorted())
    try expect(manifest(of: "without")["scenario"] as? String, equals: manifest(of: "with")["scenario"] as? String)
  }

  @Test func picturesThatShowDevicesAreLeftOutAndItIsSaidWhy() throws {
    let notes = """
      note: Completion over time: left out: the run left out devices.csv (--no-devices)
      note: Total gaps against the threshold: left out: the run left out devices.csv (--no-devices)

      """
    let plot = try Program.run("plot", folder.path("without"))
    expect(plot.status, equals: 0)
    expect(plot.errors, equals: notes)
    let pictures = "roles, gap-sizes, missing-blocks, uplink"
    expect(plot.output, equals: "\(folder.path("without")).plots: \(pictures), each as SVG, PNG and PDF\n")
    let report = try Program.run("report", folder.path("without"))
    expect(report.status, equals: 0)
    #expect(try String(contentsOfFile: folder.path("without.html"), encoding: .utf8).contains("(--no-devices)"))
  }

  @Test func comparingFindsNothingWorseButTheFileMissing() throws {
    let compared = try Program.run("compare", folder.path("with"), folder.path("without"))
    expect(compared.status, equals: 0)
    #expect(compared.output.contains("devices.csv is not in NEW"))
    try expect(Program.run("compare", folder.path("with"), folder.path("without"), "--exact").status, equals: 1)
    let diff = try Program.run("diff", folder.path("with"), folder.path("without"))
    expect(diff.status, equals: 0, "\(diff.errors)")
  }

  @Test func aBaselineWithoutDevicesIsRunAgainWithoutThem() throws {
    let again = try Program.run(
      "compare", folder.path("without"), "--run", "--exact", "-o", folder.path("again"))
    expect(again.status, equals: 0, "\(again.output)\(again.errors)")
    try expect(folder.files(in: "again"), equals: folder.files(in: "without"))
    #expect(again.output.contains("results in \(folder.path("again"))\n"))
  }

  @Test func aSweepLeavesThemOutTooAndGoesOnOnlyWithTheSameFiles() throws {
    func sweep(_ name: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(SweepTests.arguments + ["--quiet", "-o", folder.path(name)] + more)
    }
    try expect(sweep("swept", "--replications", "2", "--no-devices").status, equals: 0)
    #expect(try folder.files(in: "swept")["devices.csv"] == nil)
    let other = try sweep("swept", "--replications", "3", "--resume")
    expect(other.status, equals: 73)
    #expect(other.errors.contains("'devices.csv: left out' there, 'devices.csv: written' now"), "\(other.errors)")
    try expect(sweep("swept", "--replications", "3", "--resume", "--no-devices").status, equals: 0)
    try expect(sweep("whole", "--replications", "3", "--no-devices", "--jobs", "1").status, equals: 0)
    try expect(folder.files(in: "swept"), equals: folder.files(in: "whole"))
  }

  @Test(arguments: ["run", "sweep"])
  func theOptionIsInTheHelpAndInTheCompletions(command: String) throws {
    #expect(try Program.run(command, "--help").output.contains("--no-devices"))
    #expect(try Program.run("--generate-completion-script", "bash").output.contains("--no-devices"))
  }
}
