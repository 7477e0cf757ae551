import Quantities
import Statistics

/// A numeric result of runs: a column that a summary has rows for.
package struct Metric: Hashable, Sendable {
  /// The name of its column.
  package let name: String
  /// What it counts or measures.
  let unit: Unit

  /// The decimals that its statistics are printed with: nine for times, six for all else.
  var decimals: Int { unit == .seconds ? FixedPoint.timeDecimals : FixedPoint.realDecimals }
}

extension Column {
  /// The column as a metric.
  var metric: Metric { Metric(name: name, unit: unit) }
}

/// Every metric of a point, replication by replication: one number for each that has a value.
package struct MetricSamples: Sendable {
  /// The metrics, in the order of their columns.
  let metrics: [Metric]
  /// The values of each metric that were not empty.
  private var values: [[Double]]

  private init(_ metrics: [Metric]) {
    self.metrics = metrics
    values = metrics.map { _ in [] }
  }

  /// Nothing yet, of the metrics of runs.
  package init() { self.init(RunsTable.metrics.map(\.metric)) }

  /// Nothing yet, of the metrics of a cohort.
  package static let ofCohort = MetricSamples(CohortsTable.metrics.map(\.metric))

  /// Takes the metrics of one replication in, in their order; replications come in their order.
  package mutating func add(_ metrics: [Double?]) {
    for (index, value) in metrics.enumerated() {
      if let value { values[index].append(value) }
    }
  }

  /// Every metric with its statistics.
  var statistics: [(metric: Metric, statistics: SampleStatistics)] {
    zip(metrics, values).map { ($0, SampleStatistics($1)) }
  }

  /// The statistics of one metric by the name of its column.
  package func statistics(of metric: String) -> SampleStatistics { SampleStatistics(values(of: metric)) }

  /// The statistics of the devices of the second set that were never promoted.
  var waitedStatistics: SampleStatistics {
    SampleStatistics(zip(values(of: "second_set_devices"), values(of: "promoted_devices")).map { $0 - $1 })
  }

  /// The values of one metric by the name of its column, in the order of the replications that have one.
  private func values(of metric: String) -> [Double] {
    guard let index = metrics.firstIndex(where: { $0.name == metric }) else {
      preconditionFailure("no metric is called \(metric)")
    }
    return values[index]
  }
}
