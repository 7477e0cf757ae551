import RunMetrics
import Quantities
import Results

/// The figures of `runs.csv`, point by point.
struct RunSamples: Sendable {
  /// One point of a sweep. A plain run has one point.
  struct Point: Hashable, Sendable {
    /// The point's number, from 0.
    let point: Int
    /// The seed of its replications, as it is printed.
    let seed: String
    /// The replications, from 1.
    fileprivate(set) var replications: [Int] = []
    /// Whether a limit ended the replication.
    fileprivate(set) var isLimited: [Bool] = []
    /// The value of each metric in each replication; nil if it has none.
    fileprivate(set) var values: [Metric: [Double?]] = [:]
    /// The step in which each metric is printed.
    fileprivate(set) var resolutions: [Metric: Double] = [:]

    /// Whether replications of the same number had the same luck: they have the same seed. Live runs have none.
    func isPaired(with other: Point) -> Bool { seed == other.seed && !seed.isEmpty }

    /// The values that a metric has.
    func known(_ metric: Metric) -> [Double] { values[metric, default: []].compactMap(\.self) }

    /// How many replications a limit ended.
    var unfinished: Int { isLimited.count { $0 } }
  }

  /// The points, in their order.
  private(set) var points: [Point] = []
  /// The metrics in the file, in the order of its columns.
  let metrics: [Metric]

  /// Reads a table of runs.
  init(_ table: CSVTable) throws(CSVError) {
    let columns = table.header.enumerated().compactMap { index, name in
      Metric.named(name).map { (metric: $0, index: index) }
    }
    metrics = columns.map(\.metric)
    let (point, replication) = (try table.column("point"), try table.column("replication"))
    let (seed, ended) = (try table.column("seed"), try table.column("ended"))
    for row in table.rows.indices {
      let number = try Self.integer(table, row, point)
      if points.last?.point != number { points.append(Point(point: number, seed: table.rows[row][seed])) }
      let last = points.count - 1
      points[last].replications.append(try Self.integer(table, row, replication))
      points[last].isLimited.append(table.rows[row][ended] != "complete")
      for (metric, index) in columns {
        points[last].values[metric, default: []].append(try table.number(row, index))
        points[last].resolutions[metric] = min(
          points[last].resolutions[metric] ?? 1, Self.resolution(of: table.rows[row][index]))
      }
    }
  }

  /// Whether a metric has no value in any replication.
  func lacks(_ metric: Metric) -> Bool {
    points.allSatisfy { $0.values[metric, default: []].allSatisfy { $0 == nil } }
  }

  private static func integer(_ table: CSVTable, _ row: Int, _ column: Int) throws(CSVError) -> Int {
    if let number = Int(table.rows[row][column]), number >= 0 { return number }
    throw CSVError(
      path: table.path, line: table.line(ofRow: row), column: table.header[column],
      "'\(table.rows[row][column].excerpt)' is not a whole number")
  }

  /// The step of the last decimal.
  private static func resolution(of field: String) -> Double {
    guard let dot = field.firstIndex(of: ".") else { return 1 }
    return field[dot...].dropFirst().reduce(1) { step, _ in step / 10 }
  }
}
