import Quantities
import Scenarios

/// Reads an event log from its beginning, one event at a time.
struct EventLogReader {
  /// The file.
  let path: String
  /// The version of the program that wrote it.
  let program: String
  /// The replication, from 1.
  let replication: Int
  /// The scenario that was run.
  let scenario: Scenario
  /// How the run ended; nil before the end was read.
  private(set) var ended: String?
  private var lines: LineReader
  private var pending: String?
  private var number: UInt64 = 0

  /// Whether a file begins like a log.
  static func isLog(_ path: String) -> Bool {
    guard var lines = try? LineReader(path: path), let first = try? lines.next() else { return false }
    return String(decoding: first, as: UTF8.self).hasPrefix(EventLog.anySignature)
  }

  /// Opens a log and reads the part before its events.
  init(path: String) throws(ComparisonError) {
    self.path = path
    var lines = try LineReader(path: path)
    func line() throws(ComparisonError) -> String { String(decoding: try lines.next() ?? [], as: UTF8.self) }
    let first = try line()
    guard first == EventLog.signature else {
      throw ComparisonError(
        "\(path): '\(first.excerpt)' is not what a log begins with; this program reads '\(EventLog.signature)'")
    }
    let (program, replication) = (try line(), try line())
    guard program.hasPrefix("program "), replication.hasPrefix("replication "),
      let number = Int(replication.dropFirst("replication ".count)), number >= 1
    else { throw ComparisonError("\(path): lines 2 and 3 of a log say 'program …' and 'replication …'") }
    self.program = String(program.dropFirst("program ".count))
    self.replication = number
    var text = ""
    var next = try line()
    guard !next.hasPrefix(EventLog.filterMark) else {
      throw ComparisonError(
        "\(path) has only a part of the events (\(next.dropFirst(EventLog.filterMark.count).description.excerpt)), "
          + "and cannot be compared; write the log without --device, --from, --until and --roles")
    }
    while next.hasPrefix("| ") {
      text += next.dropFirst(2) + "\n"
      next = try line()
    }
    do {
      scenario = try Scenario.parse(text: text, file: path).scenario
    } catch {
      throw ComparisonError("\(path): the scenario at its beginning cannot be read:\n\(error)")
    }
    self.lines = lines
    pending = next
  }

  /// The next event; nil at the end of the run.
  ///
  /// - Throws: a ``ComparisonError`` if the log breaks off, or a line is no line of a log.
  mutating func next() throws(ComparisonError) -> LoggedEvent? {
    guard ended == nil else { return nil }
    let line: String
    if let first = pending {
      line = first
      pending = nil
    } else {
      guard let bytes = try lines.next() else {
        throw ComparisonError("\(path): the log breaks off after event \(number); write it again")
      }
      line = String(decoding: bytes, as: UTF8.self)
    }
    if line.hasPrefix("end\t\(number)\t") {
      ended = String(line.dropFirst("end\t\(number)\t".count))
      return nil
    }
    number += 1
    guard let event = LoggedEvent(line: line, number: number) else {
      throw ComparisonError("\(path): after event \(number - 1) stands '\(line.excerpt)', which is no line of a log")
    }
    return event
  }
}
