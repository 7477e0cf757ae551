import BlockTransfer
import DequeModule
import Network
import PromotionEngine
import Timebase

/// Captures the packets that pass one place of the network, in the order of time.
///
/// Both deliveries give the same packets in the same order. At the server everything is told when it happens. A device
/// is told of what arrives in order, but it says what it sends before that leaves. So a message waits here until
/// something later arrives. At one instant, what arrives stands before what leaves.
struct PacketCapture: Observer {
  typealias Observed = Promotion

  /// Where packets are captured.
  let point: CapturePoint
  /// What was captured and not taken yet.
  private(set) var packets: [CapturedPacket] = []
  /// What the device has still to send, in the order of departure.
  private var leaving: Deque<CapturedPacket> = []

  init(at point: CapturePoint) { self.point = point }

  /// Whether so many wait that they should be taken.
  var isFull: Bool { packets.count >= 1024 }

  /// Hands over what was captured.
  mutating func take() -> [CapturedPacket] {
    defer { packets.removeAll(keepingCapacity: true) }
    return packets
  }

  /// The run is over: what left by then is captured too.
  mutating func finish(at end: Nanoseconds) {
    while let next = leaving.first, next.time <= end { packets.append(leaving.removeFirst()) }
  }

  // MARK: At the server

  mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    let toGroup = packet.destination == 0
    switch point {
    case .device: return
    case .group: guard toGroup else { return }
    case .server: break
    }
    packets.append(
      CapturedPacket(time: now, message: packet.message, way: toGroup ? .toGroup : .to(packet.destination)))
  }

  mutating func arrived(_ message: Message, from device: DeviceID, at now: Nanoseconds) {
    guard point == .server else { return }
    packets.append(CapturedPacket(time: now, message: message, way: .from(device)))
  }

  // MARK: At a device

  mutating func arrived(
    _ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    guard point == .device(device) else { return }
    arrive(arrival.message, by: arrival.addressing == .multicast ? .toGroup : .to(device), at: now)
  }

  mutating func heard(_ stretch: Stretch) {
    guard point == .device(stretch.device) else { return }
    stretch.forEachPacket { block, arrival, isLost in
      if !isLost { arrive(.data(block), by: .toGroup, at: arrival) }
    }
  }

  mutating func departs(_ message: Message, from device: DeviceID, at time: Nanoseconds) {
    guard point == .device(device) else { return }
    let packet = CapturedPacket(time: time, message: message, way: .from(device))
    leaving.insert(packet, at: (leaving.lastIndex { $0.time <= time } ?? -1) + 1)
  }

  private mutating func arrive(_ message: Message, by way: CapturedPacket.Way, at now: Nanoseconds) {
    while let next = leaving.first, next.time < now { packets.append(leaving.removeFirst()) }
    packets.append(CapturedPacket(time: now, message: message, way: way))
  }

  // MARK: At both

  mutating func skipped(_ rounds: SkippedRounds) {
    for round in 0..<rounds.rounds {
      let window = rounds.window(of: round)
      let ask = Message.acknowledgment(window.upperBound)
      switch point {
      case .server, .group:
        for block in window {
          packets.append(CapturedPacket(time: rounds.turn(of: round), message: .data(block), way: .toGroup))
        }
        if point == .server { arrived(ask, from: rounds.device, at: rounds.askArrival(of: round)) }
      case .device(rounds.device):
        for (packet, block) in window.enumerated() {
          arrive(.data(block), by: .toGroup, at: rounds.arrival(of: packet, in: round))
        }
        departs(ask, from: rounds.device, at: rounds.askDeparture(of: round))
      case .device: return
      }
    }
  }
}
