import Statistics

/// Every metric of a point, replication by replication: one number for each that has a value.
package struct MetricSamples: Sendable {
  /// The metrics, in the order of their columns.
  package let metrics: [Metric]
  /// The values of each metric that were not empty.
  private var values: [[Double]]

  private init(_ metrics: [Metric]) {
    self.metrics = metrics
    values = metrics.map { _ in [] }
  }

  /// Nothing yet, of the metrics of runs.
  package init() { self.init(Metric.ofRuns) }

  /// Nothing yet, of the metrics of a cohort.
  package static let ofCohort = MetricSamples(Metric.ofCohorts)

  /// Adds the metrics of one replication, in their order. Replications come in their order.
  package mutating func add(_ metrics: [Double?]) {
    for (index, value) in metrics.enumerated() {
      if let value { values[index].append(value) }
    }
  }

  /// Every metric with its statistics.
  package var statistics: [(metric: Metric, statistics: SampleStatistics)] {
    zip(metrics, values).map { ($0, SampleStatistics($1)) }
  }

  /// The statistics of one metric.
  package func statistics(of metric: Metric) -> SampleStatistics { SampleStatistics(values(of: metric)) }

  /// The statistics of the devices of the second set that were never promoted.
  package var waitedStatistics: SampleStatistics {
    SampleStatistics(zip(values(of: .secondSet), values(of: .promoted)).map { $0 - $1 })
  }

  /// The values of one metric, in the order of the replications that have one.
  private func values(of metric: Metric) -> [Double] {
    guard let index = metrics.firstIndex(of: metric) else { preconditionFailure("there is no \(metric.name) here") }
    return values[index]
  }
}
