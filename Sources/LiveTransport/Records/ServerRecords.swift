import BlockTransfer
import BootService
import Glibc
import LiveRecords
import Logging
import Network
import PromotionEngine
import Runs
import Scenarios
import Synchronization
import Timebase

/// Keeps the records of a server's groups (`serve --results`): one directory of results for each, from its opening to its
/// end.
package final class ServerRecords: Sendable {
  /// A group while it is recorded.
  fileprivate struct Group {
    let writer: RecordWriter
    let start: Nanoseconds
    let layout: FileLayout
    let headerBytes: UInt64
    var sent = SentCounts()
    /// When what was sent was written down last.
    var toldAt = Nanoseconds.zero
    /// What the devices are taken for, by their numbers.
    var roles: [DeviceID: DeviceRole] = [:]
    /// How many events of each device were written down.
    var written: [DeviceID: Int] = [:]
  }

  /// The most events of a device that are written down. An honest one has a dozen; a stranger must not fill the disk.
  fileprivate static let mostEvents = 500

  /// How often it is written down what was sent, while something is.
  fileprivate static let interval = Nanoseconds.milliseconds(100)

  private let directory: String
  private let base: Scenario?
  private let parameters: ProtocolParameters
  private let rate: UInt64?
  private let server: Endpoint
  private let log: Logger
  private let disk = DiskQueue()
  private let groups = Mutex<[GroupID: Group]>([:])

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

  private func open(_ group: GroupDescription, at now: Nanoseconds) -> Group {
    let header = RecordHeader(
      source: .server, file: group.fileName, server: "\(server)", group: "\(group.address)", began: WallClock.now)
    var parameters = parameters
    parameters.mode = group.mode
    parameters.blockSize = group.terms.blockSize
    parameters.windowSize = group.terms.windowSize
    parameters.wideBlockNumbers = group.terms.wideBlockNumbers
    let scenario = Scenario.live(
      base, name: header.directoryName, parameters: parameters, file: group.layout, rate: rate)
    return Group(
      writer: RecordWriter(header, scenario: scenario, in: directory, by: disk, log: log), start: now,
      layout: group.layout, headerBytes: group.terms.wideBlockNumbers ? 6 : 4)
  }
}

extension ServerRecords.Group {
  fileprivate static let framing = Framing(mtu: 1500)

  fileprivate mutating func note(_ event: ServerEvent, at now: Nanoseconds) {
    let time = now - start
    switch event {
    case .joined(let device, _, let endpoint, _):
      write(.requested(from: "\(endpoint)"), of: device, at: time)
    case .askedAgain(let device, _):
      write(.requested(from: ""), of: device, at: time)
    case .told(_, let bytes): sent.control(payload: bytes, framing: Self.framing)
    case .standing(let device, _, let standing):
      guard let role = DeviceRole(standing), role != roles[device] else { return }
      roles[device] = role
      write(.entered(role), of: device, at: time)
    case .left(let device, _, _) where roles[device] != .complete:
      roles[device] = .failed
      write(.entered(.failed), of: device, at: time)
    case .reported(let device, _, let report): write(.reported(report), of: device, at: time)
    case .sessionOpened(_, _, let active):
      sent.beginSession()
      writer.record(.sessionOpened(sent), of: Int(active), at: time)
    case .sessionBegan: writer.record(.sessionBegan, at: time)
    case .sessionEnded(_, _, let end): writer.record(.sessionEnded(end, sent), at: time)
    case .sentToGroup(_, let first, let last, _):
      sent.multicast(first...max(first, last), of: layout, headerBytes: headerBytes, framing: Self.framing)
      tellSent(at: time)
    case .sentToDevice(_, _, let block, _):
      sent.unicast(block...block, of: layout, headerBytes: headerBytes, framing: Self.framing)
      tellSent(at: time)
    default: break
    }
  }

  private mutating func write(_ event: LiveEvent, of device: DeviceID, at time: Nanoseconds) {
    guard written[device, default: 0] < ServerRecords.mostEvents else { return }
    written[device, default: 0] += 1
    writer.record(event, of: Int(device), at: time)
  }

  private mutating func tellSent(at time: Nanoseconds) {
    guard time - toldAt >= ServerRecords.interval else { return }
    toldAt = time
    writer.record(.sent(sent), at: time)
  }

  /// Ends the record. A group in which somebody is neither complete nor gone is not over: the server stops, or the file
  /// has changed.
  fileprivate func close(at now: Nanoseconds, interruptedBy reason: String? = nil) {
    let time = now - start
    writer.record(.sent(sent), at: time)
    let isOver = roles.values.allSatisfy { $0 == .complete || $0 == .failed }
    let words = isOver ? "everybody is complete or gone" : reason ?? "the server ended the group"
    writer.record(.over(isOver ? .complete : .interrupted, reason: words), at: time)
    writer.finish()
  }
}

extension DeviceRole {
  /// What the server takes a device for, as a role; nil if it does not know it.
  fileprivate init?(_ standing: StandingName) {
    switch standing {
    case .unknown: return nil
    case .struckOff: self = .failed
    case .passive, .queued, .elected: self = .passive
    case .active: self = .active
    case .smart: self = .smart
    case .complete: self = .complete
    }
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
