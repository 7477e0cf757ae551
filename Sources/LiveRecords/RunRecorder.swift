import Results
import Scenarios
import Synchronization
import Timebase

/// The record of one run while it is written: a journal beside the directory that it becomes.
///
/// An event is on its way to the disk when ``record(_:of:at:)`` returns. A process that is killed, even by `kill -9`,
/// leaves the journal, with at most its last line missing; ``recover(in:)`` makes results of it, and `gapcast gather`
/// reads it as it is. It does blocking I/O: call it where that disturbs nobody.
package final class RunRecorder: Sendable {
  /// The directory that the record becomes.
  package let path: String
  private let journal: Journal
  private let events = Mutex(0)
  private static let mostOfOneName = 10_000

  /// Begins a record: `DIRECTORY/NAME-1`, or the next number that is free.
  ///
  /// - Throws: ``ResultsError``, or ``LiveRecordsError`` for a scenario that cannot be read back.
  package init(_ header: RecordHeader, scenario: Scenario, in directory: String) throws {
    let text = scenario.canonicalYAML()
    _ = try Scenario.ofRecord(text)
    (path, journal) = try Self.begin(header.directoryName, in: directory, design: text)
    try record(.begins(header), at: .zero)
  }

  /// Writes an event down.
  package func record(_ event: LiveEvent, of device: Int? = nil, at time: Nanoseconds) throws {
    let line = Recording.Event(time: time, device: device, event: event).line
    let number = events.withLock { count in
      count += 1
      return count
    }
    try journal.append(key: "\(number)", payload: Array(line.utf8))
  }

  /// Ends the record, which becomes a directory of results. Returns its path.
  package func finish() throws -> String {
    let recording = try Recording(design: journal.design, lines: journal.payloads(), path: journal.path)
    try LiveResults.write([JoinedRun(of: recording)], to: path)
    journal.remove()
    return path
  }

  private static func begin(
    _ name: String, in directory: String, design: String
  ) throws -> (String, Journal) {
    try Workspace.makeDirectory(directory)
    for number in 1...mostOfOneName {
      let path = "\(directory)/\(name)-\(number)"
      let journal = Journal.path(besideResults: path)
      guard !Workspace.exists(path), !Workspace.exists(journal) else { continue }
      do {
        let begun = try Journal(at: journal, design: design, start: .new)
        // Another one had the number, and has made results of its record while this one waited for the lock.
        guard !Workspace.exists(path) else {
          begun.leave()
          continue
        }
        return (path, begun)
      } catch ResultsError.busy {
        continue  // Another one has taken the number in this moment.
      } catch ResumeError.unfinished {
        continue
      }
    }
    throw LiveRecordsError.full(directory: directory)
  }

  /// Makes results of the records that killed processes left in a directory. Returns the paths of the results; what
  /// cannot be read stays as it is.
  package static func recover(in directory: String) -> [String] {
    let names = (try? Workspace.names(in: directory)) ?? []
    return names.filter { $0.hasSuffix(".journal") && !$0.hasPrefix(".") }.compactMap { name in
      let journal = "\(directory)/\(name)"
      let path = String(journal.dropLast(".journal".count))
      guard !Workspace.exists(path), let recording = try? Recording(journal: journal),
        (try? LiveResults.write([JoinedRun(of: recording)], to: path)) != nil
      else { return nil }
      Journal.removeFree(journal)
      return path
    }
  }
}

extension JoinedRun {
  /// The run of one record.
  package init(of recording: Recording) {
    switch recording.header.source {
    case .server: self.init(server: recording, own: [], zero: .zero)
    case .device: self.init(device: recording)
    }
  }
}
