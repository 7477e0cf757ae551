import Quantities
import RandomStreams
import Results
import Statistics

/// What a tuning found.
package struct Tuning: Sendable {
  /// How it was decided.
  package enum Method: Hashable, Sendable {
    /// By a selection that went on until the confidence was reached.
    case confidence(Double)
    /// By OCBA, with this many runs.
    case budget(Int)
  }

  /// How certain an answer is.
  package enum Certainty: Hashable, Sendable {
    /// The selection came to its end.
    case settled
    /// The same, but the maximum of replications does not show that the choice leaves no more devices behind.
    case fitnessOpen
    /// The maximum of replications was reached before that.
    case undecided
    /// A budget is spent. The probability that nothing better was missed is at least this.
    case estimated(Double)
    /// No candidate meets what is required. The answer is the one that misses it least.
    case noneFeasible

    /// Whether there is no answer yet. What is rather wrong than right is none.
    package var isOpen: Bool {
      switch self {
      case .undecided: true
      case .estimated(let probability): probability < 0.5
      case .settled, .fitnessOpen, .noneFeasible: false
      }
    }
  }

  /// The status of a candidate at the end, by its differences to the choice.
  package enum Status: String, Sendable {
    case chosen
    /// Its 95 % interval of the difference contains 0: it cannot be told apart from the choice.
    case alive
    /// It is worse than the choice, beyond chance.
    case eliminated
    /// It is better than the choice, beyond chance, and meets what is required. So there is no answer.
    case better
    /// It does not meet what is required.
    case unfit
  }

  /// The outcomes of a candidate.
  package struct Candidate: Sendable {
    /// Its replications, from the first on.
    package var runs: [CandidateRun]
    var standing: ConstrainedSelection.Standing
    package var status = Status.alive

    package init(runs: [CandidateRun], standing: ConstrainedSelection.Standing) {
      self.runs = runs
      self.standing = standing
    }

    /// Whether it was found to miss what is required.
    var isUnfit: Bool {
      if case .infeasible = standing { true } else { false }
    }

    /// Whether that is because the objective, or what is required, has no value in some replication.
    var hasNoValue: Bool {
      if case .infeasible(.noValue) = standing { true } else { false }
    }
  }

  /// The scenario's figures for people.
  package let context: RunContext
  package let objective: Objective
  package let requirements: [Requirement]
  package let method: Method
  package let design: TuningDesign
  /// For each environment, and then for the mean over them if there are several.
  package let answers: [Answer]
  /// The most replications that a candidate might have.
  package let mostReplications: Int
  /// Runs of a candidate in a replication of an environment.
  package let runs: Int

  /// The answer that counts: that of the only environment, or of the mean.
  package var answer: Answer { answers[answers.count - 1] }

  /// What the choice runs in: one for each environment that the answer is about.
  func contexts(of answer: Answer) -> [RunContext] {
    let network = design.candidates[answer.chosen].network
    return environments(of: answer).map { $0.networks[network].context }
  }

  /// The size of the largest file of the environments that the answer is about.
  func largestFile(of answer: Answer) -> UInt64 { contexts(of: answer).map(\.file.size).max() ?? 0 }

  private func environments(of answer: Answer) -> [TuningDesign.Environment] {
    if case .environment(let index) = answer.scope { [design.environments[index]] } else { design.environments }
  }

  /// The candidate that is chosen, as a command line sets it.
  package var chosenArguments: [String] { design.arguments(of: answer.chosen) }

  /// The threshold that is chosen, in bytes.
  package var threshold: UInt64 { design.candidates[answer.chosen].threshold }

  /// Whether even the choice has a run that a limit ended.
  package var endedByLimit: Bool { answers.contains(where: \.isLimited) }
}

extension TuningDesign {
  /// Whether candidates differ only in the threshold.
  package var isOfThresholds: Bool { candidates.allSatisfy(\.values.isEmpty) }

  /// The arguments that turn the scenario into the candidate.
  package func arguments(of index: Int) -> [String] {
    let candidate = candidates[index]
    let keys =
      candidate.values.isEmpty
      ? [VariedKey(name: Self.thresholdKey, value: "\(candidate.threshold) B")] : candidate.values
    return SweepPoints.arguments(keys)
  }

  private static func name(of threshold: UInt64) -> String {
    HumanUnits.text(Double(threshold), in: HumanUnits.byteScale(of: Double(threshold)))
  }

  /// The name of a candidate for people. Neighbours have different names.
  package func name(of index: Int) -> String {
    let candidate = candidates[index]
    guard !candidate.values.isEmpty else {
      let name = Self.name(of: candidate.threshold)
      let neighbours = [index - 1, index + 1].filter(candidates.indices.contains)
      // Two equal names would say nothing.
      let isAmbiguous = neighbours.contains { Self.name(of: candidates[$0].threshold) == name }
      return isAmbiguous ? HumanUnits.grouped(Double(candidate.threshold), decimals: 0) + " B" : name
    }
    let ends = candidate.values.map { String($0.name.split(separator: ".").last ?? "") }
    return zip(candidate.values, ends).map { key, end in
      // Two keys that end alike would say nothing either.
      "\(ends.count { $0 == end } > 1 ? key.name : end) \(key.value)"
    }.joined(separator: ", ")
  }
}
