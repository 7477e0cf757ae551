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
    func row<Record>(_ part: Record) -> Row<Record> {
      Row(context: point.context, replication: record.replication, record: part)
    }
    let figures = row(RunFigures(record))
    try runs.append(figures)
    for device in record.devices { try devices.append(row(device)) }
    for session in record.sessions { try sessions.append(row(session)) }
    for size in record.gapSizes { try gaps.append(row(size)) }
    if let timeline {
      for step in TimelineStep.steps(of: record.timeline) { try timeline.append(row(step)) }
    }
    point.add(figures, of: record)
  }

  /// Writes the summary of a point whose replications are all there.
  package func append(summaryOf point: PointAggregate) throws {
    for row in SummaryRow.rows(of: point) { try summary.append(row) }
  }

  /// Writes the manifest, and gives the directory its name.
  package func commit(_ origin: Manifest.Origin) throws {
    var files = [try runs.close(), try devices.close(), try sessions.close(), try gaps.close(), try summary.close()]
    if let timeline { files.append(try timeline.close()) }
    let manifest = try directory.create(.manifest)
    try manifest.append(try Manifest(origin, files: files).json)
    _ = try manifest.close()
    try directory.commit()
  }
}
