import Foundation
import NetworkModel

/// The search for the threshold that makes an objective smallest, in a directory of results.
package struct Tuner: Sendable {
  /// The least number of first replications by which the variance of differences is judged.
  package static let leastPilot = 10
  /// The same when a budget must do for many candidates.
  static let leastPilotOfBudget = 5

  /// What is tuned.
  package var scenario: Scenario
  /// What is made small.
  package var objective: Objective
  /// The thresholds that are compared.
  package var candidates = CandidateChoice.usual
  /// The probability with which the best is to be found, if there is no budget.
  package var confidence = 0.95
  /// The difference that does not matter.
  package var indifference = Indifference.usual
  /// The runs of a threshold in a replication that may be spent in all; nil to go on until the confidence is reached.
  package let budget: Int?
  /// The first replications, which every candidate gets, at least 2.
  package var pilot: Int
  /// The most replications.
  package var maxReplications = 1000
  /// How many replications are in work at a time: all the machine's cores by default.
  package var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// The command line of a plain run of the scenario, for the report of a broken invariant.
  package var arguments: [String]

  /// Tunes a scenario in the usual way.
  package init(
    _ scenario: Scenario, objective: Objective, candidates: CandidateChoice = .usual, budget: Int? = nil,
    arguments: [String] = []
  ) {
    self.scenario = scenario
    self.objective = objective
    self.candidates = candidates
    self.budget = budget
    self.arguments = arguments
    pilot = max(Self.leastPilot, scenario.replications)
    if let budget {
      // Half of the budget at most, so that the other half can go where it tells most.
      let count =
        switch candidates {
        case .occurring(let count): count + 2
        case .listed(let thresholds): thresholds.count
        }
      pilot = max(Self.leastPilotOfBudget, min(pilot, budget / (2 * count)))
    }
  }

  /// Reads a confidence such as `95 %` or `0.95`.
  package static func confidence(_ text: String) throws(CandidateError) -> Double {
    guard case .success(let value) = PlainNumber.real(text, percent: true), value > 0.5, value < 1 else {
      throw CandidateError("'\(text.excerpt)' is no share above 50 % and below 100 %")
    }
    return value
  }

  /// The first replications, the last one first.
  var pilotReplications: [Int] { (1...pilot).reversed() }

  /// Tunes, and writes the results to a directory, which is complete or absent.
  ///
  /// - Throws: ``TuneError``, ``ResultsError`` or ``BreachReport``.
  package func run(into path: String, progress: (TuneProgress) -> Void = { _ in }) async throws -> Tuning {
    let directory = try ResultsDirectory(at: path)
    let interruption = Interruption { directory.discard() }
    defer {
      directory.discard()
      interruption.end()
    }
    let tuning = try await tune(progress: progress)
    let origin = Manifest.Origin(
      programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed)
    try tuning.write(to: directory, from: origin)
    return tuning
  }

  /// Tunes.
  ///
  /// - Throws: ``TuneError`` or ``BreachReport``.
  package func tune(progress: (TuneProgress) -> Void = { _ in }) async throws -> Tuning {
    let runs = CandidateRuns(scenario, objective: objective)
    var state = try TuningState(self)
    do {
      try await Pool(jobs: jobs).run(
        next: { state.next() },
        work: { try runs.run($0) },
        consume: { job, product in
          try state.take(job, try product.get())
          progress(state.progress)
        })
    } catch let fork as ForkBreach {
      throw BreachReport(
        scenario: scenario.name, breach: fork.breach,
        arguments: arguments + ["--set", "protocol.promotion.threshold=\(fork.threshold) B"])
    }
    return state.result(RunContext(scenario))
  }
}

/// Why a tuning came to no result.
package enum TuneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The budget does not give every candidate its first replications.
  case budgetTooSmall(budget: Int, candidates: Int, pilot: Int)
  /// The objective has no value in a run, and no threshold does better.
  case noValue(objective: String, threshold: UInt64, replication: Int)
  /// A share of 0 is 0.
  case noIndifference

  package var description: String {
    switch self {
    case .budgetTooSmall(let budget, let candidates, let pilot):
      "a budget of \(budget) runs is too small for \(candidates) candidates: \(pilot) replications of each are "
        + "\(candidates * pilot) runs; give more, or fewer --candidates"
    case .noValue(let objective, let threshold, let replication):
      "'\(objective.excerpt)' has no value in replication \(replication) with a threshold of \(threshold) B, and no "
        + "threshold does better; is a metric of it empty in runs.csv?"
    case .noIndifference:
      "the best mean of the first replications is 0, and so is any share of it; give --indifference a value"
    }
  }
}
