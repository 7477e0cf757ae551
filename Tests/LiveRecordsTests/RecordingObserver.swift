import BlockTransfer
import Network
import PromotionEngine
import Results
import Runs
import Timebase

@testable import LiveRecords
@testable import PromotionRun

/// Writes down what the ends of a simulated run would write down on real wires: the server by the run's clock, each device
/// by its own, which begins when it is switched on.
struct RecordingObserver: Observer {
  typealias Observed = Promotion

  static var looksInside: Bool { true }

  /// What a device counts and writes down.
  struct Device {
    var events: [Recording.Event] = []
    let join: Nanoseconds
    var counts = HeardCounts()
    var isAccepted = false
    var lastPass: UInt32 = 0
    var sessionsEnded: UInt32 = 0
  }

  private(set) var server: [Recording.Event] = []
  private(set) var devices: [Device] = []
  private var sent = SentCounts()
  private var standings: [StandingName] = []
  private var now = Nanoseconds.zero
  private let file: FileLayout

  init(_ file: FileLayout) { self.file = file }

  static func endpoint(of device: Int) -> String { "10.0.0.\(device):40000" }

  // MARK: The server

  private mutating func write(_ event: LiveEvent, of device: Int? = nil, at time: Nanoseconds) {
    server.append(Recording.Event(time: time, device: device, event: event))
  }

  mutating func timerFiredAtServer(at now: Nanoseconds) { self.now = now }
  mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds) { self.now = now }

  mutating func arrived(_ message: Message, from device: DeviceID, at now: Nanoseconds) {
    self.now = now
    switch message {
    case .request: write(.requested(from: Self.endpoint(of: Int(device))), of: Int(device), at: now)
    case .report(let report): write(.reported(report), of: Int(device), at: now)
    default: break
    }
  }

  mutating func inside(_ server: Server) {
    for index in standings.indices {
      let standing = server.standing(of: DeviceID(index + 1))
      guard standing != standings[index] else { continue }
      standings[index] = standing
      guard let role = standing.role else { continue }
      write(.entered(role), of: index + 1, at: now)
    }
  }

  mutating func noted(_ note: ServerNote, at now: Nanoseconds) {
    switch note {
    case .started: break
    case .sessionOpened(let active):
      sent.beginSession()
      write(.sessionOpened(sent), of: Int(active), at: now)
    case .sessionBegan: write(.sessionBegan, at: now)
    case .sessionEnded(let end): write(.sessionEnded(end, sent), at: now)
    }
  }

  mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    let framing = Framing(mtu: 1500)
    guard let block = packet.message.block else {
      return sent.control(payload: Int(packet.payload), framing: framing)
    }
    let headerBytes = packet.payload - UInt64(file.bytes(of: block))
    if packet.destination == 0 {
      sent.multicast(block...block, of: file, headerBytes: headerBytes, framing: framing)
    } else {
      sent.unicast(block...block, of: file, headerBytes: headerBytes, framing: framing)
    }
  }

  // MARK: The devices

  private mutating func write(_ event: LiveEvent, by device: DeviceID, at time: Nanoseconds) {
    let index = Int(device) - 1
    devices[index].events.append(Recording.Event(time: time - devices[index].join, event: event))
  }

  mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    devices.append(Device(join: join))
    standings.append(.unknown)
  }

  mutating func departs(_ message: Message, from device: DeviceID, at time: Nanoseconds) {
    devices[Int(device) - 1].counts.sent += 1
    if case .request = message { write(.requested(from: ""), by: device, at: time) }
  }

  mutating func arrived(_ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds)
  {
    let index = Int(device) - 1
    switch arrival.message {
    case .acceptance(let acceptance) where !devices[index].isAccepted:
      devices[index].isAccepted = true
      write(.accepted(sessionsEnded: acceptance.promotion?.sessionsEnded ?? 0), by: device, at: now)
    case .check(let session): devices[index].sessionsEnded = session
    case .data:
      devices[index].count(arrival, as: reception)
    default: break
    }
  }

  mutating func noted(_ note: DeviceNote, of device: DeviceID, receiver: PromotionEngine.Device, at now: Nanoseconds) {
    switch note {
    case .entered(let role): write(.entered(DeviceRole(role)), by: device, at: now)
    case .checked(let report):
      write(
        .checked(report, CheckedGaps(receiver.gaps), session: devices[Int(device) - 1].sessionsEnded), by: device,
        at: now)
    }
  }

  mutating func completed(_ device: DeviceID, at time: Nanoseconds) { write(.entered(.complete), by: device, at: time) }

  // MARK: The records

  /// The server's record.
  func serverRecord(_ scenario: String, ended: RunEnd) throws -> Recording? {
    let header = RecordHeader(
      source: .server, file: "boot.img", server: "10.0.0.254:69", group: "239.192.0.1:1758",
      began: .seconds(1_800_000_000))
    let last = server.last?.time ?? .zero
    return try Recording.written(
      [Recording.Event(time: .zero, event: .begins(header))] + server
        + [
          Recording.Event(time: last, event: .sent(sent)),
          Recording.Event(time: last, event: .over(ended, reason: "everybody is complete")),
        ], scenario)
  }

  /// The records of the devices, by their numbers.
  func deviceRecords(_ scenario: String) throws -> [(number: Int, record: Recording)] {
    try devices.enumerated().compactMap { index, device in
      let header = RecordHeader(
        source: .device, file: "boot.img", server: "10.0.0.254:69", own: Self.endpoint(of: index + 1),
        group: "239.192.0.1:1758", began: .seconds(1_800_000_007))
      let last = device.events.last?.time ?? .zero
      let all =
        [Recording.Event(time: .zero, event: .begins(header))] + device.events
        + [
          Recording.Event(time: last, event: .heard(device.counts)),
          Recording.Event(time: last, event: .over(.complete, reason: "complete")),
        ]
      return try Recording.written(all, scenario).map { (index + 1, $0) }
    }
  }
}

extension RecordingObserver.Device {
  fileprivate mutating func count(_ arrival: Arrival<Message>, as reception: Reception) {
    let isMulticast = arrival.addressing == .multicast
    if isMulticast, arrival.pass != lastPass {
      lastPass = arrival.pass
      counts.sessions += 1
    }
    if isMulticast, arrival.pass == 1 { counts.sessionOne += 1 }
    switch reception {
    case .new where isMulticast: counts.multicastBlocks += 1
    case .new: counts.unicastBlocks += 1
    case .duplicate: counts.duplicates += 1
    case .other: break
    }
  }
}

extension Recording {
  /// What comes back of events after they were lines of a journal.
  static func written(_ events: [Event], _ scenario: String) throws -> Recording? {
    try Recording(design: scenario, lines: events.map { Array($0.line.utf8) }, path: "a journal")
  }
}

extension StandingName {
  fileprivate var role: DeviceRole? {
    switch self {
    case .unknown: nil
    case .struckOff: .failed
    case .passive, .queued, .elected: .passive
    case .active: .active
    case .smart: .smart
    case .complete: .complete
    }
  }
}
