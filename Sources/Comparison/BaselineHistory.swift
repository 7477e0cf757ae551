import Quantities
import Results
import RunMetrics
import Statistics

/// What baselines were, each time that other results were accepted: `history.csv` beside them.
///
/// It has no dates. Its rows stand in the order in which results were accepted, and name the version of the program.
package struct BaselineHistory: Hashable, Sendable {
  /// A metric of a baseline from one acceptance on.
  package struct Row: Hashable, Sendable {
    /// The number of the acceptance, from 1; 0 for what a baseline was when the history began.
    package let accept: Int
    /// The baseline's name.
    package let scenario: String
    package let point: Int
    /// The metric's name.
    package let metric: String
    /// The version of the program that made the results.
    package let programVersion: String
    package let replications: Int
    package let mean: Double
    /// The ends of its 95 % confidence interval; nil for fewer than two values.
    package let interval: ClosedRange<Double>?
  }

  package static let fileName = "history.csv"
  static let header = [
    "accept", "scenario", "point", "metric", "program_version", "replications", "mean", "ci95_low", "ci95_high",
  ]

  package private(set) var rows: [Row] = []

  /// The history in a directory of baselines; an empty one if there is none.
  ///
  /// - Throws: a ``CSVError`` with the line of what is wrong.
  package init(in directory: String) throws(CSVError) {
    let path = Self.path(in: directory)
    guard Workspace.exists(path) else { return }
    let table = try CSVTable(contentsOf: path)
    var columns: [Int] = []
    for name in Self.header { columns.append(try table.column(name)) }
    for (row, fields) in table.rows.enumerated() {
      func number(_ column: Int) throws(CSVError) -> Double {
        if let number = try table.number(row, columns[column]) { return number }
        throw wrong(column, "a number is expected")
      }
      func count(_ column: Int) throws(CSVError) -> Int {
        if let count = Int(fields[columns[column]]), count >= 0 { return count }
        throw wrong(column, "a whole number is expected")
      }
      func wrong(_ column: Int, _ message: String) -> CSVError {
        CSVError(path: path, line: table.line(ofRow: row), column: Self.header[column], message)
      }
      let (low, high) = (try table.number(row, columns[7]), try table.number(row, columns[8]))
      rows.append(
        Row(
          accept: try count(0), scenario: fields[columns[1]], point: try count(2), metric: fields[columns[3]],
          programVersion: fields[columns[4]], replications: try count(5), mean: try number(6),
          interval: low.flatMap { low in high.flatMap { low <= $0 ? low...$0 : nil } }))
    }
  }

  /// Where the history of a directory is.
  package static func path(in directory: String) -> String { "\(directory)/\(fileName)" }

  /// Adds what was accepted together. A baseline that is new to the history gets what it was before, too.
  mutating func add(_ accepted: [(name: String, old: ResultsFolder?, new: ResultsFolder)]) throws(CSVError) {
    let number = (rows.map(\.accept).max() ?? 0) + 1
    let known = Set(rows.map(\.scenario))
    for (name, old, _) in accepted where !known.contains(name) {
      if let old { rows += try Self.rows(of: old, name, accept: number - 1) }
    }
    for (name, _, new) in accepted { rows += try Self.rows(of: new, name, accept: number) }
  }

  private static func rows(of results: ResultsFolder, _ name: String, accept: Int) throws(CSVError) -> [Row] {
    guard results.has(.runs) else { return [] }
    let samples = try RunSamples(results.table(.runs))
    return samples.points.flatMap { point in
      samples.metrics.compactMap { metric in
        let values = (point.values[metric] ?? []).compactMap(\.self)
        let statistics = SampleStatistics(values)
        return statistics.mean.map { mean in
          Row(
            accept: accept, scenario: name, point: point.point, metric: metric.name,
            programVersion: results.manifest.programVersion, replications: values.count, mean: mean,
            interval: statistics.confidenceInterval)
        }
      }
    }
  }

  /// The file.
  var csv: String {
    var text = Self.header.joined(separator: ",") + "\n"
    for row in rows {
      let decimals = Metric.named(row.metric)?.decimals ?? FixedPoint.realDecimals
      let ends = [row.interval?.lowerBound, row.interval?.upperBound]
      let fields =
        ["\(row.accept)", row.scenario, "\(row.point)", row.metric, row.programVersion, "\(row.replications)"]
        + ([row.mean] + ends).map { $0.map { HumanUnits.fixed($0, decimals: decimals) } ?? "" }
      text += fields.map(Self.field).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func field(_ text: String) -> String {
    text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

extension ComparisonJob {
  /// Writes into the history what was accepted. A directory of baselines has one; beside a single baseline it goes on
  /// only if it is there already.
  ///
  /// - Returns: the file; nil if none was written.
  func remember(_ accepted: [(name: String, old: ResultsFolder?, new: ResultsFolder)]) throws -> String? {
    guard !accepted.isEmpty else { return nil }
    let isDirectory = !Baseline.isResults(base)
    let directory = isDirectory ? base : "\(base)/.."
    let path = BaselineHistory.path(in: directory)
    guard isDirectory || Workspace.exists(path) else { return nil }
    var history = try BaselineHistory(in: directory)
    try history.add(accepted)
    try WholeFile.write(history.csv, to: path)
    return path
  }
}
