import NetworkModel

/// The rows of one replication, made from its record when they are asked for.
struct RecordRows {
  let record: RunRecord
  let context: RunContext
  let figures: Row<RunFigures>

  init(record: RunRecord, context: RunContext) {
    self.record = record
    self.context = context
    figures = Row(context: context, replication: record.replication, record: RunFigures(record))
  }

  var devices: some Sequence<Row<DeviceRecord>> { rows(record.devices) }
  var sessions: some Sequence<Row<SessionRecord>> { rows(record.sessions) }
  var gaps: some Sequence<Row<GapSizeCount>> { rows(record.gapSizes) }
  var timeline: some Sequence<Row<TimelineStep>> { rows(TimelineStep.steps(of: record.timeline)) }

  private func rows<Record: Sendable>(_ parts: [Record]) -> some Sequence<Row<Record>> {
    parts.lazy.map { Row(context: context, replication: record.replication, record: $0) }
  }
}

/// One replication as it stands in the files: its lines in each of them.
package struct RunRows: Hashable, Sendable {
  /// The files that have lines of single replications, in the order of their lines here.
  static let files: [ResultFile] = [.runs, .devices, .sessions, .gaps, .timeline]

  /// The lines in each of ``files``, each with its line end.
  var lines: [[UInt8]]

  /// Takes lines as they were read.
  init(lines: [[UInt8]]) { self.lines = lines }

  /// Writes the lines of a run.
  package init(_ record: RunRecord, of context: RunContext) {
    let rows = RecordRows(record: record, context: context)
    lines = [
      Self.lines([rows.figures], RunsTable.table), Self.lines(rows.devices, DevicesTable.table),
      Self.lines(rows.sessions, SessionsTable.table), Self.lines(rows.gaps, GapsTable.table),
      Self.lines(rows.timeline, TimelineTable.table),
    ]
  }

  /// The lines in one of ``files``.
  subscript(file: ResultFile) -> [UInt8] { Self.files.firstIndex(of: file).map { lines[$0] } ?? [] }

  private static func lines<Record: Sendable>(_ rows: some Sequence<Row<Record>>, _ table: Table<Row<Record>>)
    -> [UInt8]
  {
    var buffer = CSVBuffer()
    for row in rows { buffer.append(row, columns: table.columns) }
    return buffer.bytes
  }
}

/// A line of `runs.csv`, read back.
struct RunLine: Hashable, Sendable {
  /// The metrics in the order of `RunsTable.metrics`.
  let metrics: [Double?]
  /// Why the run ended.
  let ended: RunEnd

  /// Columns between the scenario's name and the first metric; the reason of the end follows the last one.
  private static let before = (RunsTable.table.columns.firstIndex { $0.name == RunsTable.metrics[0].name } ?? 1) - 1

  /// Reads a line whose first field takes so many bytes; nil if it is none.
  init?(_ line: some Sequence<UInt8>, nameLength: Int) {
    let fields = line.dropFirst(nameLength + 1).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard fields.count == RunsTable.table.columns.count - 1,
      let ended = RunEnd(
        rawValue: String(decoding: fields[Self.before + RunsTable.metrics.count], as: UTF8.self).trimmed)
    else { return nil }
    var metrics: [Double?] = []
    for field in fields[Self.before...].prefix(RunsTable.metrics.count) {
      guard !field.isEmpty else {
        metrics.append(nil)
        continue
      }
      guard let number = FixedPoint(digits: field) else { return nil }
      metrics.append(number.value)
    }
    self.metrics = metrics
    self.ended = ended
  }
}
