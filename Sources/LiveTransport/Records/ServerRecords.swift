import BootService
import Glibc
import LiveRecords
import Logging
import PromotionEngine
import Scenarios
import Synchronization
import Timebase

/// Keeps the records of a server's groups (`serve --results`): one directory of results for each in which a device
/// answered, from its opening to its end.
package final class ServerRecords: Sendable {
  private let directory: String
  private let base: Scenario?
  private let parameters: ProtocolParameters
  private let rate: UInt64?
  private let server: Endpoint
  private let log: Logger
  private let disk = DiskQueue()
  private let groups = Mutex<[GroupID: RecordedGroup]>([:])

  /// Keeps records in a directory, and makes results of what killed processes left there.
  ///
  /// - Parameters:
  ///   - scenario: the scenario that the server was started with; nil if there is none.
  ///   - parameters: the protocol that the server runs.
  ///   - rate: what it sends at most, in bits per second.
  ///   - server: where it answers from.
  package init(
    in directory: String, scenario: Scenario?, parameters: ProtocolParameters, rate: UInt64?, server: Endpoint,
    log: Logger
  ) {
    (self.directory, base, self.parameters, self.rate) = (directory, scenario, parameters, rate)
    (self.server, self.log) = (server, log)
    disk.run {
      for path in RunRecorder.recover(in: directory) {
        log.info("results of a server that was killed are written", metadata: ["directory": "\(path)"])
      }
    }
  }

  /// Takes what happens at the server.
  package func note(_ event: ServerEvent, at now: Nanoseconds) {
    groups.withLock { groups in
      switch event {
      case .groupOpened(let id, let group): groups[id] = open(group, at: now)
      case .groupClosed(let id): groups.removeValue(forKey: id)?.close(at: now)
      default:
        guard let id = event.group else { return }
        groups[id]?.note(event, at: now)
      }
    }
  }

  /// Ends all records: the server stops, for this reason.
  package func finish(saying reason: String, at now: Nanoseconds) {
    groups.withLock { groups in
      for group in groups.values { group.close(at: now, interruptedBy: reason) }
      groups.removeAll()
    }
    disk.finish()
  }

  private func open(_ group: GroupDescription, at now: Nanoseconds) -> RecordedGroup {
    let header = RecordHeader(
      source: .server, file: group.fileName, server: "\(server)", group: "\(group.address)", began: WallClock.now)
    var parameters = parameters
    parameters.mode = group.mode
    parameters.blockSize = group.terms.blockSize
    parameters.windowSize = group.terms.windowSize
    parameters.wideBlockNumbers = group.terms.wideBlockNumbers
    let scenario = Scenario.live(
      base, name: header.directoryName, parameters: parameters, file: group.layout, rate: rate)
    return RecordedGroup(
      RecordWriter(header, scenario: scenario, in: directory, by: disk, log: log), of: group, at: now)
  }
}

extension ServerEvent {
  /// The group that it is about; nil if it is about none.
  var group: GroupID? {
    switch self {
    case .groupOpened(let id, _), .groupClosed(let id), .joined(_, let id, _, _), .standing(_, let id, _),
      .reported(_, let id, _), .left(_, let id, _), .started(let id), .sessionOpened(let id, _, _),
      .sessionBegan(let id, _), .sessionEnded(let id, _, _), .sentToGroup(let id, _, _, _),
      .sentToDevice(_, let id, _, _), .askedAgain(_, let id), .told(let id, _):
      id
    case .transferBegan, .transferSent, .transferEnded, .refused, .stray: nil
    }
  }
}

/// What the machine's clock shows.
enum WallClock {
  /// Nanoseconds since 1970.
  static var now: Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec))
  }
}
