import Network
import Results
import RunMetrics
import Statistics

/// The figures of results: as `summary.csv` has them, or from `runs.csv` where no summary is kept, as in a baseline.
struct ResultFigures: Sendable {
  /// The figures of each point, in their order. A run has one point.
  private(set) var points: [[Metric: Estimate]] = []
  /// The most replications of a point.
  private(set) var replications = 0
  /// How many runs a limit ended.
  private(set) var limitedRuns = 0

  init(_ folder: ResultsFolder) throws {
    let runs = try folder.table(.runs)
    let point = try runs.column("point")
    let rows = Dictionary(grouping: runs.rows.indices) { runs.rows[$0][point] }
    replications = rows.values.map(\.count).max() ?? 0
    guard replications > 0 else { throw CSVError(path: runs.path, line: 2, "there is no row") }
    if let ended = runs.header.firstIndex(of: "ended") {
      let limits = [RunEnd.timeLimit, .eventLimit].map(\.rawValue)
      limitedRuns = runs.rows.count { limits.contains($0[ended]) }
    }
    let extents = try Metric.Extent.byPoint(runs)
    points =
      try folder.has(.summary)
      ? Self.summary(folder.table(.summary), extents) : Self.points(of: runs, rows, point, extents)
  }

  private static func summary(
    _ table: CSVTable, _ extents: [String: Metric.Extent]
  ) throws -> [[Metric: Estimate]] {
    let columns = try ["point", "metric", "mean", "ci95_low", "ci95_high"].map { try table.column($0) }
    var points: [[Metric: Estimate]] = []
    var last: String?
    for (row, fields) in table.rows.enumerated() {
      if fields[columns[0]] != last { points.append([:]) }
      last = fields[columns[0]]
      guard let metric = Metric.named(fields[columns[1]]), let mean = try table.number(row, columns[2]) else {
        continue
      }
      points[points.count - 1][metric] = Estimate(
        mean: mean, low: try table.number(row, columns[3]), high: try table.number(row, columns[4]), of: metric,
        in: extents[fields[columns[0]]] ?? Metric.Extent())
    }
    return points
  }

  private static func points(
    of runs: CSVTable, _ rows: [String: [Int]], _ point: Int, _ extents: [String: Metric.Extent]
  ) throws -> [[Metric: Estimate]] {
    let columns = runs.header.enumerated().compactMap { index, name in Metric.named(name).map { ($0, index) } }
    var seen: Set<String> = []
    return try runs.rows.map { $0[point] }.filter { seen.insert($0).inserted }.map { name in
      var figures: [Metric: Estimate] = [:]
      for (metric, column) in columns {
        figures[metric] = Estimate(
          SampleStatistics(try rows[name, default: []].compactMap { try runs.number($0, column) }), of: metric,
          in: extents[name] ?? Metric.Extent())
      }
      return figures
    }
  }
}
