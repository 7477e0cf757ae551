import Runs

/// A broken invariant with the command that shows it again.
package struct BreachReport: Error, Hashable, Sendable, CustomStringConvertible {
  /// The scenario's name.
  package let scenario: String
  /// What broke, and where.
  package let breach: InvariantBreach
  /// The command line that reproduces it.
  package let command: String

  /// Reports a breach of a run that was started by `arguments`, without the seed and the replications.
  package init(scenario: String, breach: InvariantBreach, arguments: [String]) {
    self.scenario = scenario
    self.breach = breach
    // A replication is the same in a batch of any length, so the shortest batch that has it is enough.
    let words = arguments + ["--seed", "\(breach.seed)", "--replications", "\(breach.replication)", "--jobs", "1"]
    command = words.map(\.shellQuoted).joined(separator: " ")
  }

  package var description: String {
    """
    the simulator contradicts itself, and nothing that it reported can be trusted: \(breach.invariant)
      scenario \(scenario), seed \(breach.seed), replication \(breach.replication), event \(breach.event)
      to see it again: \(command)
    """
  }
}
