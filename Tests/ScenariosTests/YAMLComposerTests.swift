import TestSupport
import Testing

@testable import Scenarios

/// What YAML has and scenarios have not is refused where it stands, before anything is made of it.
@Suite struct YAMLComposerTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    var text: String
    var line: Int
    var column: Int
    var says: String
    var testDescription: String { "\(text.prefix(40))" }
  }

  @Test(arguments: [
    Refusal(text: "seed: &a 1\n", line: 1, column: 7, says: "'&a'"),
    Refusal(text: "seed: 1\n? &k name\n: x\n", line: 2, column: 3, says: "'&k'"),
    Refusal(text: "file: {size: &-0 1 MiB}\n", line: 1, column: 14, says: "'&-0'"),
    Refusal(text: "cohorts:\n  - *desk\n", line: 2, column: 5, says: "'*desk'"),
    Refusal(text: "name: x\n? *-1\n: 1\n", line: 2, column: 3, says: "'*-1'"),
    Refusal(text: "a: [1, *-]\n", line: 1, column: 8, says: "'*-'"),
    Refusal(text: "name: !env HOME\n", line: 1, column: 7, says: "tags ('!env')"),
    Refusal(text: "seed: 1\nreplications: !!float 3\n", line: 2, column: 15, says: "tags ('!!float')"),
    Refusal(text: "cohorts: !lab [{count: 1}]\n", line: 1, column: 10, says: "tags ('!lab')"),
    Refusal(text: "file: !!map {size: 1 MiB}\n", line: 1, column: 7, says: "tags ('!!map')"),
    Refusal(text: "!k name: x\n", line: 1, column: 1, says: "tags ('!k')"),
    Refusal(text: "name: ! x\n", line: 1, column: 7, says: "tags ('!')"),
    Refusal(text: "cohorts:\n  - {<<: {a: 1}}\n", line: 2, column: 6, says: "merge keys"),
    Refusal(text: "a: 1\nb: 2\na: 3\n", line: 3, column: 1, says: "'a' is already given on line 1"),
    Refusal(text: "{seed: 1, seed: 2}\n", line: 1, column: 11, says: "'seed' is already given on line 1"),
    Refusal(text: "loss: {bernoulli: 0,01}\n", line: 1, column: 19, says: "like '0.01'"),
    Refusal(text: "{runs: {good: 1,5 %, lost: 1}}\n", line: 1, column: 15, says: "like '1.5 %'"),
    Refusal(text: "[a]: 1\n", line: 1, column: 1, says: "plain word"),
  ])
  func whatScenariosDoNotHaveIsRefusedWhereItStands(refusal: Refusal) throws {
    let error = try #require(throws: ScenarioDiagnostic.self) {
      try YAMLSource(file: "a.yaml", text: refusal.text).root()
    }
    #expect((error.line, error.column) == (refusal.line, refusal.column), "\(error)")
    #expect(error.message.contains(refusal.says), "\(error)")
  }

  /// Each level stands for ten times the nodes of the one before; the names are none that a search for letters would find.
  @Test(arguments: ["-", "_", "-_", "0"])
  func aliasesThatStandForMoreThanMemoryHoldsAreRefusedAtTheFirstAnchor(name: String) throws {
    var text = "# a comment\nk: &\(name)0 [1]\n"
    for level in 1...30 {
      let aliases = Array(repeating: "*\(name)\(level - 1)", count: 10).joined(separator: ",")
      text += "k\(level): &\(name)\(level) [\(aliases)]\n"
    }
    text += "? *\(name)30\n: 1\n"
    let error = try #require(throws: ScenarioDiagnostic.self) { try YAMLSource(file: "a", text: text).root() }
    #expect((error.line, error.column) == (2, 4))
  }

  @Test func whatIsOnlyLikeAnAnchorOrATagIsText() throws {
    let text = "a: 'x *y &z !t'\nb: \"*all\"\nc: 2 * 3 & 4 ! 5\nd: [0, 01]\ne: {f: 0, 'g': ~}\n"
    let root = try #require(try YAMLSource(file: "a", text: text).root())
    let entries = try #require(root.entries)
    expect(entries.map(\.value.scalar), equals: ["x *y &z !t", "*all", "2 * 3 & 4 ! 5", nil, nil])
  }

  @Test func jsonIsRead() throws {
    let text =
      #"{"file": {"size": "1 MiB"}, "seed": 7, "cohorts": [{"name": "desks", "count": 2, "loss": {"bernoulli": 0.01}}]}"#
    let scenario = try Scenario.parse(text: text, file: "lab.json").scenario
    #expect((scenario.seed, scenario.devices, scenario.name) == (7, 2, "lab"))
  }

  @Test func valuesBeyondReasonAreRefused() throws {
    let text = "[" + String(repeating: "1,", count: YAMLSource.mostNodes) + "1]"
    let error = try #require(throws: ScenarioDiagnostic.self) { try YAMLSource(file: "a", text: text).root() }
    #expect(error.message.contains("4_000_000 values"))
  }
}

@Suite struct CappedMessagesTests {
  private func refusal(_ text: String) throws -> ScenarioError {
    try #require(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "a.yaml") }
  }

  @Test func tenThousandUnknownKeysAreTwentyMessagesAndACount() throws {
    let error = try refusal((1...10_000).map { "k\($0): 1\n" }.joined())
    expect(error.diagnostics.count, equals: 20)
    // And file and cohorts are missing.
    #expect(error.description.hasSuffix("\n… and 9982 more"))
    #expect(error.description.utf8.count < 8000)
  }

  @Test func twentyErrorsAreTold() throws {
    let error = try refusal("file: {size: 1 MiB}\ncohorts: [{}]\n" + (1...20).map { "k\($0): 1\n" }.joined())
    expect(error.diagnostics.count, equals: 20)
    #expect(error.description.hasSuffix("\n20 errors"))
  }

  @Test func warningsDoNotHideErrors() throws {
    let cohorts = (1...50).map { "  - {name: '\($0)', loss: {bernoulli: {gaussian: {mean: 0.1, sigma: 0.1}}}}\n" }
      .joined()
    let error = try refusal("file: {size: 1 MiB}\nseed: x\ncohorts:\n\(cohorts)")
    expect(error.diagnostics.count { $0.severity == .error }, equals: 1)
    expect(error.diagnostics.count { $0.severity == .warning }, equals: 20)
  }
}
