import Results
import Timebase

@testable import Scenarios

/// The least scenario that can run, with more keys of its one cohort.
func scenarioText(cohort: String = "", more: String = "") -> String {
  "file: {size: 1 MiB}\n\(more)\ncohorts:\n  - name: desks\n    count: 3\n"
    + cohort.split(separator: "\n").map { "    \($0)\n" }.joined()
}

extension Scenario {
  /// The same lab with the seed of the fixtures, and no sweep.
  static func lab(replications: Int, timeline: Bool = false) throws -> Scenario {
    var scenario = try swept("{vary: {protocol.windowsize: 1}}", replications: replications)
    scenario.sweep = nil
    scenario.seed = RunContext.lab.seed
    if timeline { scenario.network.timelineStep = .seconds(1) }
    return scenario
  }

  /// A lab of four devices in two cohorts, as the records of the fixtures have it, that is swept.
  static func swept(_ sweep: String, replications: Int = 5) throws -> Scenario {
    try parse(
      text: """
        name: lab
        replications: \(replications)
        file: {size: 142800 B}
        protocol: {promotion: {threshold: 64 KiB}}
        cohorts: [{name: front, count: 2}, {name: back, count: 2, loss: {bernoulli: 2 %}}]
        sweep: \(sweep)
        """, file: "lab.yaml"
    ).scenario
  }
}
