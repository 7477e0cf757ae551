import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures
@testable import Results
@testable import Scenarios

@Suite struct EventDifferenceTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ overrides: [String] = []) throws -> EventOperand {
    .scenario(try SmallResults.scenario(overrides), title: "small")
  }

  private func log(_ name: String, _ overrides: [String] = [], replication: Int = 1) throws -> EventOperand {
    try EventLog.write(SmallResults.scenario(overrides), replication: replication, toFile: scratch.path(name))
    return try EventOperand(scratch.path(name), overrides: [])
  }

  @Test func aRunDoesNotPartFromItselfNorFromItsLog() throws {
    #expect(try !EventOperand.difference(run(), run(), replication: 2).isFound)
    let logged = try EventOperand.difference(log("a.log", replication: 2), run(), replication: nil)
    #expect(!logged.isFound)
    expect(logged.replication, equals: 2)
    #expect(logged.common > 100)
    #expect(logged.text.contains("do not part"))
    try expect(scratch.names(), equals: ["a.log"])
  }

  @Test func theSameRunGivesTheSameLog() throws {
    _ = try (log("a.log"), log("b.log"))
    try expect(scratch.text("a.log"), equals: scratch.text("b.log"))
    #expect(
      try scratch.text("a.log").hasPrefix("gapsim-log 1\nprogram \(Program.version)\nreplication 1\n| gapsim: 1\n"))
    #expect(try scratch.text("a.log").hasSuffix("\tcomplete\n"))
  }

  /// The threshold counts from the first report that it decides otherwise, not from the OACK that carries it.
  @Test func theFirstDecisionThatDiffersIsNamed() throws {
    let difference = try EventOperand.difference(
      run(["protocol.promotion.threshold=1429 B"]), run(["protocol.promotion.threshold=9999 B"]), replication: 1)
    let (left, right) = (try #require(difference.left.events.first), try #require(difference.right.events.first))
    #expect(left.happening.hasPrefix("gets gap report"))
    expect(left.happening, equals: right.happening)
    expect(left.time, equals: right.time)
    #expect(left.state.hasSuffix("takes it for passive"))
    #expect(right.state.hasSuffix("takes it for smart"))
    expect(difference.settings.map(\.path), equals: ["protocol.promotion.threshold"])
    expect(difference.before.count, equals: 4)
    expect(difference.states.map(\.subject).first, equals: "server")
    expect(difference.states.count, equals: 2)
    #expect(difference.text.contains("the same happens, but leaves server in another state"))
  }

  /// A threshold with one digit more makes an OACK one byte longer, and so later; that is no decision.
  @Test func timesNeedNotCount() throws {
    let (left, right) = (
      try run(["protocol.promotion.threshold=999 B"]), try run(["protocol.promotion.threshold=9999 B"])
    )
    let timed = try EventOperand.difference(left, right, replication: 1)
    #expect(timed.text.contains("the same happens, but at another time"))
    #expect(timed.text.contains("An OACK carries protocol.promotion.threshold in digits"))
    #expect(timed.text.contains("--ignore-times looks past that."))
    let decided = try EventOperand.difference(left, right, replication: 1, times: false)
    #expect(decided.common > timed.common)
    #expect(decided.left.events[0].happening.hasPrefix("gets gap report"))
  }

  /// What parts by a decision, or by a way that takes longer, is no matter of digits.
  @Test(arguments: ["protocol.promotion.threshold=9999 B", "cohorts[0].latency=9 ms"])
  func whatPartsOtherwiseDoesNotNameTheOption(setting: String) throws {
    let base = ["protocol.promotion.threshold=1429 B"]
    let difference = try EventOperand.difference(run(base), run(base + [setting]), replication: 1)
    #expect(difference.isFound)
    #expect(!difference.text.contains("--ignore-times"))
  }

  @Test func aLogOfAnotherVersionPartsWhereItsLineDiffers() throws {
    _ = try log("a.log")
    try scratch.edit("a.log") { text in
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let index = lines.firstIndex { $0.hasPrefix("77\t") }!
      lines[index] = lines[index].replacing("DATA", with: "NOTHING")
      text = lines.joined(separator: "\n")
    }
    let difference = try EventOperand.difference(
      EventOperand(scratch.path("a.log"), overrides: []), run(), replication: nil)
    expect(difference.common, equals: 76)
    #expect(difference.left.events[0].happening.contains("NOTHING"))
    #expect(difference.text.contains("The first 76 events are the same. Event 77 is the first at which they part"))
  }

  @Test func aRunThatIsOverEarlierIsSaidToBe() throws {
    let difference = try EventOperand.difference(run(["limits.time=3 ms"]), run(), replication: 1)
    #expect(difference.left.events.isEmpty)
    expect(difference.left.ended, equals: "time_limit")
    #expect(difference.text.contains("A is over (time_limit), and B goes on."))
  }

  @Test(arguments: [
    ("gapsim-log 9\n", "this program reads 'gapsim-log 1'"), ("gapsim-log 1\nprogram 1\n", "lines 2 and 3"),
    ("gapsim-log 1\nprogram 1\nreplication 1\n| file: {}\n", "cannot be read"),
    (
      "gapsim-log 1\nprogram 1\nreplication 1\n| file: {size: 1 B}\n| cohorts: [{count: 1}]\nnonsense\n",
      "stands 'nonsense', which is no line of a log"
    ),
    (
      "gapsim-log 1\nprogram 1\nreplication 1\n| file: {size: 1 B}\n| cohorts: [{count: 1}]\n"
        + "1\t0.000000000\tdevice 1\tis switched on\tjoining, asked to join\n", "breaks off after event 1"
    ),
  ])
  func brokenLogsAreRefused(text: String, says: String) throws {
    try scratch.write(text, to: "broken.log")
    let error = #expect(throws: ComparisonError.self) {
      try EventOperand.difference(
        EventOperand(scratch.path("broken.log"), overrides: []),
        .scenario(Scenario.parse(text: "{file: {size: 1 B}, cohorts: [{count: 1}]}", file: "x").scenario, title: "x"),
        replication: nil)
    }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test func aDirectoryOfResultsIsRunAgainByItsManifest() throws {
    try SmallResults.write(to: scratch.path("results"), ["seed=5"])
    let results = try EventOperand(scratch.path("results"), overrides: [])
    #expect(try !EventOperand.difference(results, run(["seed=5"]), replication: 3).isFound)
    #expect(try EventOperand.difference(results, run(), replication: 3).isFound)
  }

  /// A replication that some results do not have is run all the same, and not without a word.
  @Test func itIsSaidThatResultsDoNotHaveAReplication() throws {
    try SmallResults.write(to: scratch.path("results"), ["replications=4"])
    let path = scratch.path("results")
    let results = try EventOperand(path, overrides: [])
    #expect(try !EventOperand.difference(results, run(), replication: 4).text.contains("has replications"))
    #expect(
      try EventOperand.difference(results, run(), replication: 5).text
        .contains("A: \(path), run again by this program (it has replications 1 to 4)\n"))
    expect(try EventOperand.scenarioToRun(path, overrides: [], replication: 4).notes, equals: [])
    expect(
      try EventOperand.scenarioToRun(path, overrides: [], replication: 5).notes,
      equals: ["\(path) has replications 1 to 4; 5 is run all the same"])
  }
}
