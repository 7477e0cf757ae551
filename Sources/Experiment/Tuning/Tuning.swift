import RandomStreams

/// What a tuning found.
package struct Tuning: Sendable {
  /// How it was decided.
  package enum Method: Hashable, Sendable {
    /// By procedure KN.
    case confidence(Double)
    /// By OCBA, with so many runs.
    case budget(Int)
  }

  /// Where a candidate stands at the end.
  enum Status: String, Sendable {
    case chosen, alive, eliminated
  }

  /// A threshold and its runs.
  struct Candidate: Sendable {
    /// In bytes.
    let threshold: UInt64
    /// Its replications, from the first on.
    var runs: [CandidateRun] = []
    var status = Status.alive
    /// The replications after which it was eliminated.
    var eliminatedAfter: Int?
    /// Whether it was eliminated because it left devices without the file, hit a limit, or had no value.
    var isUnfit = false

    init(threshold: UInt64) { self.threshold = threshold }

    /// The objective, replication by replication; where it has no value, 0, which is looked at only for unfit ones.
    var values: [Double] { runs.map { $0.objective ?? 0 } }
  }

  /// The scenario's figures for people.
  let context: RunContext
  let objective: Objective
  let method: Method
  /// The difference of means that does not matter, in the objective's unit.
  let indifference: Double
  /// By threshold, ascending.
  let candidates: [Candidate]
  /// The index of the one that is chosen.
  let chosen: Int
  /// Whether the method came to its end, and not to the limit on replications.
  let isSettled: Bool
  /// Runs of a threshold in a replication, simulations that they took, and the events of these.
  let runs: Int
  let leaves: Int
  let events: UInt64

  /// The threshold that is chosen, in bytes.
  package var threshold: UInt64 { candidates[chosen].threshold }

  /// Whether even the chosen threshold has a run that a limit ended.
  package var endedByLimit: Bool { candidates[chosen].runs.contains(where: \.isLimited) }

  /// Replications of the candidate that has most.
  var replications: Int { candidates.map(\.runs.count).max() ?? 0 }

  /// The objective of a candidate over its replications.
  func statistics(of index: Int) -> SampleStatistics {
    SampleStatistics(candidates[index].runs.compactMap(\.objective))
  }

  /// A candidate's objective less another one's, over the replications that both have.
  func difference(of index: Int, from other: Int) -> SampleStatistics {
    SampleStatistics(
      zip(candidates[index].runs, candidates[other].runs).compactMap { run, best in
        guard let value = run.objective, let best = best.objective else { return nil }
        return value - best
      })
  }

  /// Other candidates that the chosen one is not known to be better than, ascending.
  var notToldApart: [Int] {
    candidates.indices.filter { index in
      guard index != chosen, candidates[index].status == .alive else { return false }
      switch method {
      case .confidence: return true
      case .budget: return (difference(of: index, from: chosen).confidenceInterval?.lowerBound ?? 0) <= 0
      }
    }
  }

  /// A lower bound for the probability that no candidate is better than the chosen one by the indifference or more.
  var probability: Double {
    BudgetAllocation.probability(
      of: chosen, samples: candidates.map(\.values),
      among: candidates.indices.filter { candidates[$0].status != .eliminated }, indifference: indifference)
  }
}
