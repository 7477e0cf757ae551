import RunMetrics
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
  /// How busy the uplink and each segment were in the replications so far; empty if the scenario has no segments.
  package private(set) var segments: [SegmentCounters] = []

  /// A point of which nothing has run yet.
  package init(_ context: RunContext) {
    self.context = context
    cohorts = context.cohorts.map { _ in .ofCohort }
  }

  /// Adds one replication. Replications come in their order.
  package mutating func add(_ run: RunReport) {
    count(events: run.events)
    add(run.metrics, cohorts: run.cohorts, segments: run.segments, ended: run.ended)
  }

  /// Adds the figures of a replication that is in the files.
  package mutating func add(
    _ metrics: [Double?], cohorts: [[Double?]], segments: [SegmentSummary], ended: RunEnd
  ) {
    replications += 1
    switch ended {
    // Nobody asks an aggregate of live runs how they ended.
    case .complete, .interrupted: break
    case .timeLimit: endedByTimeLimit += 1
    case .eventLimit: endedByEventLimit += 1
    }
    self.metrics.add(metrics)
    for (index, metrics) in cohorts.enumerated() { self.cohorts[index].add(metrics) }
    if self.segments.isEmpty { self.segments = segments.map { _ in SegmentCounters() } }
    for (index, segment) in segments.enumerated() { self.segments[index].add(segment) }
  }

  /// Counts events that were executed.
  package mutating func count(events: UInt64) { self.events += events }

  /// Whether a limit ended a replication, so that its figures are those of an unfinished run.
  package var endedByLimit: Bool { endedByTimeLimit + endedByEventLimit > 0 }

  /// The statistics of one metric.
  package func statistics(of metric: Metric) -> SampleStatistics { metrics.statistics(of: metric) }

  /// The statistics of the devices that missed a block at a check and were never promoted.
  package var waitedStatistics: SampleStatistics { metrics.waitedStatistics }

  /// The segment that was busy for the largest share of the time, on average, or the uplink; nil without segments. Of
  /// two that were equally busy the first one counts.
  package var busiestSegment: (name: String, counters: SegmentCounters)? {
    guard let most = segments.map(\.busyShare).max(), let index = segments.firstIndex(where: { $0.busyShare == most })
    else { return nil }
    return (SegmentsTable.name(of: index > 0 ? index - 1 : nil, in: context), segments[index])
  }

  /// Whether the scenario switched off a device before it was complete.
  package var hasLeft: Bool { statistics(of: .left).maximum ?? 0 > 0 }
}
