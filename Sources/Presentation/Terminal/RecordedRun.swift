import Comparison
import Experiments
import Quantities
import Results

/// A replication of live runs, told from its tables: what the server and the devices wrote down.
package struct RecordedRun: Sendable {
  private static let slowestShown = 3
  private static let failedShown = 10

  /// How many devices it has.
  package var devices: Int { rows.count }

  private let folder: ResultsFolder
  private let replication: Int
  private let header: [String]
  private let rows: [[String]]
  private let run: Manifest.LiveRun

  /// Reads a directory; nil if there is none at the path, or if its runs were simulated.
  ///
  /// - Throws: a ``ResultsFolderError``, a `CSVError`, or a ``ComparisonError`` if there is no such replication.
  package init?(at path: String, replication: Int) throws {
    guard Workspace.exists(path + "/" + ResultFile.manifest.rawValue) else { return nil }
    try self.init(ResultsFolder(at: path), replication: replication)
  }

  /// Reads a directory; nil if its runs were simulated.
  init?(_ folder: ResultsFolder, replication: Int) throws {
    guard let runs = folder.manifest.live else { return nil }
    guard let run = runs.first(where: { $0.replication == replication }) else {
      throw ComparisonError("--replication \(replication): \(folder.path) has replications 1 to \(runs.count)")
    }
    self.folder = folder
    self.run = run
    self.replication = replication
    let reader = try folder.reader(.devices)
    header = reader.header
    let column = try CSVTable.column("replication", in: header, of: reader.path)
    rows = try CSVTable(reader) { $0[column] == String(replication) }.rows
  }

  private func field(_ name: String, of row: [String]) -> String {
    header.firstIndex(of: name).map { row[$0] } ?? ""
  }

  private func number(_ name: String, of row: [String]) -> Double? { CSVTable.number(field(name, of: row)) }

  private var failed: [[String]] { rows.filter { number("completed_s", of: $0) == nil } }

  /// The devices that have everything, the last one first.
  private var slowest: [[String]] {
    rows.filter { number("completed_s", of: $0) != nil }.sorted {
      (number("completed_s", of: $1) ?? 0, number("device", of: $0) ?? 0)
        < (number("completed_s", of: $0) ?? 0, number("device", of: $1) ?? 0)
    }
  }

  /// The slowest devices and those that failed, each with a line about it.
  var named: [(device: Int, line: String)] {
    (slowest.prefix(Self.slowestShown) + failed.prefix(Self.failedShown)).compactMap { row in
      Int(field("device", of: row)).map { ($0, line(row)) }
    }
  }

  /// The lines for a person: the slowest and the failed devices.
  package var text: String {
    let (slowest, failed) = (slowest, failed)
    var text = "\(heading): \(slowest.count) of \(HumanUnits.plural(rows.count, "device")) complete"
    text += failed.isEmpty ? "\n" : ", \(failed.count) not\n"
    if !slowest.isEmpty {
      text += "the slowest\n" + slowest.prefix(Self.slowestShown).map { "  \(line($0))\n" }.joined()
    }
    if !failed.isEmpty { text += "not complete\n" + failed.prefix(Self.failedShown).map { "  \(line($0))\n" }.joined() }
    if failed.count > Self.failedShown { text += "  and \(failed.count - Self.failedShown) more\n" }
    return text
  }

  private var heading: String {
    let server = run.hasServer ? "server \(run.server)" : "no record of the server"
    return "\(folder.name.printable), live run \(replication), \(server.printable)"
  }

  private func line(_ row: [String]) -> String {
    let end = field("completed_s", of: row)
    let missed = field("missing_packets", of: row)
    let parts = [
      end.isEmpty ? "not complete" : "complete at \(end) s", field("roles", of: row).replacing(">", with: ", "),
      missed.isEmpty
        ? "no check"
        : "missed \(missed) \(missed == "1" ? "block" : "blocks") in \(field("gaps", of: row)) "
          + "\(field("gaps", of: row) == "1" ? "gap" : "gaps") at its first check",
    ]
    return "device \(field("device", of: row)): " + parts.filter { !$0.isEmpty }.joined(separator: "; ").printable
  }

  /// The story of a device: its row, and its events; nil if there is no such device.
  ///
  /// - Throws: a `CSVError`.
  package func story(of device: Int) throws -> String? {
    guard let row = rows.first(where: { field("device", of: $0) == String(device) }) else { return nil }
    var text = "\(heading)\n\(line(row))\n"
    if let error = run.clockError {
      text +=
        "times of the device itself may be wrong by \(HumanUnits.text(error, in: HumanUnits.timeScale(of: error)))"
      text += " against the server's\n"
    }
    text += "\nwhat was written down\n"
    let reader = try folder.reader(.events)
    let columns = try ["replication", "device", "time_s", "seen_by", "event", "detail"].map {
      try CSVTable.column($0, in: reader.header, of: reader.path)
    }
    let events = try CSVTable(reader) { $0[columns[0]] == String(replication) && $0[columns[1]] == String(device) }.rows
    let width = events.map { $0[columns[2]].count }.max() ?? 0
    for event in events {
      let time = String(repeating: " ", count: width - event[columns[2]].count) + event[columns[2]]
      let words = [event[columns[4]], event[columns[5]]].filter { !$0.isEmpty }.joined(separator: " ")
      text += "  \(time) s  \(event[columns[3]]): \(words)".printable + "\n"
    }
    return text
  }
}
