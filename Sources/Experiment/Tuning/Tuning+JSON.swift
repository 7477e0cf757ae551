import Foundation

extension Tuning {
  /// What was asked and found for programs: one object, keys in alphabetical order, numbers in the objective's unit.
  package var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(Report(self)), as: UTF8.self) + "\n" }
  }
}

/// The result as JSON has it: the names are the keys.
private struct Report: Encodable {
  let scenario: String
  let seed: UInt64
  let objective: String
  let objective_unit: String
  let method: String
  let confidence: Decimal?
  let budget: Int?
  let estimated_probability: Decimal?
  let indifference: Decimal?
  let settled: Bool
  let chosen_candidate: Int
  let threshold_bytes: UInt64
  let objective_mean: Decimal?
  let objective_ci95_low: Decimal?
  let objective_ci95_high: Decimal?
  let not_told_apart: [Int]
  let unfit: [Int]
  let candidates: Int
  let replications: Int
  let runs: Int
  let sentence: String

  init(_ tuning: Tuning) {
    func number(_ value: Double?, decimals: Int = tuning.objective.decimals) -> Decimal? {
      value.flatMap { FixedPoint(rounding: $0, decimals: decimals) }.flatMap { Decimal(string: $0.description) }
    }
    scenario = tuning.context.scenario
    seed = tuning.context.seed
    objective = tuning.objective.text
    objective_unit = tuning.objective.unit.rawValue
    switch tuning.method {
    case .confidence(let value):
      method = "KN"
      confidence = number(value, decimals: FixedPoint.realDecimals)
      budget = nil
      estimated_probability = nil
    case .budget(let runs):
      method = "OCBA"
      confidence = nil
      budget = runs
      estimated_probability = number(tuning.probability, decimals: FixedPoint.realDecimals)
    }
    indifference = number(tuning.indifference)
    settled = tuning.isSettled
    chosen_candidate = tuning.chosen + 1
    threshold_bytes = tuning.threshold
    let statistics = tuning.statistics(of: tuning.chosen)
    objective_mean = number(statistics.mean)
    objective_ci95_low = number(statistics.confidenceInterval?.lowerBound)
    objective_ci95_high = number(statistics.confidenceInterval?.upperBound)
    not_told_apart = tuning.notToldApart.map { $0 + 1 }
    unfit = tuning.candidates.indices.filter { tuning.candidates[$0].isUnfit }.map { $0 + 1 }
    candidates = tuning.candidates.count
    replications = tuning.replications
    runs = tuning.runs
    sentence = tuning.sentence
  }
}
