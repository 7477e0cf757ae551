import Network
import PromotionEngine
import Runs
import TestSupport
import Testing

@testable import Fixtures
@testable import Scenarios

/// Who speaks of promotion: `server.promotion` and `cohorts[].promotion` (R14).
@Suite struct PromotionKeysTests {
  private static let text = """
    file: {size: 1 MiB}
    protocol: {promotion: {threshold: 64 KiB}}
    cohorts:
      - {name: old, promotion: off}
      - {name: new, promotion: on}
      - {name: others}
    """

  private func parse(_ overrides: String..., more: String = "") throws -> (
    scenario: Scenario, warnings: [ScenarioDiagnostic]
  ) {
    try Scenario.parse(text: Self.text + more, file: "mixed.yaml", overrides: overrides)
  }

  @Test func theyAreRead() throws {
    let (scenario, warnings) = try parse()
    #expect(warnings.isEmpty)
    expect(scenario.network.cohorts.map(\.isPlain), equals: [true, false, false])
    #expect(scenario.network.parameters.speaksPromotion)
    #expect(try !parse("server.promotion=off").scenario.network.parameters.speaksPromotion)
    #expect(try parse("cohorts[others].promotion=off").scenario.network.cohorts[2].isPlain)
  }

  /// What rewrites a scenario by YAML 1.1 makes booleans of the words, and the schema takes them.
  @Test(arguments: ["server.promotion", "cohorts[new].promotion"]) func booleansMeanTheSame(key: String) throws {
    for (boolean, word) in [("true", "on"), ("false", "off")] {
      try expect(parse("\(key)=\(boolean)").scenario, equals: parse("\(key)=\(word)").scenario)
    }
  }

  /// What is as ever is not written, so that older manifests and digests stay what they were.
  @Test func theyAreWrittenWhereTheyAreOff() throws {
    let yaml = try parse("server.promotion=off").scenario.canonicalYAML()
    expect(yaml.split(separator: "\n").count { $0.hasSuffix("promotion: \"off\"") }, equals: 2)
    #expect(!yaml.contains("promotion: \"on"))
    let again = try Scenario.parse(text: yaml, file: "again.yaml").scenario
    try expect(again, equals: parse("server.promotion=off").scenario)
    #expect(
      try !Scenario.parse(text: scenarioText(), file: "lab.yaml").scenario.canonicalYAML().contains("promotion: \"o"))
  }

  @Test(arguments: ["server.promotion: [on, off]", "'cohorts[new].promotion': [on, off]"])
  func aSweepVariesThem(key: String) throws {
    let scenario = try parse(more: "\nsweep: {vary: {\(key)}}\n").scenario
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "again.yaml").scenario, equals: scenario)
  }

  /// One scenario serves all strategies: where one has no use for a key, nothing is said.
  @Test(arguments: StrategyName.allCases) func aStrategyThatPromotesNobodyIsNoReasonToWarn(strategy: StrategyName)
    throws
  {
    #expect(try parse("protocol.strategy=\(strategy.rawValue)").warnings.isEmpty)
  }
}
