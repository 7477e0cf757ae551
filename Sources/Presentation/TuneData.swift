import Experiments
import FoundationEssentials
import Quantities
import Results
import RunMetrics

/// The data for the pictures and the report of a tuning.
struct TuneData: Sendable {
  /// A candidate: a row of `tune.csv`.
  struct Candidate: Sendable {
    var threshold: Double
    /// The values of the varied keys; empty if only thresholds are compared.
    var point: String
    /// The mean of the objective over the candidate's own replications.
    var objective: Estimate
    /// The mean of the differences to the choice, over the replications that both have.
    var difference: Estimate?
    var promotionRate: Double?
    /// The mean makespan in seconds: that of the choice plus the mean difference to it.
    var makespan: Double?
    /// What the server sent, computed in the same way.
    var serverBytes: Double?
    var status: String
  }

  /// The sentence in `tune.json`; a directory may lack it.
  struct Outcome: Decodable, Sendable {
    var objective: String?
    var objectiveUnit: String?
    var sentence: String?
    /// The answer that counts.
    var answer: Answer?
    /// The answers for each environment, and that for the mean over all of them.
    var answers: [Answer]?
    /// What became of the scenario's expectations.
    var expect: [Expectation]?
    /// The runs that were asked for, if not a confidence.
    var budget: Int?

    /// Whether what is said of a candidate is an estimate: a budget proves nothing.
    var isEstimated: Bool { budget != nil }

    /// The answer for an environment, or for the mean.
    struct Answer: Decodable, Sendable {
      /// The varied keys; none if only thresholds are compared.
      var chosen: [String: String]
      var environment: [String: String]?
      var settled: Bool?
      var requirementsMet: Bool?
      /// The mean number of devices that never get the image with the choice, and with the candidate that is best in that.
      var leftBehind: Double?
      var leastLeftBehind: Double?
      var sentence: String?

      private enum CodingKeys: String, CodingKey {
        case chosen, environment, settled, sentence
        case requirementsMet = "requirements_met"
        case leftBehind = "left_behind_mean"
        case leastLeftBehind = "least_left_behind_mean"
      }
    }

    /// The outcome of the expectations with the choice.
    struct Expectation: Decodable, Sendable {
      struct Condition: Decodable, Sendable {
        var condition: String
        var scope: String
        var met: Bool

        private enum CodingKeys: String, CodingKey {
          case condition, met
          case scope = "in"
        }
      }

      var conditions: [Condition]
    }

    /// The keys that belong to the environment.
    var environmentKeys: [String] {
      Set((answers ?? []).flatMap { ($0.environment ?? [:]).keys }).sorted()
    }

    private enum CodingKeys: String, CodingKey {
      case answer, answers, objective, sentence, expect, budget
      case objectiveUnit = "objective_unit"
    }
  }

  /// The candidates by threshold, or in the order of the points.
  let candidates: [Candidate]
  let outcome: Outcome
  /// The name of the scenario.
  let scenario: String
  /// The most replications that a candidate had.
  let replications: Int

  /// What a picture was made of, and what it shows of it.
  func subtitle(_ parts: String...) -> String {
    Subtitle.text(scenario, ["up to " + HumanUnits.plural(replications, "replication") + " of a candidate"] + parts)
  }

  /// The candidate that was chosen, nil if none is marked.
  var choice: Candidate? { candidates.first { $0.status == "chosen" } }

  init(_ folder: ResultsFolder) throws {
    outcome = try Outcome(folder)
    let table = try folder.table(.tune)
    candidates = try Self.candidates(of: table, varied: outcome.answer?.chosen.keys.sorted() ?? [])
    let (name, count) = (try table.column("scenario"), try table.column("replications"))
    scenario = table.rows.first.map { $0[name] } ?? ""
    replications = table.rows.compactMap { Int($0[count]) }.max() ?? 0
  }

  /// The objective with its unit, for an axis.
  var label: String {
    let unit = outcome.objectiveUnit ?? ""
    return (outcome.objective ?? "objective") + (unit.isEmpty || unit == "number" ? "" : " [\(unit)]")
  }

  /// A value of the objective with its unit.
  func text(ofObjective value: Double) -> String {
    let name = outcome.objectiveUnit ?? ""
    let unit = metric?.displayUnit(for: value) ?? DisplayUnit(name: name == "number" ? "" : name, size: 1)
    return unit.name.isEmpty ? DisplayUnit.short(value / unit.size) : unit.text(value)
  }

