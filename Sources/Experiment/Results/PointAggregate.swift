import NetworkModel

/// What is kept of a point when its replications are written: one number per metric and replication, and sums.
package struct PointAggregate: Sendable {
  /// The point.
  package let context: RunContext
  /// The replications so far.
  private(set) package var replications = 0
  /// How many of them a limit on simulated time ended.
  private(set) package var endedByTimeLimit = 0
  /// How many of them a limit on events ended.
  private(set) package var endedByEventLimit = 0
  /// The events that were executed in all of them.
  private(set) package var events: UInt64 = 0
  /// What became of the devices of each cohort, added up over the replications.
  private(set) var cohorts: [DeviceTotals]
  /// The devices of the second set that were never promoted, by replication.
  private var waited: [Double] = []
  /// The metrics of the replications so far.
  private(set) var metrics = MetricSamples()

  /// A point of which nothing has run yet.
  package init(_ context: RunContext) {
    self.context = context
    cohorts = context.cohorts.map { _ in DeviceTotals() }
  }

  /// Takes one replication in; replications come in their order.
  mutating func add(_ run: RunReport) {
    replications += 1
    events += run.events
    switch run.ended {
    case .complete: break
    case .timeLimit: endedByTimeLimit += 1
    case .eventLimit: endedByEventLimit += 1
    }
    waited.append(Double(run.cohorts.reduce(0) { $0 + $1.figures.waited }))
    for (index, totals) in run.cohorts.enumerated() { cohorts[index].add(totals) }
    metrics.add(run.metrics)
  }

  /// Whether a limit ended a replication, so that its figures are those of an unfinished run.
  package var endedByLimit: Bool { endedByTimeLimit + endedByEventLimit > 0 }

  /// The statistics of one metric by the name of its column.
  func statistics(of metric: String) -> SampleStatistics { metrics.statistics(of: metric) }

  /// The statistics of the devices that missed a block at a check and were never promoted.
  var waitedStatistics: SampleStatistics { SampleStatistics(waited) }
}

/// What became of a cohort's devices, added up over replications.
struct DeviceTotals: Hashable, Sendable {
  /// How many devices there were.
  private(set) var devices = 0
  /// By what became of them.
  private(set) var figures = DeviceFigures()

  /// Counts one device.
  mutating func add(_ device: DeviceRecord) {
    devices += 1
    figures.add(device)
  }

  /// Adds those of another replication, or of another cohort.
  mutating func add(_ other: DeviceTotals) {
    devices += other.devices
    figures.add(other.figures)
  }
}
