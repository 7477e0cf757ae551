import Comparison
import FoundationEssentials
import Quantities
import Results

extension RaceSummary {
  /// The race for programs: one object, keys in alphabetical order, numbers raw and in the units of the columns.
  package var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(RaceReport(self)), as: UTF8.self) + "\n" }
  }
}

/// A race for JSON; the names are the keys.
private struct RaceReport: Encodable {
  struct Strategy: Encodable {
    let strategy: String
    let point: Int
    let standing: String
    let objective_mean: Decimal?
    let left_behind_mean: Decimal?
    /// Whether no other one has less of both makespan and bytes of the server.
    let is_on_front: Bool
    let ended: EndReport
    let metrics: [String: MetricReport]
  }

  /// The objective of a strategy less that of another.
  struct Difference: Encodable {
    let strategy: String
    let against: String
    let mean: Decimal?
    /// The ends of an interval that holds together with all others; null for one replication.
    let low: Decimal?
    let high: Decimal?
    /// better, worse, same (it does not matter) or open (it cannot be told).
    let relation: String
  }

  struct Failed: Encodable {
    let point: Int
    let replication: Int
    let reason: String
    let replay: String
  }

  let scenario: String
  let seed: UInt64
  let directory: String
  let taken_runs: Int
  let replications: Int
  let objective: String
  let objective_unit: String
  let confidence: Decimal?
  let indifference: Decimal?
  let strategies: [Strategy]
  let differences: [Difference]
  /// worth_it, not_worth_it, not_told_apart, as_good, unknown: of the subject.
  let verdict: String
  let subject: String
  /// The strategy that the subject is held against.
  let against: String?
  let sentence: String
  let failed_runs: [Failed]

  init(_ summary: RaceSummary) {
    let (race, outcome) = (summary.race, summary.outcome)
    let decimals = race.question.objective.decimals
    func number(_ value: Double?, decimals: Int = FixedPoint.realDecimals) -> Decimal? {
      value.flatMap { FixedPoint(rounding: $0, decimals: decimals) }.flatMap { Decimal(string: $0.description) }
    }
    scenario = race.scenario
    seed = outcome.scenario.seed
    directory = outcome.path
    taken_runs = outcome.taken
    replications = race.replications
    objective = race.question.objective.text
    objective_unit = race.question.objective.unit.rawValue
    confidence = number(race.question.confidence)
    indifference = number(race.indifference, decimals: decimals)
    let front = Set(race.front.map(\.name))
    strategies = race.entrants.compactMap { entrant in
      outcome.points.first { $0.context.point == entrant.point }.map { point in
        Strategy(
          strategy: entrant.name, point: entrant.point, standing: "\(entrant.standing)",
          objective_mean: number(entrant.mean, decimals: decimals), left_behind_mean: number(entrant.leftBehind),
          is_on_front: front.contains(entrant.name),
          ended: EndReport(
            complete: point.complete, event_limit: point.endedByEventLimit, time_limit: point.endedByTimeLimit),
          metrics: MetricReport.byName(point.metrics))
      }
    }
    differences = race.differences.map { difference in
      Difference(
        strategy: difference.entrant.name, against: difference.other.name,
        mean: number(difference.mean, decimals: decimals),
        low: number(difference.interval?.lowerBound, decimals: decimals),
        high: number(difference.interval?.upperBound, decimals: decimals),
        relation: race.relation(of: difference.entrant, to: difference.other).rawValue)
    }
    let answer = race.answer
    (verdict, subject, against) = (answer.verdict.rawValue, answer.subject.name, answer.against?.name)
    sentence = race.sentence
    failed_runs = outcome.failed.map {
      Failed(
        point: $0.run.point, replication: $0.run.replication, reason: $0.report.breach.invariant,
        replay: $0.report.command)
    }
  }
}
