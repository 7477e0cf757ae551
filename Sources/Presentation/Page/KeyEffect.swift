import Results
import RunMetrics
import Statistics

/// What each value of a varied key costs against the best value, all else alike.
///
/// Replications of the same number have the same luck at all points, so values are compared replication by replication:
/// the mean over all combinations of the other keys that have a point for each value, less that of the best value.
struct KeyEffect: Sendable {
  /// A value of the key.
  struct Value: Sendable {
    var text: String
    /// The mean over the replications and the combinations of the other keys.
    var mean: Double
    /// What it costs more than the best value, with an interval; nil for the best value.
    var cost: (mean: Double, interval: ClosedRange<Double>?)?

    /// Whether it is worse than the best, beyond chance and by more than ``MeanDifference/negligible``.
    var isWorse = false
    /// Whether it is as good as the best for any purpose: what it may cost is negligible.
    var isSame = false
  }

  let key: String
  let metric: Metric
  /// In the order of the sweep.
  let values: [Value]
  /// How many combinations of the other keys are compared.
  let combinations: Int
  let replications: Int

  /// The value that costs most.
  var worst: Value? { values.max { ($0.cost?.mean ?? 0) < ($1.cost?.mean ?? 0) } }
  /// The largest mean or cost, by which a unit is chosen.
  var largest: Double {
    let costs = values.compactMap(\.cost)
    let figures = values.map(\.mean) + costs.map(\.mean) + costs.compactMap { $0.interval?.upperBound }
    return figures.map(\.magnitude).max() ?? 0
  }
  /// The value with the least mean.
  var best: Value? { values.first { $0.cost == nil } }

  /// nil if the key never varies by itself, or if the metric has too few values.
  ///
  /// - Parameter jump: how far the metric of a run may jump in rare replications (`RareJump`).
  init?(_ metric: Metric, of index: Int, in data: SweepData, _ samples: SweepSamples, jump: RareJump = .none) {
    guard let values = samples.values[metric] else { return nil }
    (key, self.metric) = (data.keys[index], metric)
    let texts = data.values(of: index)
    /// The points with each value of the key, by the values of the other keys.
    var strata: [[String]: [String: String]] = [:]
    var order: [[String]] = []
    for point in data.points where values[point.number] != nil {
      var others = point.values
      others.remove(at: index)
      if strata[others] == nil { order.append(others) }
      strata[others, default: [:]][point.values[index]] = point.number
    }
    let whole = order.compactMap { strata[$0] }.filter { $0.count == texts.count }
    let points = whole.flatMap { Array($0.values) }
    let common = points.dropFirst().reduce(Set((points.first.flatMap { values[$0] } ?? [:]).keys)) { common, point in
      common.intersection((values[point] ?? [:]).keys)
    }.sorted()
    guard texts.count > 1, !whole.isEmpty, !common.isEmpty else { return nil }
    let series = texts.map { text in
      common.map { replication in
        whole.reduce(0) { $0 + ($1[text].flatMap { values[$0]?[replication] } ?? 0) } / Double(whole.count)
      }
    }
    let means = series.map { $0.reduce(0, +) / Double(common.count) }
    // Forged results may have numbers whose differences are none.
    guard means.allSatisfy({ $0.magnitude < 1e300 }),
      let best = means.indices.min(by: { means[$0] < means[$1] })
    else { return nil }
    // The intervals of a key hold together.
    let level = 0.05 / Double(texts.count - 1)
    self.values = texts.indices.map { place in
      let pairs = zip(series[best], series[place]).map { (base: $0, new: $1) }
      guard place != best else { return Value(text: texts[place], mean: means[place]) }
      let interval = MeanDifference.paired(pairs, resolution: metric.resolution, jump: jump)?.interval(level: level)
      let beyond = MeanDifference.paired(
        pairs, resolution: metric.resolution, jump: jump, scale: 1 + MeanDifference.negligible)
      let least = MeanDifference.negligible * means[best]
      return Value(
        text: texts[place], mean: means[place], cost: (means[place] - means[best], interval),
        isWorse: (beyond?.interval(level: level)).map { $0.lowerBound > 0 } ?? false,
        isSame: interval.map { $0.lowerBound >= -least && $0.upperBound <= least } ?? (means[place] == means[best]))
    }
    (combinations, replications) = (whole.count, common.count)
  }
}

/// The metrics of a sweep that its effects are about, replication by replication.
struct SweepSamples: Sendable {
  static let metrics: [Metric] = [.makespan, .completionP95, .serverBytes]

  /// By the metric, by the number of the point, by the replication. A point that lacks a value somewhere is not there.
  private(set) var values: [Metric: [String: [Int: Double]]] = [:]

  /// - Parameter unfit: points that are left out: what leaves devices behind is no merit.
  init(_ runs: CSVTable, without unfit: Set<Int> = []) throws {
    let (point, replication) = (try runs.column("point"), try runs.column("replication"))
    for metric in Self.metrics {
      guard let column = runs.header.firstIndex(of: metric.name) else { continue }
      var lacking = Set(unfit.map(String.init))
      var found: [String: [Int: Double]] = [:]
      for (row, fields) in runs.rows.enumerated() {
        guard let number = Int(fields[replication]), let value = try runs.number(row, column) else {
          lacking.insert(fields[point])
          continue
        }
        found[fields[point], default: [:]][number] = value
      }
      values[metric] = found.filter { !lacking.contains($0.key) }
    }
  }
}
