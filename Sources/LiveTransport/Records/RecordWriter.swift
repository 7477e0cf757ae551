import LiveRecords
import Logging
import Scenarios
import Synchronization
import Timebase

/// The record of one run, written away from the event loop. What cannot be written ends the record, with a warning, and
/// disturbs nothing else.
final class RecordWriter: Sendable {
  private let disk: DiskQueue
  private let log: Logger
  private let recorder = Mutex<RunRecorder?>(nil)

  /// Begins a record in a directory.
  init(_ header: RecordHeader, scenario: Scenario, in directory: String, by disk: DiskQueue, log: Logger) {
    self.disk = disk
    self.log = log
    attempt { this in
      let recorder = try RunRecorder(header, scenario: scenario, in: directory)
      this.recorder.withLock { $0 = recorder }
    }
  }

  /// Writes an event down.
  func record(_ event: LiveEvent, of device: Int? = nil, at time: Nanoseconds) {
    attempt { this in
      try this.recorder.withLock { try $0?.record(event, of: device, at: time) }
    }
  }

  /// Makes results of the record.
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

  private func attempt(_ body: @escaping @Sendable (RecordWriter) throws -> Void) {
    disk.run {
      do { try body(self) } catch {
        self.recorder.withLock { $0 = nil }
        self.log.warning("the record of a run cannot be written", metadata: ["reason": "\(error)"])
      }
    }
  }
}
