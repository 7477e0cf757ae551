import BlockTransfer
import TFTPWire
import Timebase

@testable import PromotionEngine

/// A server and some devices, joined by a wire that carries bytes and loses what a script says. No simulator, no clock.
struct Lab {
  /// Which way a packet goes.
  enum Way: Hashable {
    case down, up
  }

  private struct Flight {
    var arrives: Nanoseconds
    var way: Way
    var addressing: Addressing
    var device: DeviceID
    var bytes: [UInt8]
  }

  let file: FileLayout
  private let context: WireContext
  private let content: [UInt8]
  /// Whether a packet is lost: by its way, its device, and its number on that way of that device, from 1.
  private let isLost: (Way, DeviceID, Int) -> Bool
  private(set) var devices: [DeviceBench]
  private var server: ServerBench
  private var flights: [Flight] = []
  private var counts: [Way: [Int]]
  /// All that was sent, to each device that it was for.
  private(set) var sent: [(message: Message, addressing: Addressing, device: DeviceID)] = []
  private(set) var received: [[BlockNumber: [UInt8]]]
  private(set) var promotions = 0
  private(set) var sessions = 0
  private(set) var now = Nanoseconds.zero

  init(
    size: Int,
    devices count: Int,
    isLost: @escaping (Way, DeviceID, Int) -> Bool,
    speakers: Set<DeviceID>? = nil,
    serverSpeaks: Bool = true,
    _ adjust: (inout ProtocolParameters) -> Void
  ) {
    var parameters = ProtocolParameters()
    parameters.blockSize = 16
    adjust(&parameters)
    let file = FileLayout(size: UInt64(size), blockSize: parameters.blockSize)!
    self.file = file
    self.isLost = isLost
    context = WireContext(parameters: parameters)
    content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) }
    devices = (1...count).map { number in
      DeviceBench(file: parameters.mode == .pxeMTFTP ? file : nil) {
        adjust(&$0)
        $0.speaksPromotion = speakers?.contains(DeviceID(number)) ?? true
      }
    }
    server = ServerBench(file: file) {
      adjust(&$0)
      $0.blockSize = 16
      $0.speaksPromotion = serverSpeaks
    }
    counts = [.down: Array(repeating: 0, count: count), .up: Array(repeating: 0, count: count)]
    received = Array(repeating: [:], count: count)
  }

  /// Whether every device has the whole file, by the bytes that reached it.
  var everyoneHasTheFile: Bool {
    devices.indices.allSatisfy { index in
      devices[index].role == .complete
        && (1...file.blocks).flatMap { received[index][$0] ?? [] } == content
    }
  }

  /// Switches the devices on, `spread` apart, and runs until nothing is under way or due, or for ten minutes.
  mutating func run(spread: Nanoseconds) throws {
    var joins = devices.indices.map { (at: spread * $0, index: $0) }[...]
    while let next = nextInstant(joins.first?.at), next < s(600) {
      now = next
      while let join = joins.first, join.at <= now {
        try carryOut(devices[join.index].switchOn(at: now), of: join.index)
        joins.removeFirst()
      }
      try land()
      try ring()
    }
  }

  private func nextInstant(_ join: Nanoseconds?) -> Nanoseconds? {
    var next = min(join ?? .never, server.deadline)
    for flight in flights { next = min(next, flight.arrives) }
    for index in devices.indices { next = min(next, devices[index].deadline, server.deadline(of: DeviceID(index + 1))) }
    return next == .never ? nil : next
  }

  private mutating func land() throws {
    let landing = flights.filter { $0.arrives <= now }
    flights.removeAll { $0.arrives <= now }
    for flight in landing {
      let index = Int(flight.device) - 1
      if flight.addressing == .multicast, !devices[index].listens(at: now) { continue }
      counts[flight.way]![index] += 1
      if isLost(flight.way, flight.device, counts[flight.way]![index]) { continue }
      let packet = try Packet(decoding: flight.bytes, blockNumbers: context.blockNumbers)
      guard let message = Message(packet) else { continue }
      switch flight.way {
      case .up:
        try carryOut(server.hear(message, from: flight.device, at: now))
      case .down:
        if case .data(let block, let payload) = packet, devices[index].device.file != nil {
          received[index][block] = Array(payload)
        }
        try carryOut(devices[index].hear(message, by: flight.addressing, at: now), of: index)
      }
    }
  }

  private mutating func ring() throws {
    for index in devices.indices {
      try carryOut(devices[index].fire(at: now), of: index)
      try carryOut(server.fire(for: DeviceID(index + 1), at: now))
    }
    try carryOut(server.fire(at: now))
  }

  private mutating func carryOut(_ effects: [DeviceEffect], of index: Int) throws {
    for effect in effects {
      switch effect {
      case .send(let message, let leavesAt):
        try fly(message, .up, .unicast, [DeviceID(index + 1)], leavesAt)
      case .drawReportDelay: devices[index].device.delayReport(by: ms(Int64(index) * 50))
      case .entered(.smart): promotions += 1
      case .entered, .checked: break
      }
    }
  }

  private mutating func carryOut(_ effects: [ServerEffect]) throws {
    let everyone = devices.indices.map { DeviceID($0 + 1) }
    for effect in effects {
      switch effect {
      case .unicast(let message, let device, let leavesAt): try fly(message, .down, .unicast, [device], leavesAt)
      case .multicast(let message, let leavesAt): try fly(message, .down, .multicast, everyone, leavesAt)
      case .multicastData(let first, let last, let leavesAt):
        for block in first...last { try fly(.data(block), .down, .multicast, everyone, leavesAt) }
      case .sessionEnded: sessions += 1
      case .watch, .started, .sessionOpened, .sessionBegan: break
      }
    }
  }

  private mutating func fly(
    _ message: Message,
    _ way: Way,
    _ addressing: Addressing,
    _ to: [DeviceID],
    _ leavesAt: Nanoseconds
  ) throws {
    var payload: ArraySlice<UInt8> = []
    if case .data(let block) = message {
      let start = Int(block - 1) * Int(file.blockSize)
      payload = content[start..<start + Int(file.bytes(of: block))]
    }
    let bytes = try message.packet(in: context, payload: payload).encoded(blockNumbers: context.blockNumbers)
    for device in to {
      sent.append((message, addressing, device))
      flights.append(
        Flight(arrives: leavesAt + .microseconds(100), way: way, addressing: addressing, device: device, bytes: bytes)
      )
    }
  }
}
