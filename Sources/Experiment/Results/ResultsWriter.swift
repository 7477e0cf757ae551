import NetworkModel

/// Writes the files of a run or a sweep, replication by replication.
///
/// Of what is written only one number per metric and replication is kept, for the summaries.
package final class ResultsWriter {
  private let directory: ResultsDirectory
  private let runs: TableFile<Row<RunFigures>>
  private let devices: TableFile<Row<DeviceRecord>>?
  private let sessions: TableFile<Row<SessionRecord>>
  private let gaps: TableFile<Row<GapSizeCount>>
  private let summary: TableFile<SummaryRow>
  private let timeline: TableFile<Row<TimelineStep>>?
  private let cohorts: TableFile<Row<CohortFigures>>
  private let cohortsSummary: TableFile<SummaryRow>

  /// Creates the files, with a column of the summaries for each key that is varied, and with devices and a timeline if they
  /// were asked for.
  package init(
    in directory: ResultsDirectory, varied: [String] = [], devices: Bool = true, timeline: Bool
  ) throws {
    self.directory = directory
    runs = try TableFile(RunsTable.table, in: directory)
    self.devices = devices ? try TableFile(DevicesTable.table, in: directory) : nil
    sessions = try TableFile(SessionsTable.table, in: directory)
    gaps = try TableFile(GapsTable.table, in: directory)
    summary = try TableFile(SummaryTable.table(varied: varied), in: directory)
    self.timeline = timeline ? try TableFile(TimelineTable.table, in: directory) : nil
    cohorts = try TableFile(CohortsTable.table, in: directory)
    cohortsSummary = try TableFile(SummaryTable.ofCohorts(varied: varied), in: directory)
  }

  /// Writes one replication of the point that is being gathered; replications come in their order.
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
  }

  /// Writes the summary of a point whose replications are all there.
  package func append(summaryOf point: PointAggregate) throws {
    try append(summaryOf: point.metrics, cohorts: point.cohorts, at: point.context)
  }

  /// Writes the summary of a point from the metrics of its replications, and of its cohorts'.
  package func append(summaryOf metrics: MetricSamples, cohorts: [MetricSamples], at context: RunContext) throws {
    for row in SummaryRow.rows(of: metrics, at: context) { try summary.append(row) }
    for (cohort, metrics) in cohorts.enumerated() {
      for row in SummaryRow.rows(of: metrics, at: context, cohort: cohort) { try cohortsSummary.append(row) }
    }
  }

  /// Writes the manifest, which says what a sweep was if it was one, and gives the directory its name.
  package func commit(_ origin: Manifest.Origin, sweep: Manifest.Sweep? = nil) throws {
    let files = [
      try runs.close(), try devices?.close(), try sessions.close(), try gaps.close(), try summary.close(),
      try timeline?.close(), try cohorts.close(), try cohortsSummary.close(),
    ].compactMap(\.self)
    let manifest = try directory.create(.manifest)
    try manifest.append(try Manifest(origin, files: files, sweep: sweep).json)
    _ = try manifest.close()
    try directory.commit()
  }
}
