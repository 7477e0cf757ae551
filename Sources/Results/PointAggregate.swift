import Metrics
import Network
import Statistics

/// What is kept of a point after its replications are written: one number per metric and replication, and sums.
package struct PointAggregate: Sendable {
  /// The point.
  package let context: RunContext
  /// The replications so far.
  private(set) package var replications = 0
  /// How many of them a limit on simulated time ended.
  private(set) package var endedByTimeLimit = 0
  /// How many of them a limit on events ended.
  private(set) package var endedByEventLimit = 0
  /// The events that were executed by this process.
  private(set) package var events: UInt64 = 0
  /// The metrics of the replications so far.
  package private(set) var metrics = MetricSamples()
  /// The same of each cohort, in the order of the context's names.
  package private(set) var cohorts: [MetricSamples]

  /// A point of which nothing has run yet.
  package init(_ context: RunContext) {
    self.context = context
    cohorts = context.cohorts.map { _ in .ofCohort }
  }

  /// Adds one replication. Replications come in their order.
  package mutating func add(_ run: RunReport) {
    count(events: run.events)
    add(run.metrics, cohorts: run.cohorts, ended: run.ended)
  }

  /// Adds the figures of a replication that is in the files.
  package mutating func add(_ metrics: [Double?], cohorts: [[Double?]], ended: RunEnd) {
    replications += 1
    switch ended {
    case .complete: break
    case .timeLimit: endedByTimeLimit += 1
    case .eventLimit: endedByEventLimit += 1
    }
    self.metrics.add(metrics)
    for (index, metrics) in cohorts.enumerated() { self.cohorts[index].add(metrics) }
  }

  /// Counts events that were executed.
  package mutating func count(events: UInt64) { self.events += events }

  /// Whether a limit ended a replication, so that its figures are those of an unfinished run.
  package var endedByLimit: Bool { endedByTimeLimit + endedByEventLimit > 0 }

  /// The statistics of one metric.
  package func statistics(of metric: Metric) -> SampleStatistics { metrics.statistics(of: metric) }

  /// The statistics of the devices that missed a block at a check and were never promoted.
  package var waitedStatistics: SampleStatistics { metrics.waitedStatistics }

  /// Whether the scenario switched off a device before it was complete.
  package var hasLeft: Bool { statistics(of: .left).maximum ?? 0 > 0 }
}
