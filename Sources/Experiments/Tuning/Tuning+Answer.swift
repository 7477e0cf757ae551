import RandomStreams
import Statistics

extension Tuning {
  /// The choice for one environment, or for the mean over all.
  package struct Answer: Sendable {
    package let scope: TuningState.Scope
    /// In the design's order, each compared with the choice.
    package private(set) var candidates: [Candidate]
    /// The index of the choice.
    package let chosen: Int
    package let scale: ObjectiveScale
    /// The difference of means that does not matter, in the objective's unit.
    package let indifference: Double
    /// No other candidate is better by more, with the confidence of the tuning. It is the indifference, or larger if the
    /// runs did not suffice to tell that.
    package let margin: Double
    /// The question, in units of the scale.
    private let rules: ConstrainedSelection.Rules
    /// How far two candidates may lie apart that hardly differed so far.
    private let span: ObjectiveSpan
    private(set) var certainty: Certainty
    /// What is not known of the choice.
    let doubt: SelectionDoubt

    /// Makes an answer from the result of a selection, and compares it with the intervals of all candidates.
    ///
    /// - Parameter best: Of the neighbours that never differed from it, the middle one is chosen, which is farthest
    ///   from both steps.
    package init(
      scope: TuningState.Scope, candidates: [Candidate], best: Int, scale: ObjectiveScale, indifference: Double,
      margin: Double, rules: ConstrainedSelection.Rules, certainty: Certainty, doubt: SelectionDoubt = SelectionDoubt()
    ) {
      self.scope = scope
      self.candidates = candidates
      self.scale = scale
      self.indifference = indifference
      self.margin = margin
      self.rules = rules
      span = ObjectiveSpan(
        rules, objectives: candidates.map { $0.runs.compactMap { $0.objective.map(scale.scaled) } })
      self.certainty = certainty
      self.doubt = doubt
      func isLikeBest(_ index: Int) -> Bool {
        candidates.indices.contains(index)
          && !zip(candidates[index].runs, candidates[best].runs).contains { $0 != $1 }
      }
      var (low, high) = (best, best)
      while isLikeBest(low - 1) { low -= 1 }
      while isLikeBest(high + 1) { high += 1 }
      chosen = (low + high) / 2
      for index in candidates.indices { self.candidates[index].status = status(of: index) }
      let isContradicted = self.candidates.contains { $0.status == .better }
      if isContradicted, [.settled, .fitnessOpen].contains(certainty) { self.certainty = .undecided }
    }

    private func status(of index: Int) -> Status {
      if index == chosen { return .chosen }
      if candidates[index].isUnfit { return .unfit }
      guard let mean = difference(of: index, from: chosen).mean, let interval = interval(of: index, from: chosen)
      else { return .unfit }
      return interval.contains(0) ? .alive : mean < 0 ? .better : .eliminated
    }

    /// Whether a limit ended a run of the choice: then nobody knows how long it would have taken.
    package var isLimited: Bool { candidates[chosen].runs.contains(where: \.isLimited) }

    /// Whether it says what to choose.
    package var isGiven: Bool { !certainty.isOpen && certainty != .noneFeasible && !isLimited }

    /// Whether the choice meets the requirements; nil if that is not known. With a budget it is estimated.
    package var meetsRequirements: Bool? {
      switch certainty {
      case .settled, .fitnessOpen: true
      case .noneFeasible: false
      case .undecided: rules.limits.isEmpty || doubt.limits.isEmpty ? true : nil
      case .estimated: rules.limits.isEmpty ? true : nil
      }
    }

    /// How many more devices than the fittest candidate a candidate may leave behind; nil if a requirement says it.
    package var fitness: ConstrainedSelection.Limit? { rules.fitness }

    /// Replications of the candidate with the most.
    package var replications: Int { candidates.map(\.runs.count).max() ?? 0 }

    /// The objective of a candidate over its replications, in units of the scale.
    package func scaled(of index: Int) -> SampleStatistics {
      SampleStatistics(candidates[index].runs.compactMap { $0.objective.map(scale.scaled) })
    }

    /// A candidate's objective minus another one's, over the replications that both have, in units of the scale.
    package func difference(of index: Int, from other: Int) -> SampleStatistics {
      SampleStatistics(
        zip(candidates[index].runs, candidates[other].runs).compactMap { run, best in
          guard let value = run.objective, let best = best.objective else { return nil }
          return scale.scaled(value) - scale.scaled(best)
        })
    }

    /// The 95 % interval of that difference, no narrower than what rare jumps may do to it that did not come.
    package func interval(of index: Int, from other: Int) -> ClosedRange<Double>? {
      let difference = difference(of: index, from: other)
      guard index != other, let mean = difference.mean, let least = difference.minimum, let most = difference.maximum
      else { return difference.mean.map { $0...$0 } }
      // One pair, or pairs that all differ by the same, have no interval but the mean.
      let interval = difference.confidenceInterval ?? mean...mean
      return span.jump(of: rules, largest: max(-least, most))
        .widened(interval, mean: mean, spread: most - least, count: difference.count, level: 0.05)
    }

    /// Devices left behind in a replication.
    package func failings(of index: Int) -> SampleStatistics {
      SampleStatistics(candidates[index].runs.map(\.failings))
    }

    /// How many more devices a candidate leaves behind than another one, over the replications that both have.
    package func failings(of index: Int, over other: Int) -> SampleStatistics {
      SampleStatistics(zip(candidates[index].runs, candidates[other].runs).map { $0.failings - $1.failings })
    }

    /// The least number of devices left behind, on average.
    package var leastFailings: Double { candidates.indices.compactMap { failings(of: $0).mean }.min() ?? 0 }

    /// Candidates with a status, ascending.
    package func candidates(_ status: Status) -> [Int] { candidates.indices.filter { candidates[$0].status == status } }
  }
}
