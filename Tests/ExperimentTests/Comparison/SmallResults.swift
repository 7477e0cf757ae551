import Foundation
import NetworkModel

@testable import Experiment

/// Results of a small scenario that is soon run.
enum SmallResults {
  static let text = """
    name: small
    replications: 3
    file: {size: 40 KiB}
    protocol: {promotion: {threshold: 3 KiB}}
    cohorts:
      - {name: front, count: 4, loss: {bernoulli: 5 %}}
      - {name: back, count: 2, loss: {bernoulli: 10 %}}
    """

  static func scenario(_ overrides: [String] = []) throws -> Scenario {
    try Scenario.parse(text: text, file: "small.yaml", overrides: overrides).scenario
  }

  /// Runs the scenario and writes its results.
  @discardableResult
  static func write(to path: String, _ overrides: [String] = []) throws -> StoredResults {
    let scenario = try scenario(overrides)
    let directory = try ResultsDirectory(at: path)
    let writer = try ResultsWriter(in: directory, timeline: false)
    var point = PointAggregate(RunContext(scenario))
    for replication in 1...scenario.replications {
      var simulation = Simulation(scenario.network, seed: scenario.seed, replication: replication)
      try writer.append(simulation.run(), to: &point)
    }
    try writer.append(summaryOf: point)
    try writer.commit(
      Manifest.Origin(
        programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed))
    return try StoredResults(at: path)
  }
}

extension Scratch {
  /// Changes one file inside.
  func edit(_ name: String, _ change: (inout String) -> Void) throws {
    var text = try text(name)
    change(&text)
    try write(text, to: name)
  }
}
