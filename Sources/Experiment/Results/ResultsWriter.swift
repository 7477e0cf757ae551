import NetworkModel

/// Writes the files of a run or a sweep, replication by replication.
///
/// Of what is written only one number per metric and replication is kept, for `summary.csv`.
package final class ResultsWriter {
  private let directory: ResultsDirectory
  private let runs: TableFile<Row<RunFigures>>
  private let devices: TableFile<Row<DeviceRecord>>
  private let sessions: TableFile<Row<SessionRecord>>
  private let gaps: TableFile<Row<GapSizeCount>>
  private let summary: TableFile<SummaryRow>
  private let timeline: TableFile<Row<TimelineStep>>?

  /// Creates the files, with a column of `summary.csv` for each key that is varied, and a timeline if one was asked for.
  package init(in directory: ResultsDirectory, varied: [String] = [], timeline: Bool) throws {
    self.directory = directory
    runs = try TableFile(RunsTable.table, in: directory)
    devices = try TableFile(DevicesTable.table, in: directory)
    sessions = try TableFile(SessionsTable.table, in: directory)
    gaps = try TableFile(GapsTable.table, in: directory)
    summary = try TableFile(SummaryTable.table(varied: varied), in: directory)
    self.timeline = timeline ? try TableFile(TimelineTable.table, in: directory) : nil
  }

  /// Writes one replication of the point that is being gathered; replications come in their order.
  package func append(_ record: RunRecord, to point: inout PointAggregate) throws {
    let rows = RecordRows(record: record, context: point.context)
    try runs.append(rows.figures)
    for row in rows.devices { try devices.append(row) }
    for row in rows.sessions { try sessions.append(row) }
    for row in rows.gaps { try gaps.append(row) }
    if let timeline {
      for row in rows.timeline { try timeline.append(row) }
    }
    point.add(rows.figures, of: record)
  }

  /// Writes one replication whose rows are there already.
  package func append(_ run: RunRows) throws {
    try runs.append(lines: run[.runs])
    try devices.append(lines: run[.devices])
    try sessions.append(lines: run[.sessions])
    try gaps.append(lines: run[.gaps])
    try timeline?.append(lines: run[.timeline])
  }

  /// Writes the summary of a point whose replications are all there.
  package func append(summaryOf point: PointAggregate) throws {
    try append(summaryOf: point.metrics, at: point.context)
  }

  /// Writes the summary of a point from the metrics of its replications.
  package func append(summaryOf metrics: MetricSamples, at context: RunContext) throws {
    for row in SummaryRow.rows(of: metrics, at: context) { try summary.append(row) }
  }

  /// Writes the manifest, which says what a sweep was if it was one, and gives the directory its name.
  package func commit(_ origin: Manifest.Origin, sweep: Manifest.Sweep? = nil) throws {
    var files = [try runs.close(), try devices.close(), try sessions.close(), try gaps.close(), try summary.close()]
    if let timeline { files.append(try timeline.close()) }
    let manifest = try directory.create(.manifest)
    try manifest.append(try Manifest(origin, files: files, sweep: sweep).json)
    _ = try manifest.close()
    try directory.commit()
  }
}
