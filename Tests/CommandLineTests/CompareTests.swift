import Foundation
import TestSupport
import Testing

@Suite struct CompareTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String, _ settings: String...) throws {
    let outcome = try Program.run(
      ["run", "Scenarios/late-joiners.yaml", "-o", folder.path(name), "--quiet", "--replications", "6"]
        + (["file.size=100 KiB"] + settings).flatMap { ["--set", $0] })
    expect(outcome.status, equals: 0, "\(outcome.errors)")
  }

  @Test func exitCodesTellRegressedFromSameAndFromIncomparable() throws {
    try run("a")
    try run("b")
    try run("worse", "cohorts[0].latency=30 ms")
    let (a, b, worse) = (folder.path("a"), folder.path("b"), folder.path("worse"))
    try expect(Program.run("compare", a, b).status, equals: 0)
    try expect(Program.run("compare", a, b, "--exact").status, equals: 0)
    let regressed = try Program.run(
      "compare", a, worse, "--junit", folder.path("report.xml"), "--markdown", folder.path("report.md"))
    expect(regressed.status, equals: 1)
    #expect(regressed.output.contains("regressed"))
    #expect(regressed.output.contains("gapsim diff \(a) \(worse) --replication 1"))
    #expect(try String(contentsOfFile: folder.path("report.xml"), encoding: .utf8).contains("<failure"))
    #expect(try String(contentsOfFile: folder.path("report.md"), encoding: .utf8).contains("**regressed**"))
    try expect(Program.run("compare", worse, a, "--max-regress", "makespan_s=50%").status, equals: 0)
    try expect(Program.run("compare", worse, a, "--exact").status, equals: 1)
    try expect(Program.run("compare", a, worse, "--max-regress", "all=1000000%").status, equals: 0)
    let missing = try Program.run("compare", a, folder.path("missing"))
    expect(missing.status, equals: 66)
    expect(missing.errors, equals: "error: \(folder.path("missing")): the directory does not exist\n")
    let none = try Program.run("compare", folder.path("missing"), a)
    expect(none.status, equals: 66)
    expect(none.errors, equals: missing.errors)
    try expect(Program.run("compare", a).status, equals: 64)
    try expect(Program.run("compare", a, b, "--max-regress", "makespam_s=1%").status, equals: 64)
  }

  /// Nothing of a comparison that is interrupted stays among the temporary files.
  @Test(arguments: [SIGTERM, SIGKILL]) func anInterruptedComparisonLeavesNothing(signal: Int32) throws {
    try run("a", "cohorts[0].count=300")
    let temporary = folder.path("tmp")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: temporary) }
    let process = Program.process(["compare", folder.path("a"), "--run", "-q", "--jobs", "1"])
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary]) { $1 }
    try process.run()
    var scratch: String? { (try? left())?.first.map { "\(temporary)/\($0)" } }
    while process.isRunning, scratch.map({ FileManager.default.fileExists(atPath: "\($0)/a.journal") }) != true {
      usleep(2000)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    guard process.terminationReason == .uncaughtSignal else { return }
    expect(process.terminationStatus, equals: signal)
    try expect(left().count, equals: signal == SIGKILL ? 1 : 0)
    let next = try Program.run(
      ["compare", folder.path("a"), "--run", "-q"], environment: ["TMPDIR": temporary])
    expect(next.status, equals: 0, "\(next.errors)")
    try expect(left(), equals: [])
  }

  @Test func aPipeIsReadOnceForBothSides() throws {
    let text = "{file: {size: 100 KiB}, cohorts: [{count: 3}]}"
    let other = try Program.run("diff", "-", "--set-b", "file.size=90 KiB", input: text)
    #expect(other.status == 1 && other.errors.isEmpty, "\(other.errors)")
    #expect(other.output.contains("file.size  A: 100 KiB  B: 90 KiB"), "\(other.output)")
    let same = try Program.run("diff", "-", "-", "--set-b", "description=again", input: text)
    #expect(same.status == 0 && same.errors.isEmpty, "\(same.errors)")
  }

  /// What was changed after it was written is no result: neither side of a comparison, nor a baseline.
  @Test func changedResultsAreNotCompared() throws {
    for name in ["a", "b"] { try run(name) }
    let sessions = URL(fileURLWithPath: folder.path("b/sessions.csv"))
    try String(contentsOf: sessions, encoding: .utf8).replacing("complete", with: "com\u{1B}[31mplete")
      .write(to: sessions, atomically: true, encoding: .utf8)
    let says = "error: \(sessions.path): it was changed after it was written"
    for arguments in [
      ["compare", folder.path("a"), folder.path("b")], ["compare", folder.path("b"), folder.path("a"), "--exact"],
      ["compare", folder.path("b"), "--run"], ["compare", folder.path("a"), folder.path("b"), "--accept"],
      ["diff", folder.path("a"), folder.path("b")], ["log", folder.path("b")], ["report", folder.path("b")],
    ] {
      let outcome = try Program.run(arguments)
      #expect(outcome.status == 65 && outcome.errors.hasPrefix(says), "\(arguments): \(outcome.errors)")
    }
    let manifest = URL(fileURLWithPath: folder.path("a/manifest.json"))
    try String(contentsOf: manifest, encoding: .utf8).replacing(
      "\"format_version\" : 2", with: "\"format_version\" : 7"
    )
    .write(to: manifest, atomically: true, encoding: .utf8)
    let outcome = try Program.run("diff", folder.path("a"), folder.path("a"))
    #expect(outcome.status == 65 && outcome.errors.contains("format version 7"), "\(outcome.errors)")
  }

  @Test func otherWorldsAreRefusedAndWhatIsInconclusiveFailsIfThatIsAsked() throws {
    try run("a")
    try run("small", "cohorts[1].count=3")
    try run("lossy", "cohorts[0].loss.bernoulli=0.2 %")
    let (a, small, lossy) = (folder.path("a"), folder.path("small"), folder.path("lossy"))
    let refused = try Program.run("compare", a, small)
    expect(refused.status, equals: 2)
    #expect(
      refused.output.contains("the scenarios are not of one world: the number of devices (60 in BASE, 33 in NEW)"))
    #expect(try Program.run("compare", a, small, "--across").output.contains("makespan_s"))
    try expect(Program.run("compare", a, small, "--exact").status, equals: 1)
    // A tenth of a percent of the bytes is seen by who asks for it first, and not among thirty metrics.
    try expect(Program.run("compare", a, lossy).status, equals: 0)
    let primary = try Program.run("compare", a, lossy, "--primary", "makespan_s,server_bytes")
    expect(primary.status, equals: 1, "\(primary.output)")
    #expect(primary.output.contains("6 replications can show a change of "))
    #expect(primary.output.contains("could show"))
    // Independent runs of so few replications leave five percent of the bytes open.
    try run("other", "seed=2")
    func status(_ policy: String...) throws -> Program.Outcome {
      try Program.run(["compare", a, folder.path("other"), "--primary", "server_bytes"] + policy)
    }
    try expect(status().status, equals: 0)
    let open = try status("--inconclusive", "fail")
    expect(open.status, equals: 2, "\(open.output)")
    #expect(open.output.hasSuffix("\ninconclusive\n"))
    try expect(status("--inconclusive", "pass").status, equals: 0)
    for wrong in [
      ["--primary", "makespam_s"], ["--inconclusive", "perhaps"], ["--primary", "makespan_s", "--exact"],
      ["--primary", "makespan_s", "--max-regress", "all=1%"],
    ] { try expect(Program.run(["compare", a, lossy] + wrong).status, equals: 64, "\(wrong)") }
  }

  @Test func expectationsStandInJSONAndInJUnit() throws {
    let arguments = [
      "run", "Scenarios/late-joiners.yaml", "-o", folder.path("out"), "--set", "file.size=100 KiB", "--replications",
      "2", "--json", "--junit", folder.path("out.xml"), "--set",
      "expect=[failed_devices of late == 0, {that: completion_p95_s of on-time < 1 ms, in: mean}]",
    ]
    let outcome = try Program.run(arguments)
    expect(outcome.status, equals: 1)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let expect = try #require(object?["expect"] as? [String: Any])
    #expect(expect["met"] as? Bool == false)
    let conditions = try #require(expect["conditions"] as? [[String: Any]])
    #expect(conditions.map { $0["met"] as? Bool } == [true, false])
    #expect(conditions.map { $0["condition"] as? String }[0] == "failed_devices of late == 0")
    let xml = try String(contentsOfFile: folder.path("out.xml"), encoding: .utf8)
    #expect(xml.contains("<testsuites name=\"gapsim expect\" tests=\"3\" failures=\"1\" errors=\"0\">"))
    #expect(xml.contains("completion_p95_s of on-time &lt; 1 ms (in the mean)"))
    let unknown = try Program.run(arguments + ["--set", "expect=[failed_devices of lat == 0]"])
    #expect(unknown.status == 65)
    #expect(
      unknown.errors.contains("'lat' is no cohort; cohorts: on-time, late; did you mean 'late'?"), "\(unknown.errors)")
    #expect(try Program.run(arguments + ["--junit", folder.path("none/out.xml")]).status == 73)
  }

  @Test func aBaselineIsRunAgainAndADeliberateChangeIsAccepted() throws {
    try run("a")
    try run("changed", "protocol.promotion.threshold=64 KiB")
    let baseline = folder.path("baselines/late")
    try expect(Program.run("compare", baseline, folder.path("a"), "--accept").status, equals: 0)
    try expect(Program.run("compare", folder.path("baselines"), "--run", "--exact").status, equals: 0)
    try expect(Program.run("compare", baseline, folder.path("changed"), "--exact").status, equals: 1)
    let accepted = try Program.run("compare", baseline, folder.path("changed"), "--exact", "--accept")
    expect(accepted.status, equals: 0)
    #expect(accepted.output.contains("accepted: \(baseline)"))
    try expect(Program.run("compare", baseline, folder.path("changed"), "--exact").status, equals: 0)
  }

  @Test func diffShowsTheFirstEventAndItsExitCodeTells() throws {
    let small = ["--set", "file.size=100 KiB"]
    let same = try Program.run(["diff", "Scenarios/late-joiners.yaml", "Scenarios/late-joiners.yaml"] + small)
    expect(same.status, equals: 0)
    let parted = try Program.run(
      ["diff", "Scenarios/late-joiners.yaml", "--set-b", "protocol.promotion.threshold=1 KiB"] + small)
    expect(parted.status, equals: 1)
    #expect(parted.output.contains("is the first at which they part"))
    let log = folder.path("a.log")
    try expect(Program.run(["log", "Scenarios/late-joiners.yaml", "-o", log] + small).status, equals: 0)
    try expect(
      Program.run(["diff", log, "Scenarios/late-joiners.yaml"] + ["--set-b", "file.size=100 KiB"]).status, equals: 0)
    try expect(Program.run("diff", log, folder.path("missing")).status, equals: 2)
    try expect(Program.run("diff", log).status, equals: 64)
    try expect(Program.run("log", folder.path("missing")).status, equals: 66)
  }

  @Test func aRunThatIsNotAsExpectedSaysWhyAndHasExitCode1() throws {
    let arguments = [
      "run", "Scenarios/late-joiners.yaml", "-o", folder.path("out"), "--set", "file.size=100 KiB", "--replications",
      "2",
    ]
    let met = try Program.run(arguments + ["--set", "expect=[failed_devices == 0, makespan_s < 1 h]"])
    expect(met.status, equals: 0)
    #expect(met.output.contains("expect: 2 conditions met"))
    let failed = try Program.run(arguments + ["--quiet", "--set", "expect=[failed_devices == 0, makespan_s < 1 ms]"])
    expect(failed.status, equals: 1)
    #expect(failed.output.isEmpty)
    #expect(failed.errors.contains("makespan_s < 1 ms (in every replication)\n    replication 1: "))
    #expect(FileManager.default.fileExists(atPath: folder.path("out/runs.csv")))
    let wrong = try Program.run(arguments + ["--set", "expect=[makespam_s < 1 ms]"])
    expect(wrong.status, equals: 65)
    #expect(wrong.errors.contains("did you mean 'makespan_s'?"))
  }

  /// Baselines are of the scenarios as they are shipped, but for the number of replications.
  @Test(arguments: Program.scenarios)
  func everyShippedScenarioHasABaselineThatIsUpToDate(scenario: String) throws {
    let name = scenario.dropLast(".yaml".count)
    let manifest = Program.package.appendingPathComponent("Results/baselines/\(name)/manifest.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: manifest)) as? [String: Any]
    let text = try #require(object?["scenario"] as? String)
    let replications = try #require(text.firstMatch(of: #/replications: ([0-9]+)/#)?.output.1)
    let outcome = try Program.run(
      "diff", "Scenarios/\(scenario)", manifest.deletingLastPathComponent().path, "--set-a",
      "replications=\(replications)", "--set", "limits.events=1")
    #expect(outcome.output.contains("the settings are the same"))
  }
}
