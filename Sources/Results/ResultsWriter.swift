import RunMetrics
import Runs

/// Writes the files of a run or a sweep, replication by replication.
///
/// It keeps only one number per metric and replication, for the summaries.
package final class ResultsWriter {
  private let directory: ResultsDirectory
  private let runs: TableFile<Row<RunFigures>>
  private let devices: TableFile<Row<DeviceRecord>>?
  private let sessions: TableFile<Row<SessionRecord>>
  private let gaps: TableFile<Row<GapSizeCount>>
  private let summary: TableFile<SummaryRow>
  private let timeline: TableFile<Row<TimelineStep>>?
  private let points: TableFile<RunContext>?
  private let cohorts: TableFile<Row<CohortFigures>>
  private let cohortsSummary: TableFile<SummaryRow>
  private let segments: TableFile<Row<SegmentFigures>>?
  private let segmentsTimeline: TableFile<Row<SegmentStep>>?

  /// Creates the files, with a column for each key that is varied (``VariedKey/column``), with devices and a timeline if
  /// they were asked for, and with segments if the scenario has some.
  package init(
    in directory: ResultsDirectory, varied: [String] = [], devices: Bool = true, timeline: Bool,
    segments: Bool = false
  ) throws {
    self.directory = directory
    func file<Record>(_ table: Table<Row<Record>>) throws -> TableFile<Row<Record>> {
      try TableFile(Row.varying(varied, table), in: directory)
    }
    runs = try file(RunsTable.table)
    self.devices = devices ? try file(DevicesTable.table) : nil
    sessions = try file(SessionsTable.table)
    gaps = try file(GapsTable.table)
    summary = try TableFile(SummaryTable.table(varied: varied), in: directory)
    self.timeline = timeline ? try file(TimelineTable.table) : nil
    points = varied.isEmpty ? nil : try TableFile(PointsTable.table(varied: varied), in: directory)
    cohorts = try file(CohortsTable.table)
    cohortsSummary = try TableFile(SummaryTable.ofCohorts(varied: varied), in: directory)
    self.segments = segments ? try file(SegmentsTable.table) : nil
    segmentsTimeline = segments && timeline ? try file(SegmentsTimelineTable.table) : nil
  }

  /// Writes one replication of the current point. Replications come in their order.
  package func append(_ run: RunReport, to point: inout PointAggregate) throws {
    try append(run.rows)
    point.add(run)
  }

  /// Writes the lines of one replication.
  package func append(_ run: RunRows) throws {
    try runs.append(run[.runs])
    try devices?.append(run[.devices])
    try sessions.append(run[.sessions])
    try gaps.append(run[.gaps])
    try timeline?.append(run[.timeline])
    try cohorts.append(run[.cohorts])
    try segments?.append(run[.segments])
    try segmentsTimeline?.append(run[.segmentsTimeline])
  }

  /// Writes the summary of a point with all its replications.
  package func append(summaryOf point: PointAggregate) throws {
    try append(summaryOf: point.metrics, cohorts: point.cohorts, at: point.context)
  }

  /// Writes the summary of a point from the metrics of its replications, and of its cohorts'.
  package func append(summaryOf metrics: MetricSamples, cohorts: [MetricSamples], at context: RunContext) throws {
    try points?.append(context)
    for row in SummaryRow.rows(of: metrics, at: context) { try summary.append(row) }
    for (cohort, metrics) in cohorts.enumerated() {
      for row in SummaryRow.rows(of: metrics, at: context, cohort: cohort) { try cohortsSummary.append(row) }
    }
  }

  /// Writes the manifest, with the sweep and the share if there is one, and gives the directory its name. Of live runs
  /// it takes what they were, and their events.
  ///
  /// - Parameter isThere: whether the very same results have the name already, by their manifest. They are left as they
  ///   are then.
  /// - Returns: whether it has given the directory its name.
  @discardableResult
  package func commit(
    _ origin: Manifest.Origin, sweep: Manifest.Sweep? = nil, share: Share? = nil, live: [Manifest.LiveRun]? = nil,
    events: TableFile<Row<RecordedEvent>>? = nil, unless isThere: (Manifest) throws -> Bool = { _ in false }
  ) throws -> Bool {
    let files = [
      try runs.close(), try devices?.close(), try sessions.close(), try gaps.close(), try summary.close(),
      try timeline?.close(), try points?.close(), try cohorts.close(), try cohortsSummary.close(),
      try segments?.close(), try segmentsTimeline?.close(), try events?.close(),
    ].compactMap(\.self)
    var manifest = Manifest(origin, files: files, sweep: sweep, share: share)
    manifest.live = live
    guard try !isThere(manifest) else { return false }
    let file = try directory.create(.manifest)
    try file.append(manifest.json)
    _ = try file.close()
    try directory.commit()
    return true
  }
}
