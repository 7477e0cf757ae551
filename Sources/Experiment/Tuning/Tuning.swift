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
  private(set) var candidates: [Candidate]
  /// The index of the one that is chosen.
  let chosen: Int
  /// Whether the method came to its end, and not to the limit on replications.
  let isSettled: Bool
  /// Runs of a threshold in a replication.
  let runs: Int

  init(
    context: RunContext, objective: Objective, method: Method, indifference: Double, candidates: [Candidate],
    chosen: Int,
    isSettled: Bool, runs: Int
  ) {
    self.context = context
    self.objective = objective
    self.method = method
    self.indifference = indifference
    self.candidates = candidates
    self.chosen = chosen
    self.isSettled = isSettled
    self.runs = runs
  }

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
      case .budget: return !isShownWorse(index)
      }
    }
  }

  /// Whether the chosen candidate is seen to be better than another: by more than the indifference, or by more than chance
  /// makes likely and by a hundredth of the indifference at least.
  func isShownWorse(_ index: Int) -> Bool {
    let difference = difference(of: index, from: chosen)
    guard let mean = difference.mean else { return true }
    return mean > indifference || mean > indifference / 100 && difference.confidenceInterval?.lowerBound ?? 0 > 0
  }

  /// The same, with those alive again that procedure KN dropped in favour of the choice though they hardly differ from it:
  /// it need not tell apart what lies within the indifference, and does not claim to.
  var withCloseOnesAlive: Tuning {
    var tuning = self
    for index in candidates.indices where candidates[index].status == .eliminated {
      guard !candidates[index].isUnfit, !isShownWorse(index) else { continue }
      tuning.candidates[index].status = .alive
      tuning.candidates[index].eliminatedAfter = nil
    }
    return tuning
  }

  /// A lower bound for the probability that no candidate is better than the chosen one by the indifference or more.
  var probability: Double {
    BudgetAllocation.probability(
      of: chosen, samples: candidates.map(\.values),
      among: candidates.indices.filter { candidates[$0].status != .eliminated }, indifference: indifference)
  }
}
