import Quantities

/// Why a tuning has no result.
package enum TuneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The budget does not give every candidate its first replications.
  case budgetTooSmall(budget: Int, candidates: Int, environments: Int, pilot: Int)
  /// The objective or a requirement has no value in a run, and no candidate does better.
  case noValue(objective: String, candidate: String, replication: Int, reason: String)
  /// The indifference is a share of a mean of 0.
  case noIndifference
  /// Thresholds are compared, and the strategy has none.
  case noThreshold(strategy: String)
  /// Nothing is varied.
  case oneCandidate
  /// A key cannot be both chosen and given.
  case bothChoiceAndEnvironment(key: String)
  /// A key of the environment leads to what is chosen, or to a section that contains it.
  case environmentOfChoice(key: String, chosen: String)
  /// A condition would have other points in each environment.
  case environmentInCondition(key: String, condition: String)
  /// A point cannot be run in an environment.
  case brokenPoint(values: String, problem: String)

  package var description: String {
    switch self {
    case .budgetTooSmall(let budget, let candidates, let environments, let pilot):
      "a budget of \(HumanUnits.plural(budget, "run")) is too small for \(candidates) candidates"
        + (environments > 1 ? " in \(environments) environments: " : ": ")
        + "\(HumanUnits.plural(pilot, "replication")) of each are \(candidates * environments * pilot) runs; give more, or "
        + "fewer candidates"
    case .noValue(let objective, let candidate, let replication, let reason):
      "'\(objective.excerpt)', or what is required, has no value in replication \(replication) with \(candidate), and no "
        + "candidate does better: \(reason)"
    case .noIndifference:
      "the best mean of the first replications is 0, and so is any share of it; give --indifference a value"
    case .noThreshold(let strategy):
      "protocol.strategy is \(strategy), which promotes nobody: no threshold changes anything; name what to choose with --vary, "
        + "such as --vary protocol.strategy=promotion,\(strategy) or --vary protocol.windowsize=1..16:log2"
    case .oneCandidate: "there is one candidate; at least two are compared"
    case .bothChoiceAndEnvironment(let key):
      "\(key) is given by --vary and by --environment: a key is chosen, or it is nobody's choice"
    case .environmentOfChoice(let key, let chosen):
      "\(key) is given by --environment, and \(chosen) is chosen: what is chosen is no environment"
    case .environmentInCondition(let key, let condition):
      "--where '\(condition.excerpt)' depends on \(key), which is given by --environment: there are the same candidates in "
        + "each environment"
    case .brokenPoint(let values, let problem): "with \(values): \(problem)"
    }
  }
}
