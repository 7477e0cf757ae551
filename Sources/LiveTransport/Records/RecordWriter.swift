import LiveRecords
import Logging
import Scenarios
import Synchronization
import Timebase

/// The record of one run, written away from the event loop. What cannot be written ends the record, with a warning, and
/// disturbs nothing else.
///
/// Nothing is on the disk before ``keep()``: until then it may be a record of forged packets.
final class RecordWriter: Sendable {
  private typealias Event = (event: LiveEvent, device: Int?, time: Nanoseconds)

  /// The most events that wait in memory.
  private static let mostWaiting = 4096

  private let header: RecordHeader
  private let scenario: Scenario
  private let directory: String
  private let disk: DiskQueue
  private let log: Logger
  /// What is to be written when the record is kept; nil once it is.
  private let waiting = Mutex<[Event]?>([])
  private let recorder = Mutex<RunRecorder?>(nil)

  /// Prepares a record in a directory.
  init(_ header: RecordHeader, scenario: Scenario, in directory: String, by disk: DiskQueue, log: Logger) {
    (self.header, self.scenario, self.directory) = (header, scenario, directory)
    (self.disk, self.log) = (disk, log)
  }

  /// Notes an event.
  func record(_ event: LiveEvent, of device: Int? = nil, at time: Nanoseconds) {
    let isKept = waiting.withLock { waiting in
      guard let count = waiting?.count else { return true }
      if count < Self.mostWaiting { waiting?.append((event, device, time)) }
      return false
    }
    if isKept { write((event, device, time)) }
  }

  /// Writes what was noted, and from now on all that is.
  func keep() {
    let events = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    guard let events else { return }
    attempt { this in
      let recorder = try RunRecorder(this.header, scenario: this.scenario, in: this.directory)
      this.recorder.withLock { $0 = recorder }
    }
    for event in events { write(event) }
  }

  /// Makes results of a record that is kept.
  func finish() {
    attempt { this in
      let recorder = this.recorder.withLock { recorder in
        defer { recorder = nil }
        return recorder
      }
      guard let path = try recorder?.finish() else { return }
      this.log.info("results are written", metadata: ["directory": "\(path)"])
    }
  }

  private func write(_ event: Event) {
    attempt { this in
      try this.recorder.withLock { try $0?.record(event.event, of: event.device, at: event.time) }
    }
  }

  private func attempt(_ body: @escaping @Sendable (RecordWriter) throws -> Void) {
    disk.run {
      do { try body(self) } catch {
        self.recorder.withLock { $0 = nil }
        self.log.warning("the record of a run cannot be written", metadata: ["reason": "\(error)"])
      }
    }
  }
}
