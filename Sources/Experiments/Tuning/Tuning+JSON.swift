import FoundationEssentials
import Quantities
import Results
import Scenarios

extension Tuning {
  /// What was asked and found, for programs: one object, keys in alphabetical order, numbers in the objective's unit.
  package var json: String { get throws { try json(expect: nil as [Never]?) } }

  /// The same, and what became of the scenario's expectations in each environment; nil if nothing is expected.
  package func json<Expectation: Encodable>(expect: [Expectation]?) throws -> String {
    String(decoding: try JSONEncoder.results.encode(TuningReport(self, expect)), as: UTF8.self) + "\n"
  }
}

/// The result for JSON; the names are the keys.
private struct TuningReport<Expectation: Encodable>: Encodable {
  /// The answer for an environment, or for the mean.
  struct Answer: Encodable {
    /// The keys that nobody can choose; null for the mean over all of them.
    let environment: [String: String]?
    /// False if there is none, or none yet.
    let answered: Bool
    let settled: Bool
    let estimated_probability: Decimal?
    let indifference: ObjectiveNumbers.Printed?
    let margin: ObjectiveNumbers.Printed?
    let chosen_candidate: Int
    /// How many replications the choice has; ``replications`` is the most that a candidate has.
    let chosen_replications: Int
    let threshold_bytes: UInt64
    /// The varied keys; empty if only thresholds are compared.
    let chosen: [String: String]
    let objective_mean: ObjectiveNumbers.Printed?
    let objective_ci95_low: ObjectiveNumbers.Printed?
    let objective_ci95_high: ObjectiveNumbers.Printed?
    let left_behind_mean: Decimal?
    let least_left_behind_mean: Decimal?
    let not_told_apart: [Int]
    let better: [Int]
    let unfit: [Int]
    /// Left out if it is not known.
    let requirements_met: Bool?
    let replications: Int
    let sentence: String

    init(_ answer: Tuning.Answer, of tuning: Tuning) {
      let numbers = answer.numbers(of: tuning.objective)
      func scaled(_ value: Double?) -> ObjectiveNumbers.Printed? { numbers.printed(value.map(answer.scale.unscaled)) }
      func values(_ keys: [VariedKey]) -> [String: String] {
        Dictionary(keys.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      }
      if case .environment(let index) = answer.scope {
        environment = values(tuning.design.environments[index].values)
      } else {
        environment = nil
      }
      answered = answer.isGiven
      settled = answered && answer.certainty != .fitnessOpen
      if case .estimated(let probability) = answer.certainty {
        estimated_probability = number(probability)
      } else {
        estimated_probability = nil
      }
      indifference = numbers.printed(answer.indifference)
      margin = numbers.printed(answer.margin)
      chosen_candidate = answer.chosen + 1
      chosen_replications = answer.candidates[answer.chosen].runs.count
      threshold_bytes = tuning.design.candidates[answer.chosen].threshold
      chosen = values(tuning.design.candidates[answer.chosen].values)
      let statistics = answer.scaled(of: answer.chosen)
      objective_mean = scaled(statistics.mean)
      objective_ci95_low = scaled(statistics.confidenceInterval?.lowerBound)
      objective_ci95_high = scaled(statistics.confidenceInterval?.upperBound)
      left_behind_mean = number(answer.failings(of: answer.chosen).mean)
      least_left_behind_mean = number(answer.leastFailings)
      not_told_apart = answer.candidates(.alive).map { $0 + 1 }
      better = answer.candidates(.better).map { $0 + 1 }
      unfit = answer.candidates(.unfit).map { $0 + 1 }
      requirements_met = answer.meetsRequirements
      replications = answer.replications
      sentence = tuning.sentence(of: answer)
    }
  }

  let scenario: String
  let seed: UInt64
  let objective: String
  let objective_unit: String
  let requirements: [String]
  let method: String
  let confidence: Decimal?
  let budget: Int?
  let candidates: Int
  let runs: Int
  /// Whether a limit ended runs of the choice.
  let ended_by_limit: Bool
  /// The answer for the only environment, or for the mean.
  let answer: Answer
  /// With environments: their answers, and that of the mean.
  let answers: [Answer]
  /// Left out if nothing is expected; one for each environment.
  let expect: [Expectation]?
  let sentence: String

  init(_ tuning: Tuning, _ expect: [Expectation]?) {
    scenario = tuning.context.scenario
    seed = tuning.context.seed
    objective = tuning.objective.text
    objective_unit = tuning.objective.unit.rawValue
    requirements = tuning.requirements.map(\.text)
    switch tuning.method {
    case .confidence(let value):
      method = "AK+"
      confidence = number(value)
      budget = nil
    case .budget(let runs):
      method = "OCBA-CO"
      confidence = nil
      budget = runs
    }
    candidates = tuning.design.candidates.count
    runs = tuning.runs
    ended_by_limit = tuning.endedByLimit
    answers = tuning.answers.map { Answer($0, of: tuning) }
    answer = answers[answers.count - 1]
    self.expect = expect
    sentence = tuning.sentence
  }
}

private func number(_ value: Double?) -> Decimal? {
  value.flatMap(FixedPoint.init(real:)).flatMap { Decimal(string: $0.description) }
}
