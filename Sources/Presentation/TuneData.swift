import Experiment
import Foundation

/// What the picture and the report of a tuning are made from.
struct TuneData: Sendable {
  /// A candidate: a row of `tune.csv`.
  struct Candidate: Sendable {
    var threshold: Double
    /// The mean of the objective over the candidate's own replications.
    var objective: Estimate
    /// The mean of the differences to the choice, over the replications that both have.
    var difference: Estimate?
    var promotionRate: Double?
    var status: String
  }

  /// What `tune.json` says in words; a directory may lack it.
  struct Outcome: Decodable, Sendable {
    var objective: String?
    var objectiveUnit: String?
    var sentence: String?

    private enum CodingKeys: String, CodingKey {
      case objective, sentence
      case objectiveUnit = "objective_unit"
    }
  }

  /// The candidates by threshold.
  let candidates: [Candidate]
  let outcome: Outcome
  /// The candidate that was chosen, nil if none is marked.
  var choice: Candidate? { candidates.first { $0.status == "chosen" } }

  init(_ folder: ResultsFolder) throws {
    candidates = try Self.candidates(of: folder.table(.tune))
    outcome =
      try folder.bytes(of: .tuneSummary).flatMap { try? JSONDecoder().decode(Outcome.self, from: Data($0)) }
      ?? Outcome()
  }

  /// The objective with its unit, for an axis.
  var label: String {
    let unit = outcome.objectiveUnit ?? ""
    return (outcome.objective ?? "objective") + (unit.isEmpty || unit == "number" ? "" : " [\(unit)]")
  }

  /// The objective of a candidate as it compares with the others.
  ///
  /// Candidates have different numbers of replications: one that was eliminated early had only the first of them, and
  /// its own mean shows their luck. The differences to the choice are taken over the same replications each; added to
  /// the choice's mean they can be compared.
  func compared(_ candidate: Candidate) -> Estimate {
    guard let choice, let difference = candidate.difference, candidate.status != "chosen" else {
      return candidate.objective
    }
    let mean = choice.objective.mean
    return Estimate(mean: mean + difference.mean, low: mean + difference.low, high: mean + difference.high)
  }

  private static func candidates(of table: CSVTable) throws -> [Candidate] {
    func columns(_ name: String) throws -> (mean: Int, low: Int, high: Int) {
      (
        try table.column(name + "_mean"), try table.column(name + "_ci95_low"), try table.column(name + "_ci95_high")
      )
    }
    let (threshold, status) = (try table.column("threshold_bytes"), try table.column("status"))
    let (objective, difference) = (try columns("objective"), try columns("difference"))
    let rate = try table.column("promotion_rate")
    return try table.rows.indices.map { row in
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
      guard ["chosen", "alive", "eliminated"].contains(text) else {
        throw wrong(status, "'\(text.printable.prefix(40))' is none of chosen, alive, eliminated")
      }
      return Candidate(
        threshold: bytes, objective: mean, difference: try estimate(difference),
        promotionRate: try table.number(row, rate), status: text)
    }.sorted { $0.threshold < $1.threshold }
  }
}
