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
  ///
  /// - Parameter mark: what tells the run from others of the scenario, such as its point, for the name of its results.
  package init(scenario: String, breach: InvariantBreach, arguments: [String], mark: String? = nil) {
    self.scenario = scenario
    self.breach = breach
    command = Self.command(
      arguments, scenario: scenario, seed: breach.seed, replication: breach.replication, mark: mark)
  }

  /// The command that runs a replication again, for the shell.
  static func command(
    _ arguments: [String], scenario: String, seed: UInt64, replication: Int, mark: String?
  ) -> String {
    // In a directory of its own it is not in the way of the results of the scenario.
    let output = ["Results/\(scenario)", mark, "replication\(replication)"].compactMap(\.self).joined(separator: "-")
    // A replication is the same in a batch of any length, so the shortest batch that has it is enough.
    let words =
      arguments + ["--seed", "\(seed)", "--replications", "\(replication)", "--jobs", "1", "-o", output]
    return words.map(\.shellQuoted).joined(separator: " ")
  }

  package var description: String {
    """
    the simulator contradicts itself, and nothing that it reported can be trusted: \(breach.invariant)
      scenario \(scenario), seed \(breach.seed), replication \(breach.replication), event \(breach.event)
      to see it again: \(command)
    """
  }
}
