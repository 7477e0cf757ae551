/// Every metric of a point, replication by replication: one number for each that has a value.
package struct MetricSamples: Sendable {
  /// The values of each metric that were not empty, in the order of `RunsTable.metrics`.
  private var values: [[Double]] = RunsTable.metrics.map { _ in [] }

  /// Nothing yet.
  package init() {}

  /// Takes the metrics of one replication in, in the order of `RunsTable.metrics`; replications come in their order.
  package mutating func add(_ metrics: [Double?]) {
    for (index, value) in metrics.enumerated() {
      if let value { values[index].append(value) }
    }
  }

  /// Every metric's column with its statistics, in the order of the columns.
  var statistics: [(metric: Column<Row<RunFigures>>, statistics: SampleStatistics)] {
    zip(RunsTable.metrics, values).map { ($0, SampleStatistics($1)) }
  }

  /// The statistics of one metric by the name of its column.
  package func statistics(of metric: String) -> SampleStatistics {
    guard let index = RunsTable.metrics.firstIndex(where: { $0.name == metric }) else {
      preconditionFailure("no metric is called \(metric)")
    }
    return SampleStatistics(values[index])
  }
}
