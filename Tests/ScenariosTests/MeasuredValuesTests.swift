import Foundation
import Network
import PromotionRun
import Runs
import RandomStreams
import TestSupport
import Testing

@testable import Fixtures
@testable import Scenarios

/// `values`: a list of what was measured in place of a distribution's parameters.
@Suite struct MeasuredValuesTests {
  private func cohort(_ text: String) throws -> Cohort {
    try Scenario.parse(text: scenarioText(cohort: text), file: "a").scenario.network.cohorts[0]
  }

  @Test func listsAreReadInTheMeasureOfTheKey() throws {
    try expect(
      cohort("latency: {values: [120 us, 130 us, 120 us]}").latency,
      equals: .drawn(.values([0.000_12, 0.000_13, 0.000_12])))
    try expect(
      cohort("loss: {bernoulli: {values: [0.1 %, 0.02]}}").downLoss,
      equals: .bernoulli(p: .drawn(.values([0.001, 0.02]))))
    try expect(
      cohort("loss: {runs: {good: {values: [90, 1_000]}, lost: {values: [0, 1]}}}").downLoss,
      equals: .runs(good: .drawn(.values([90, 1000])), lost: .drawn(.values([0, 1]))))
  }

  @Test func weightsStandBesideTheValues() throws {
    let weighted = try #require(WeightedValues([0.001, 0.02], weights: [9, 1]))
    try expect(
      cohort("loss: {bernoulli: {values: [0.1 %, 2 %], weights: [9, 1]}}").downLoss,
      equals: .bernoulli(p: .drawn(.weighted(weighted))))
    let latency = try #require(WeightedValues([0.001, 0.003], weights: [0.5, 0]))
    try expect(cohort("latency: {weights: [0.5, 0], values: [1 ms, 3 ms]}").latency, equals: .drawn(.weighted(latency)))
    let text = scenarioText(cohort: "latency: {values: [1 ms, 3 ms], weights: [0.5, 0]}")
    let scenario = try Scenario.parse(text: text, file: "a").scenario
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "b").scenario, equals: scenario)
  }

  /// Files under the names that a scenario calls them by.
  private func cohort(_ text: String, files: [String: String]) throws -> Cohort {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gapsim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files {
      try content.write(to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
    }
    let file = folder.appendingPathComponent("lab.yaml")
    try scenarioText(cohort: text).write(to: file, atomically: false, encoding: .utf8)
    return try Scenario.load(path: file.path).scenario.network.cohorts[0]
  }

  @Test(arguments: [
    "0.1 %\n2 %\n0.1 %\n", "# room 3\nvalue\n0.001\n0.02 # a far desk\n\n0.1 %\n",
    "\"value\"\n\"0.1 %\"\n0.02\n\"0.001\"\n",
  ])
  func aFileHasAValueInEachLine(text: String) throws {
    try expect(
      cohort("loss: {bernoulli: {values: p.txt}}", files: ["p.txt": text]).downLoss,
      equals: .bernoulli(p: .drawn(.values([0.001, 0.02, 0.001]))))
  }

  @Test(arguments: ["120 us, 9\n1 ms, 1\n", "value,weight\n120 us,9\n1 ms,1\n"])
  func aFileMayHaveWeights(text: String) throws {
    let weighted = try #require(WeightedValues([0.000_12, 0.001], weights: [9, 1]))
    try expect(
      cohort("latency: {values: rtt.csv}", files: ["rtt.csv": text]).latency, equals: .drawn(.weighted(weighted)))
  }

  @Test(arguments: [
    ("120 us\nfast\n", "rtt.csv:2:1: error: cohorts[0].latency.values: 'fast' is not a time"),
    ("120\n", "rtt.csv:1:1: error: cohorts[0].latency.values: '120' has no unit"),
    ("1 ms, 2, 3\n", "is no line of values"), ("1 ms, -1\n", "'-1' is out of range"),
    ("1 ms, 2\n3 ms\n", "has a weight in 1 of 2 lines"), ("# nothing\n", "has no values"),
    ("1 ms, 0\n", "are all 0"),
  ])
  func whatIsNoFileOfValuesIsRefused(text: String, message: String) throws {
    let error = try #require(throws: ScenarioError.self) {
      try cohort("latency: {values: rtt.csv}", files: ["rtt.csv": text])
    }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func aFileOfSomethingElseIsToldInTwenty() throws {
    let error = try #require(throws: ScenarioError.self) {
      try cohort("latency: {values: rtt.csv}", files: ["rtt.csv": String(repeating: "GET /boot.img\n", count: 90_000)])
    }
    expect(error.diagnostics.count, equals: 20)
  }

  @Test func noFileIsReadFromElsewhere() throws {
    let error = try #require(throws: ScenarioError.self) {
      try cohort("latency: {values: /etc/hostname}", files: [:])
    }
    #expect(error.description.contains("in the folder of its scenario"), "\(error)")
  }

  @Test func eachDeviceHasOneOfThem() throws {
    let times = (1...20).map { "\($0) ms" }.joined(separator: ", ")
    let text = "file: {size: 1 KiB}\ncohorts: [{count: 400, latency: {values: [\(times)]}}]\n"
    let network = try Scenario.parse(text: text, file: "a").scenario.network
    var simulation = Simulation(network, seed: 1, replication: 1)
    let latencies = try simulation.run().devices.compactMap { $0.completed }.count
    expect(latencies, equals: 400)
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
    expect(network.cohorts[0].latency, equals: .drawn(.values([0.003, 0.004])))
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
    try expect(warnings(cohort).count, equals: count)
  }
}
