import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import PromotionRun
@testable import Runs
@testable import Results
@testable import Scenarios
@testable import gapsim

@Suite struct CommandTests {
  @Test func initWritesAScenarioThatValidatesAndRunsAndItsSchemaBesideIt() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("my-lab.yaml")
    try expect(Program.run("init", file).status, equals: 0)
    let again = try Program.run("init", file)
    expect(again.status, equals: 73)
    #expect(again.errors.contains("--force"))
    try expect(Program.run("validate", file).status, equals: 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("gapsim.schema.json")))
    let run = try Program.run(
      "run", file, "-o", folder.path("out"), "--set", "file.size=200 KiB", "--replications", "2", "--quiet")
    expect(run.status, equals: 0, "\(run.errors)")
  }

  /// Results of one would take the place of the other's.
  @Test func scenariosThatInitWritesAreCalledAsTheirFiles() throws {
    let folder = try TemporaryFolder()
    for name in ["first", "second"] {
      try expect(Program.run("init", folder.path("\(name).yaml")).status, equals: 0)
      try expect(Scenario.load(path: folder.path("\(name).yaml")).scenario.name, equals: name)
    }
  }

  @Test(arguments: Program.scenarios)
  func everyShippedScenarioIsCheckedByEditorsAndHasNothingToWarnOf(scenario: String) throws {
    let text = try String(
      contentsOf: Program.package.appendingPathComponent("Scenarios/\(scenario)"), encoding: .utf8)
    #expect(text.hasPrefix("# yaml-language-server: $schema=gapsim.schema.json\n"))
    let outcome = try Program.run("validate", "Scenarios/\(scenario)")
    expect(outcome.status, equals: 0)
    // Two of them show what happens where a window does not fit, and one what a burst does to a device that asks for a block
    // at a time.
    let isWarned = ["fast-ethernet-ports.yaml", "slow-disks.yaml", "congested-lan.yaml"].contains(scenario)
    #expect(outcome.errors.isEmpty != isWarned)
  }

  @Test func validateSaysWhatAScenarioComesTo() throws {
    let outcome = try Program.run("validate", "Scenarios/lab-boot.yaml")
    expect(outcome.status, equals: 0)
    #expect(outcome.output.contains("500 devices"))
    #expect(outcome.output.contains("47\u{202F}185\u{202F}920 bytes"))
  }

  struct Misuse: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    var says: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Misuse(arguments: ["run"], status: 64, says: "<file>"),
    Misuse(arguments: ["run", "Scenarios/lab-boot.yaml", "--jobs", "0"], status: 64, says: "--jobs"),
    Misuse(arguments: ["frobnicate"], status: 64, says: "frobnicate"),
    Misuse(arguments: ["run", "no-such-file.yaml"], status: 66, says: "does not exist"),
    Misuse(arguments: ["validate", "README.md"], status: 65, says: "README.md:"),
    Misuse(
      arguments: ["run", "Scenarios/lab-boot.yaml", "--set", "protocol.promotion.treshold=1 KiB"], status: 65,
      says: "did you mean 'threshold'"),
    Misuse(
      arguments: ["run", "Scenarios/trace-driven.yaml", "--quiet", "-o", "Scenarios"], status: 73, says: "left as it is"
    ),
    Misuse(
      arguments: ["run", "Scenarios/trace-driven.yaml", "--quiet", "-o", "/proc/no/such/place"], status: 73,
      says: "/proc"),
    Misuse(
      arguments: ["run", "Scenarios/trace-driven.yaml", "--quiet", "-o", String(repeating: "x", count: 300)],
      status: 73, says: "cannot create"),
    Misuse(arguments: ["run", "Scenarios/trace-driven.yaml", "-o", ""], status: 64, says: "no directory"),
    Misuse(arguments: ["init", "no/such/folder/lab.yaml"], status: 73, says: "there is no folder"),
    Misuse(
      arguments: ["schema", "--keys", "protocol.promotion.treshold"], status: 64,
      says: "did you mean 'protocol.promotion.threshold'"),
  ])
  func misuseIsSaidAndHasAnExitCodeOfItsOwn(misuse: Misuse) throws {
    let outcome = try Program.run(misuse.arguments)
    expect(outcome.status, equals: misuse.status)
    #expect(outcome.errors.contains(misuse.says), "\(outcome.errors)")
  }

  @Test func whatInitSaysToDoNextCanBePastedIntoAShell() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("it's mine.yaml")
    let outcome = try Program.run("init", file)
    #expect(outcome.output.contains("gapsim run '\(folder.path("it'\\''s mine.yaml"))'"))
  }

  @Test func aBrokenInvariantEndsTheProgramWithACodeOfItsOwn() {
    let breach = InvariantBreach(invariant: "two active devices", seed: 42, replication: 7, event: 1234)
    expect(Failure.code(saying: BreachReport(scenario: "lab", breach: breach, arguments: [])).rawValue, equals: 70)
  }

  @Test(
    arguments: [
      "init", "validate", "run", "sweep", "tune", "plot", "report", "compare", "diff", "log", "schema", "columns",
    ])
  func everyCommandHasHelpWithAnExample(command: String) throws {
    let outcome = try Program.run(command, "--help")
    expect(outcome.status, equals: 0)
    #expect(outcome.output.contains("gapsim \(command)"))
    #expect(outcome.output.contains("Example"))
  }
}