  /// The metric that is the objective, by whichever of its names: `makespan` is `makespan_s`. Nil if the objective is made
  /// of several, or is no metric itself.
  var metric: Metric? { outcome.objective.flatMap { try? Objective($0) }?.expression.loneMetric }

  /// The objective of a candidate, comparable with the others.
  ///
  /// Candidates have different numbers of replications. A candidate that was eliminated early had only the first ones,
  /// and its own mean shows their luck. Each difference to the choice is over the same replications of both. Added to
  /// the choice's mean, the differences can be compared.
  func compared(_ candidate: Candidate) -> Estimate {
    guard let choice, let difference = candidate.difference, candidate.status != "chosen" else {
      return candidate.objective
    }
    let mean = choice.objective.mean
    return Estimate(mean: mean + difference.mean, low: mean + difference.low, high: mean + difference.high)
  }

  /// Whether candidates are points of a design, not only thresholds.
  var isOfPoints: Bool { candidates.contains { !$0.point.isEmpty } }

  private static func candidates(of table: CSVTable, varied: [String]) throws -> [Candidate] {
    func columns(_ name: String) throws -> (mean: Int, low: Int, high: Int) {
      (
        try table.column(name + "_mean"), try table.column(name + "_ci95_low"), try table.column(name + "_ci95_high")
      )
    }
    let (threshold, status, number) = (
      try table.column("threshold_bytes"), try table.column("status"), try table.column("candidate")
    )
    let (objective, difference) = (try columns("objective"), try columns("difference"))
    let rate = try table.column("promotion_rate")
    // Earlier versions did not write these.
    let costs = ["makespan_mean_s", "makespan_difference_s", "server_bytes_mean", "server_bytes_difference"]
      .map { name in table.header.firstIndex(of: name) }
    let keys = table.header.enumerated().map { (VariedColumn(name: $0.element), $0.offset) }
      .filter { varied.contains($0.0.key) }
    // With environments the mean over them comes last.
    let count = table.rows.compactMap { Int($0[number]) }.max() ?? 0
    let begin = max(0, table.rows.count - count)
    let choice = table.rows[begin...].firstIndex { $0[status] == "chosen" }
    func cost(_ row: Int, _ mean: Int?, _ difference: Int?) throws -> Double? {
      guard let mean, let difference else { return nil }
      guard let choice, let base = try table.number(choice, mean), let more = try table.number(row, difference)
      else { return try table.number(row, mean) }
      return base + more
    }
    let candidates = try (begin..<table.rows.count).map { row in
      func wrong(_ column: Int, _ message: String) -> CSVError {
        CSVError(path: table.path, line: table.line(ofRow: row), column: table.header[column], message)
      }
      func estimate(_ columns: (mean: Int, low: Int, high: Int)) throws -> Estimate? {
        guard let mean = try table.number(row, columns.mean) else { return nil }
        let (low, high) = (try table.number(row, columns.low), try table.number(row, columns.high))
        return Estimate(mean: mean, low: low ?? mean, high: high ?? mean)
      }
      guard let bytes = try table.number(row, threshold), bytes >= 0 else {
        throw wrong(threshold, "a number of at least 0 is expected")
      }
      guard let mean = try estimate(objective) else { throw wrong(objective.mean, "a number is expected") }
      let text = table.rows[row][status]
      guard ["chosen", "alive", "eliminated", "better", "unfit"].contains(text) else {
        throw wrong(status, "'\(text.printable.prefix(40))' is none of chosen, alive, eliminated, better, unfit")
      }
      return Candidate(
        threshold: bytes,
        point: keys.map { column, index in
          "\(column.key.split(separator: ".").last ?? "") \(column.value(of: table.rows[row][index]))"
        }.joined(separator: ", "),
        objective: mean, difference: try estimate(difference),
        promotionRate: try table.number(row, rate), makespan: try cost(row, costs[0], costs[1]),
        serverBytes: try cost(row, costs[2], costs[3]), status: text)
    }
    return keys.isEmpty ? candidates.sorted { $0.threshold < $1.threshold } : candidates
  }
}

extension TuneData.Outcome {
  /// What `tune.json` says; nothing if the directory lacks it.
  init(_ folder: ResultsFolder) throws {
    self =
      try folder.bytes(of: .tuneSummary).flatMap { try? JSONDecoder().decode(Self.self, from: Data($0)) } ?? Self()
  }
}
