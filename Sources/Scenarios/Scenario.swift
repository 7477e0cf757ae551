import Runs

/// An experiment as a scenario file describes it: a network, how often it is run, and from which seed.
package struct Scenario: Hashable, Sendable {
  /// The name, as in every row of the results.
  package var name: String
  /// What it shows, for people.
  package var description: String
  /// The seed of all random numbers.
  package var seed: UInt64
  /// How many times it is run.
  package var replications: Int
  /// The network, the protocol, the file and the limits.
  package var network: SimulationConfiguration
  /// The most bytes that runs may take together; nil for half of the machine's memory. No result depends on it.
  package var memoryLimit: UInt64?
  /// The expectations on the results.
  package var expectations: [Expectation]
  /// What `gapsim sweep` varies; nil if nothing is.
  package var sweep: SweepSettings?

  /// Describes an experiment, without the checks of ``parse(text:file:overrides:)``.
  package init(
    name: String,
    description: String = "",
    seed: UInt64 = 1,
    replications: Int = 10,
    network: SimulationConfiguration,
    expectations: [Expectation] = []
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.replications = replications
    self.network = network
    self.expectations = expectations
  }

  /// The blocks of the file.
  package var blocks: UInt32 { network.file.blocks }
  /// The bytes of the file.
  package var bytes: UInt64 { network.file.size }
  /// The devices of all cohorts.
  package var devices: Int { network.deviceCount }

  /// The scenario without what no run depends on: its description, its expectations and how much memory runs may take.
  package var determiningRuns: Scenario {
    var scenario = self
    scenario.description = ""
    scenario.expectations = []
    scenario.memoryLimit = nil
    return scenario
  }
}
