import PromotionRun
import Runs
import TestSupport
import Testing
import Timebase

@testable import Fixtures
@testable import Scenarios

@Suite struct ScenarioOverrideTests {
  private let text = scenarioText(
    cohort: "loss: {gilbert_elliott: {p: 1 %, r: 10 %}}\nlatency: {exponential: {mean: 1 ms}}"
  )

  private func network(_ overrides: String...) throws -> SimulationConfiguration {
    try Scenario.parse(text: text, file: "lab.yaml", overrides: overrides).scenario.network
  }

  private func diagnostics(_ overrides: String...) throws -> [String] {
    let error = try #require(throws: ScenarioError.self) {
      try Scenario.parse(text: text, file: "lab.yaml", overrides: overrides)
    }
    return error.diagnostics.map(\.description)
  }

  @Test func valueOfAKeyIsReplaced() throws {
    try expect(network("file.size=2 MiB").file.size, equals: 2 << 20)
    try expect(network("cohorts[0].count = 10").cohorts[0].count, equals: 10)
  }

  @Test func cohortsAreNamedByNumberByNameOrAll() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: wifi a.b, count: 1}, {count: 2}, {name: 0012, count: 3}]\n"
    func counts(_ override: String) throws -> [Int] {
      try Scenario.parse(text: text, file: "lab.yaml", overrides: [override]).scenario.network.cohorts.map(\.count)
    }
    try expect(counts("cohorts[wifi a.b].count=9"), equals: [9, 2, 3])
    try expect(counts("cohorts[cohort-2].count=9"), equals: [1, 9, 3])
    try expect(counts("cohorts[0].count=9"), equals: [9, 2, 3])
    try expect(counts("cohorts[*].count=9"), equals: [9, 9, 9])
    // Digits are a number, whatever a cohort is called.
    #expect(throws: ScenarioError.self) { try counts("cohorts[0012].count=9") }
  }

  @Test func keyThatIsNotInTheFileIsAdded() throws {
    try expect(network("protocol.promotion.threshold=64 KiB").parameters.promotion.threshold, equals: 65_536)
  }

  @Test func lastOverrideOfAKeyWins() throws {
    try expect(network("cohorts[0].count=10", "cohorts[0].count=20").cohorts[0].count, equals: 20)
  }

  @Test func lossModelTakesThePlaceOfAnother() throws {
    try expect(network("cohorts[0].loss.bernoulli=2 %").cohorts[0].downLoss, equals: .bernoulli(p: .constant(0.02)))
    try expect(network("cohorts[0].loss=none").cohorts[0].downLoss, equals: .none)
    try expect(
      network("cohorts[0].upstream_loss.bernoulli.p=2 %").cohorts[0].upLoss, equals: .bernoulli(p: .constant(0.02)))
  }

  @Test func distributionTakesThePlaceOfAnother() throws {
    let network = try network("cohorts[0].latency.uniform={low: 1 ms, high: 2 ms}")
    expect(network.cohorts[0].latency, equals: .drawn(.uniform(low: 0.001, high: 0.002)))
    try expect(
      self.network("cohorts[0].latency.exponential.mean=3 ms").cohorts[0].latency,
      equals: .drawn(.exponential(mean: 0.003)))
  }

  @Test func wholeListCanBeGiven() throws {
    try expect(network("cohorts=[{count: 1}, {count: 2}]").deviceCount, equals: 3)
  }

  @Test func overrideAppliesBeforeContradictionsAreLookedFor() throws {
    #expect(throws: ScenarioError.self) { try network("protocol.timeout=2 s") }
    let longer = try network("protocol.timeout=2 s", "protocol.session_timeout=12 s", "protocol.group_timeout=13 s")
    expect(longer.parameters.timeout, equals: .seconds(2))
  }

  @Test func overrideMendsAFileThatLacksAKey() throws {
    let scenario = try Scenario.parse(text: "cohorts: [{count: 1}]", file: "a", overrides: ["file.size=1 KiB"]).scenario
    expect(scenario.bytes, equals: 1024)
  }

  @Test(arguments: [
    (
      "protocol.promotion.treshold=1 B",
      "--set protocol.promotion.treshold=1 B: error: protocol.promotion.treshold: unknown key; allowed here: threshold, continuity, max_gaps, max_largest_gap, max_chain, max_smart, smart_order, smart_window, smart_listens, report_window; did you mean 'threshold'?"
    ),
    (
      "cohorts[0].count=0",
      "--set cohorts[0].count=0: error: cohorts[0].count: '0' is out of range; allowed: 1 … 16_000_000"
    ),
    ("cohorts[1].count=5", "--set cohorts[1].count=5: error: cohorts[1]: no such element; allowed: 0 … 0"),
    (
      "cohorts.count=5",
      "--set cohorts.count=5: error: cohorts: is a list; name an element by its number, cohorts[0] … cohorts[0], or by its name, or all of them, cohorts[*]"
    ),
    ("seed", "--set seed: error: has no '='; write key.path=value, like protocol.blksize=512 B"),
    ("=5", "--set =5: error: is no path of keys; write it like cohorts[0].count=10"),
    ("a..b=5", "--set a..b=5: error: is no path of keys; write it like cohorts[0].count=10"),
    ("seed=", "--set seed=: error: seed: has no value; give a whole number"),
    ("seed.x=5", "--set seed.x=5: error: seed: found keys ('x' …), expected a whole number"),
    (
      "seed=[1",
      "--set seed=[1: error: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins at line 1)"
    ),
    (
      "seed=*x",
      "--set seed=*x: error: aliases ('*x') are not supported; write the value out where it is used, or quote it if it is text"
    ),
  ])
  func wrongOverrideIsNamed(override: String, message: String) throws {
    let found = try diagnostics(override)
    #expect(found.contains(message), "\(found)")
  }

  @Test func errorsOfSeveralOverridesAreAllReported() throws {
    let errors = try diagnostics("seed=x", "replications=0", "nonsense").filter { $0.contains(": error: ") }
    expect(errors.count, equals: 3)
  }
}
