import Network
import PromotionRun
import RandomStreams
import Testing

@testable import Fixtures
@testable import Scenarios

/// `values`: a list of what was measured in place of a distribution's parameters.
@Suite struct MeasuredValuesTests {
  private func cohort(_ text: String) throws -> Cohort {
    try Scenario.parse(text: scenarioText(cohort: text), file: "a").scenario.network.cohorts[0]
  }

  @Test func listsAreReadInTheMeasureOfTheKey() throws {
    #expect(
      try cohort("latency: {values: [120 us, 130 us, 120 us]}").latency
        == .drawn(.values([0.000_12, 0.000_13, 0.000_12])))
    #expect(
      try cohort("loss: {bernoulli: {values: [0.1 %, 0.02]}}").downLoss
        == .bernoulli(p: .drawn(.values([0.001, 0.02]))))
    #expect(
      try cohort("loss: {runs: {good: {values: [90, 1_000]}, lost: {values: [0, 1]}}}").downLoss
        == .runs(good: .drawn(.values([90, 1000])), lost: .drawn(.values([0, 1]))))
  }

  @Test func eachDeviceHasOneOfThem() throws {
    let times = (1...20).map { "\($0) ms" }.joined(separator: ", ")
    let text = "file: {size: 1 KiB}\ncohorts: [{count: 400, latency: {values: [\(times)]}}]\n"
    let network = try Scenario.parse(text: text, file: "a").scenario.network
    var simulation = Simulation(network, seed: 1, replication: 1)
    let latencies = try simulation.run().devices.compactMap { $0.completed }.count
    #expect(latencies == 400)
  }

  @Test(arguments: [
    ("latency: {values: []}", "an empty list, expected a list of 1 … 1_000_000 values"),
    ("latency: {values: 5 ms}", "'5 ms', expected a list"),
    ("latency: {values: {low: 1 ms}}", "expected a list"),
    ("latency: {values: [5]}", "latency.values[0]: '5' has no unit"),
    ("latency: {values: [5 ms, 400 d]}", "latency.values[1]: '400 d' is out of range"),
    ("loss: {bernoulli: {values: [0.1, 1.1]}}", "values[1]: '1.1' is out of range"),
    ("loss: {runs: {good: {values: [0.5]}, lost: 1}}", "values[0]: '0.5' is not a whole number"),
    ("loss: {runs: {good: {values: [[1]]}, lost: 1}}", "found a list, expected a number of packets"),
    ("loss: {runs: {good: {values: [0, 0]}, lost: 0}}", "always 0"),
    ("latency: {value: [5 ms]}", "did you mean 'values'"),
  ])
  func whatIsNoListOfSuchValuesIsRefused(text: String, message: String) throws {
    let error = try #require(throws: ScenarioError.self) { try cohort(text) }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func anOverridePutsAListInPlaceOfAnotherDistribution() throws {
    let text = scenarioText(cohort: "latency: {uniform: {low: 1 ms, high: 2 ms}}")
    let override = "cohorts[0].latency.values=[3 ms, 4 ms]"
    let network = try Scenario.parse(text: text, file: "a", overrides: [override]).scenario.network
    #expect(network.cohorts[0].latency == .drawn(.values([0.003, 0.004])))
  }
}

/// A warning is about draws that happen.
@Suite struct RareDrawWarningTests {
  private func warnings(_ cohort: String) throws -> [String] {
    try Scenario.parse(text: scenarioText(cohort: cohort), file: "a").warnings.map(\.message)
  }

  /// The bell curve has one draw in a million 4.753 sigma below its mean.
  @Test(
    arguments: [
      ("latency: {gaussian: {mean: 4.75 ms, sigma: 1 ms}}", 1),
      ("latency: {gaussian: {mean: 4.76 ms, sigma: 1 ms}}", 0),
      // exp(-1 / mean)
      ("loss: {bernoulli: {exponential: {mean: 0.0724}}}", 1), ("loss: {bernoulli: {exponential: {mean: 0.0723}}}", 0),
      ("loss: {bernoulli: {gaussian: {mean: 0.5, sigma: 0.09}}}", 0),
      ("loss: {bernoulli: {gaussian: {mean: 0.01, sigma: 0.01}}}", 1),
      ("loss: {bernoulli: {pareto: {exponent: 2, scale: 0.099 %}}}", 0),
      ("loss: {bernoulli: {pareto: {exponent: 2, scale: 0.11 %}}}", 1),
      ("loss: {bernoulli: {beta: {a: 2, b: 9}}}", 0), ("loss: {bernoulli: {uniform: {low: 0, high: 1}}}", 0),
      ("loss: {bernoulli: {values: [0, 1]}}", 0), ("latency: {lognormal: {median: 1 ms, sigma: 3}}", 0),
    ] as [(String, Int)])
  func oneDrawInAMillionIsTheLeastToSpeakOf(cohort: String, count: Int) throws {
    #expect(try warnings(cohort).count == count)
  }
}
