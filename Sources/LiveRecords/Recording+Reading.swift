import Quantities
import Results
import Timebase

extension Recording {
  /// Reads the journal of a record that nobody writes any more.
  ///
  /// - Throws: ``ResultsError/busy(path:)``, ``ResumeError`` or a ``LiveRecordsError``.
  package init(journal path: String) throws {
    let (design, payloads) = try Journal.contents(at: path)
    try self.init(design: design, lines: payloads, path: path)
  }

  init(design: String, lines: [[UInt8]], path: String) throws(LiveRecordsError) {
    var events: [Event] = []
    for line in lines {
      guard let text = String(validating: line, as: UTF8.self), let event = Event(line: text) else {
        throw .damaged(path: path, reason: "'\(String(decoding: line, as: UTF8.self).excerpt)' is no event")
      }
      events.append(event)
    }
    guard let recording = Recording(scenario: design, events: events) else {
      throw .damaged(path: path, reason: "it does not say what it is a record of")
    }
    self = recording
  }

  /// Reads a directory that `serve` or `fetch` wrote.
  ///
  /// - Throws: ``LiveRecordsError``, or a `CSVError`.
  package init(_ folder: ResultsFolder) throws {
    guard folder.manifest.live?.count == 1 else { throw LiveRecordsError.joined(path: folder.path) }
    let table = try folder.table(.events)
    let columns = try ["time_s", "device", "event", "detail", "seen_by"].map { try table.column($0) }
    var events: [Event] = []
    for (row, fields) in table.rows.enumerated() {
      let isOwn = fields[columns[4]] == RecordedEvent.Source.device.rawValue
      guard let time = Nanoseconds(printed: fields[columns[0]]),
        let event = Event(
          time: time, device: isOwn ? "" : fields[columns[1]], name: fields[columns[2]], detail: fields[columns[3]])
      else {
        throw LiveRecordsError.damaged(
          path: table.path, reason: "line \(table.line(ofRow: row)) is no event that this program knows")
      }
      if case .begins = event.event, !events.isEmpty { throw LiveRecordsError.joined(path: folder.path) }
      events.append(event)
    }
    guard let recording = Recording(scenario: folder.manifest.scenario, events: events) else {
      throw LiveRecordsError.damaged(path: table.path, reason: "it does not say what it is a record of")
    }
    self = recording
  }
}

extension Nanoseconds {
  /// Reads a time as results print it, seconds with nine decimals; nil if it is none.
  init?(printed text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 9, let seconds = Int64(parts[0]), seconds >= 0,
      seconds < 1 << 32, let fraction = UInt32(parts[1])
    else { return nil }
    self.init(seconds * 1_000_000_000 + Int64(fraction))
  }
}
