import RunMetrics
import Runs

/// One replication in the files: its lines in each of them.
package struct RunRows: Sendable {
  /// The files that have lines of single replications, in the order of their lines here.
  package static let files: [ResultFile] = [
    .runs, .devices, .sessions, .gaps, .timeline, .cohorts, .segments, .segmentsTimeline,
  ]

  /// The lines in each of ``files``, each with its line end.
  package var lines: [Lines]

  /// Takes lines as they were written.
  package init(lines: [Lines]) { self.lines = lines }

  /// Writes the lines of a run.
  package init(
    _ record: RunRecord, _ figures: Row<RunFigures>, devices: Bool, spool: (() throws -> SpoolFile)?
  ) throws {
    let varied = figures.context.varied.map(\.column)
    func rows<Record: Sendable>(_ rows: some Sequence<Row<Record>>, _ table: Table<Row<Record>>) throws -> Lines {
      try Self.lines(rows, Row.varying(varied, table), spool)
    }
    func lines<Record: Sendable>(_ records: some Sequence<Record>, _ table: Table<Row<Record>>) throws -> Lines {
      try rows(
        records.lazy.map { Row(context: figures.context, replication: figures.replication, record: $0) }, table)
    }
    self.lines = [
      try rows([figures], RunsTable.table),
      devices ? try lines(record.devices, DevicesTable.table) : .none,
      try lines(record.sessions, SessionsTable.table),
      try lines(record.gapSizes, GapsTable.table),
      try lines(TimelineStep.steps(of: record.timeline), TimelineTable.table),
      try rows(figures.cohorts, CohortsTable.table),
      try lines(SegmentFigures.figures(of: record, makespan: figures.record.makespan), SegmentsTable.table),
      try lines(SegmentStep.steps(of: record.timeline), SegmentsTimelineTable.table),
    ]
  }

  /// The lines in one of ``files``.
  package subscript(file: ResultFile) -> Lines { Self.files.firstIndex(of: file).map { lines[$0] } ?? .none }

  private static func lines<Record: Sendable>(
    _ rows: some Sequence<Row<Record>>, _ table: Table<Row<Record>>, _ spool: (() throws -> SpoolFile)?
  ) throws -> Lines {
    var buffer = CSVBuffer()
    var file: SpoolFile?
    for row in rows {
      buffer.append(row, columns: table.columns)
      guard buffer.bytes.count >= Lines.mostHeld, let spool else { continue }
      file = try file ?? spool()
      try file?.append(buffer.bytes)
      buffer.removeAll()
    }
    guard let file else { return .held(buffer.bytes) }
    try file.append(buffer.bytes)
    return try file.close()
  }
}
