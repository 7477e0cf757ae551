import BlockTransfer
import BootService
import LiveRecords
import Network
import PromotionEngine
import Runs
import Timebase

/// A group of a server while it is recorded.
///
/// Requests may be forged, so the record is kept from the first packet on that is an answer to what the server sent.
struct RecordedGroup {
  /// How often it is written down what was sent, while something is.
  private static let interval = Nanoseconds.milliseconds(100)
  /// The most events of a device that are written down. An honest one has a dozen; a stranger must not fill the disk.
  private static let mostEvents = 500
  private static let framing = Framing(mtu: 1500)

  private let writer: RecordWriter
  private let start: Nanoseconds
  private let layout: FileLayout
  private let headerBytes: UInt64
  private var sent = SentCounts()
  /// When what was sent was written down last.
  private var toldAt = Nanoseconds.zero
  /// What the devices are taken for, by their numbers.
  private var roles: [DeviceID: DeviceRole] = [:]
  /// How many events of each device were written down.
  private var written: [DeviceID: Int] = [:]

  /// Begins with the opening of a group.
  init(_ writer: RecordWriter, of group: GroupDescription, at now: Nanoseconds) {
    self.writer = writer
    start = now
    layout = group.layout
    headerBytes = group.terms.wideBlockNumbers ? 6 : 4
  }

  /// Takes what happens in the group.
  mutating func note(_ event: ServerEvent, at now: Nanoseconds) {
    let time = now - start
    switch event {
    case .joined(let device, _, let endpoint, _): write(.requested(from: "\(endpoint)"), of: device, at: time)
    case .askedAgain(let device, _): write(.requested(from: ""), of: device, at: time)
    case .told(_, let bytes): sent.control(payload: bytes, framing: Self.framing)
    case .standing(let device, _, let standing): enter(DeviceRole(standing), device, at: time)
    case .left(let device, _, _) where roles[device] != .complete: enter(.failed, device, at: time)
    case .reported(let device, _, let report):
      writer.keep()
      write(.reported(report), of: device, at: time)
    case .sessionOpened(_, _, let active):
      sent.beginSession()
      writer.record(.sessionOpened(sent), of: Int(active), at: time)
    case .sessionBegan:
      writer.keep()
      writer.record(.sessionBegan, at: time)
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

  /// Ends the record. A group in which somebody is neither complete nor gone is not over: the server stops, or the file
  /// has changed.
  func close(at now: Nanoseconds, interruptedBy reason: String? = nil) {
    let time = now - start
    writer.record(.sent(sent), at: time)
    let isOver = roles.values.allSatisfy { $0 == .complete || $0 == .failed }
    let words = isOver ? "everybody is complete or gone" : reason ?? "the server ended the group"
    writer.record(.over(isOver ? .complete : .interrupted, reason: words), at: time)
    writer.finish()
  }

  private mutating func enter(_ role: DeviceRole?, _ device: DeviceID, at time: Nanoseconds) {
    guard let role, role != roles[device] else { return }
    roles[device] = role
    if role == .complete { writer.keep() }
    write(.entered(role), of: device, at: time)
  }

  private mutating func write(_ event: LiveEvent, of device: DeviceID, at time: Nanoseconds) {
    guard written[device, default: 0] < Self.mostEvents else { return }
    written[device, default: 0] += 1
    writer.record(event, of: Int(device), at: time)
  }

  private mutating func tellSent(at time: Nanoseconds) {
    guard time - toldAt >= Self.interval else { return }
    toldAt = time
    writer.record(.sent(sent), at: time)
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
