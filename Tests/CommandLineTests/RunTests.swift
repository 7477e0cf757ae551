import Foundation
import TestSupport
import Testing

@Suite struct RunTests {
  /// Few replications of a small image, so that a debug build is done soon.
  static let small = ["--replications", "3", "--set", "file.size=300 KiB", "--quiet"]

  @Test(arguments: Program.scenarios)
  func everyShippedScenarioWritesTheSameBytesForAnyNumberOfJobsAndBothDeliveries(scenario: String) throws {
    let folder = try TemporaryFolder()
    let ways: [(String, [String])] = [
      ("one", ["--jobs", "1"]), ("two", ["--jobs", "2"]), ("five", ["--jobs", "5", "--packet-by-packet"]),
    ]
    for (name, arguments) in ways {
      let outcome = try Program.run(
        ["run", "Scenarios/\(scenario)", "-o", folder.path(name), "--timeline", "2 s"] + Self.small + arguments)
      expect(outcome.status, equals: 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    let files = try folder.files(in: "one")
    let text = try String(
      contentsOf: Program.package.appendingPathComponent("Scenarios/\(scenario)"), encoding: .utf8)
    let ofSegments: Set = text.contains("\nsegments:") ? ["segments.csv", "segments_timeline.csv"] : []
    expect(
      Set(files.keys),
      equals: ofSegments.union([
        "runs.csv", "devices.csv", "sessions.csv", "gaps.csv", "summary.csv", "timeline.csv", "cohorts.csv",
        "cohorts-summary.csv", "manifest.json",
      ]))
    try expect(folder.files(in: "two"), equals: files)
    try expect(folder.files(in: "five"), equals: files)
  }

  @Test func aReplicationIsTheSameInABatchOfAnyLength() throws {
    let folder = try TemporaryFolder()
    for replications in ["2", "4"] {
      let outcome = try Program.run(
        "run", "Scenarios/heterogeneous-devices.yaml", "-o", folder.path(replications), "--set", "file.size=300 KiB",
        "--replications", replications, "--quiet")
      expect(outcome.status, equals: 0)
    }
    let short = try #require(try folder.files(in: "2")["devices.csv"])
    let long = try #require(try folder.files(in: "4")["devices.csv"])
    #expect(long.starts(with: short))
    #expect(long.count > short.count)
  }

  @Test func anotherSeedGivesOtherResults() throws {
    let folder = try TemporaryFolder()
    for seed in ["1", "2"] {
      let outcome = try Program.run(
        ["run", "Scenarios/lock-step.yaml", "-o", folder.path(seed), "--seed", seed, "--set", "cohorts[0].count=20"]
          + Self.small)
      expect(outcome.status, equals: 0)
    }
    #expect(try folder.files(in: "1")["devices.csv"] != folder.files(in: "2")["devices.csv"])
  }

  @Test func aLimitEndsAnEndlessRunIsMarkedAndMakesTheExitCodeNonZero() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["run", "Scenarios/lock-step.yaml", "-o", folder.path("limited"), "--set", "limits.time=1 ms"] + Self.small)
    expect(outcome.status, equals: 75)
    #expect(outcome.errors.contains("limit"))
    let runs = String(decoding: try #require(try folder.files(in: "limited")["runs.csv"]), as: UTF8.self)
    #expect(runs.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",time_limit,0,") })
  }

  @Test func theSummaryIsForPeopleOrAsJSON() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "run", "Scenarios/trace-driven.yaml", "-o", folder.path("out"),
    ]
    let text = try Program.run(arguments)
    expect(text.status, equals: 0)
    #expect(text.output.contains("promoted to smart"))
    #expect(text.errors.isEmpty, "no progress bar in a pipe")
    let json = try Program.run(arguments + ["--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    expect(object?["scenario"] as? String, equals: "trace-driven")
  }
}
