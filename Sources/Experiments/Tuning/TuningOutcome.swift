import FoundationEssentials
import Results
import Runs

/// What a tuning came to, as its `tune.json` has it: enough to say it again, with the same exit code.
package struct TuningOutcome: Sendable {
  /// What to do, and how sure that is.
  package let sentence: String
  /// Whether in some answer no candidate meets what is required.
  package let hasUnmetRequirement: Bool
  /// Whether some answer cannot be given yet.
  package let hasOpenAnswer: Bool
  /// Whether a limit ended runs of the choice.
  package let endedByLimit: Bool
  /// The candidate that is chosen, counted from 0.
  package let chosen: Int
  /// Its threshold, in bytes.
  package let threshold: UInt64
  /// How many replications it had.
  package let replications: Int

  /// - Throws: A `DecodingError` if it is no `tune.json` of this version.
  package init(json: String) throws {
    struct Answer: Decodable {
      let answered: Bool
      let requirements_met: Bool?
      let chosen_candidate: Int
      let chosen_replications: Int
      let threshold_bytes: UInt64
    }
    struct Report: Decodable {
      let sentence: String
      let answer: Answer
      let answers: [Answer]
      let ended_by_limit: Bool
    }
    let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    sentence = report.sentence
    hasUnmetRequirement = report.answers.contains { $0.requirements_met == false }
    hasOpenAnswer = report.answers.contains { $0.requirements_met != false && !$0.answered }
    endedByLimit = report.ended_by_limit
    (chosen, replications) = (report.answer.chosen_candidate - 1, report.answer.chosen_replications)
    threshold = report.answer.threshold_bytes
  }
}

extension Tuning {
  /// What it came to.
  package var outcome: TuningOutcome { get throws { try TuningOutcome(json: json) } }
}

extension Tuner {
  /// The networks of the choice in each environment, with what their rows have in common.
  ///
  /// - Throws: ``TuneError`` if nothing can be tuned.
  package func networks(
    ofChoice outcome: TuningOutcome
  ) throws -> [(configuration: SimulationConfiguration, context: RunContext)] {
    let design = try TuningDesign(scenario, thresholds: candidates, environment: environment)
    // Thresholds that occur have a network in common.
    let network = design.candidates.isEmpty ? 0 : design.candidates[outcome.chosen].network
    return design.environments.map { environment in
      var choice = environment.networks[network]
      choice.configuration.parameters.promotion.threshold = outcome.threshold
      choice.context.thresholdBytes = outcome.threshold
      return choice
    }
  }
}
