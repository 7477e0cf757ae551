import Experiments
import RunMetrics
import Quantities
import Results
import Statistics

/// The data from which the pictures of a sweep are drawn.
struct SweepData: Sendable {
  /// A point of the design.
  struct Point: Sendable {
    /// Its number.
    var number: String
    /// The value of each varied key, as in a scenario.
    var values: [String]
    /// The statistics of each metric that has any, by its name.
    fileprivate(set) var metrics: [String: Estimate] = [:]

    /// The statistics of a metric; nil if it has none.
    subscript(metric: Metric) -> Estimate? { metrics[metric.name] }
  }

  /// The keys that vary.
  let keys: [String]
  /// The points in the order of the sweep.
  private(set) var points: [Point] = []
  /// The name of the scenario.
  private(set) var scenario = ""
  /// The fewest and the most replications of a metric at a point.
  private var replications: (least: Int, most: Int) = (.max, 0)

  init(_ folder: ResultsFolder) throws {
    let summary = try folder.table(.summary)
    let columns = ResultsFolder.varied(in: summary.header).map { VariedColumn(name: $0) }
    keys = columns.map(\.key)
    let runs = try folder.table(.runs)
    let extents = try Metric.Extent.byPoint(runs)
    try read(summary, columns, extents)
    guard !points.isEmpty else {
      throw CSVError(path: summary.path, line: 2, "there is no row; a sweep has some for each point")
    }
    try addWaiting(runs, extents)
  }

  private mutating func read(
    _ summary: CSVTable, _ varied: [VariedColumn], _ extents: [String: Metric.Extent]
  ) throws {
    let (point, metric) = (try summary.column("point"), try summary.column("metric"))
    let columns = try (mean: summary.column("mean"), low: summary.column("ci95_low"), high: summary.column("ci95_high"))
    let places = try varied.map { try summary.column($0.name) }
    let (name, count) = (try summary.column("scenario"), try summary.column("replications"))
    scenario = summary.rows.first.map { $0[name] } ?? ""
    for (row, fields) in summary.rows.enumerated() {
      if fields[metric] == Metric.serverBytes.name, let number = Int(fields[count]) {
        replications = (min(replications.least, number), max(replications.most, number))
      }
      if points.last?.number != fields[point] {
        points.append(Point(number: fields[point], values: zip(varied, places).map { $0.value(of: fields[$1]) }))
      }
      guard let mean = try summary.number(row, columns.mean) else { continue }
      let (low, high) = (try summary.number(row, columns.low), try summary.number(row, columns.high))
      // A metric that this program does not know is in no picture and on no page.
      points[points.count - 1].metrics[fields[metric]] = Metric.named(fields[metric]).map {
        Estimate(mean: mean, low: low, high: high, of: $0, in: extents[fields[point]] ?? Metric.Extent())
      }
    }
  }

  /// Devices that missed a block and were never promoted. This metric needs two columns of `runs.csv`.
  private mutating func addWaiting(_ runs: CSVTable, _ extents: [String: Metric.Extent]) throws {
    let (point, all) = (try runs.column("point"), try runs.column(Metric.secondSet.name))
    let promoted = try runs.column(Metric.promoted.name)
    var waiting: [String: [Double]] = [:]
    for (row, fields) in runs.rows.enumerated() {
      guard let missed = try runs.number(row, all), let smart = try runs.number(row, promoted) else { continue }
      waiting[fields[point], default: []].append(max(0, missed - smart))
    }
    for index in points.indices {
      let number = points[index].number
      points[index].metrics[Metric.waiting.name] = Estimate(
        SampleStatistics(waiting[number] ?? []), of: .waiting, in: extents[number] ?? Metric.Extent())
    }
  }

  /// Whether there may be intervals.
  var isReplicated: Bool { replications.most > 1 }

  /// What a picture was made of, and what it shows of it.
  func subtitle(_ parts: String...) -> String {
    let (least, most) = replications
    let runs =
      most == 0
      ? "" : (least == most ? "" : "\(least) to ") + HumanUnits.plural(most, "replication") + " at each point"
    return Subtitle.text(scenario, [runs] + parts)
  }

  /// Where the metrics are least, as far as the replications in `runs.csv` can tell.
  func choices(_ folder: ResultsFolder) throws -> SweepChoices {
    // A share says nothing about the whole.
    guard folder.manifest.share == nil else { return SweepChoices(ofShareWithKeys: keys) }
    return try SweepChoices(
      keys: keys, points: points.compactMap { point in Int(point.number).map { ($0, point.values) } },
      delays: folder.rareDelays(), runs: folder.reader(.runs))
  }

  /// A point by its number.
  func point(_ number: Int) -> Point? { points.first { $0.number == "\(number)" } }

  /// The values of a key, each once, in the order of the sweep.
  func values(of key: Int) -> [String] {
    var values: [String] = []
    for point in points where !values.contains(point.values[key]) { values.append(point.values[key]) }
    return values
  }
}
