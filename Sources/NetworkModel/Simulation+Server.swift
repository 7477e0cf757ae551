import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// The server and its uplink.
extension Simulation {
  /// A message of a device comes to the end of its path: lost there, or the server's (N5).
  mutating func reachServer(_ message: Message, from device: DeviceID) {
    events += 1
    guard !stations[Int(device) - 1].upLoss.loses() else { return }
    server.receive(message, from: device, at: now.time, into: &serverEffects)
    carryOutServerEffects()
    watchPlace(of: device)
  }

  mutating func ringServer() {
    guard serverAlarm.rings(at: now) else { return }
    if server.deadline <= now.time {
      events += 1
      server.fire(at: now.time, into: &serverEffects)
    }
    carryOutServerEffects()
  }

  mutating func ringPlace(of device: DeviceID) {
    guard stations[Int(device) - 1].placeAlarm.rings(at: now) else { return }
    if server.deadline(of: device) <= now.time {
      events += 1
      server.fire(for: device, at: now.time, into: &serverEffects)
      carryOutServerEffects()
    }
    watchPlace(of: device)
  }

  private mutating func carryOutServerEffects() {
    if serverEffects.count == 1 {
      carryOut(serverEffects.removeLast())
    } else if !serverEffects.isEmpty {
      for effect in serverEffects { carryOut(effect) }
      serverEffects.removeAll(keepingCapacity: true)
    }
    serverAlarm.see(queue.nextPlace)
    if let key = serverAlarm.needsEvent(for: server.nextDeadline()) { queue.schedule(.serverAlarm, at: key.time) }
    #if DEBUG
      checkServer()
    #endif
  }

  private mutating func watchPlace(of device: DeviceID) {
    let deadline = server.nextDeadline(of: device)
    guard deadline != .never else { return }
    stations[Int(device) - 1].placeAlarm.see(queue.nextPlace)
    if let key = stations[Int(device) - 1].placeAlarm.needsEvent(for: deadline) {
      queue.schedule(.placeAlarm(device), at: key.time)
    }
  }

  private mutating func carryOut(_ effect: ServerEffect) {
    switch effect {
    case .unicast(let message, let device, let leavesAt):
      schedule(Datagram(message: message, destination: device, session: ledger.session), at: leavesAt)
    case .multicast(let message, let leavesAt):
      schedule(Datagram(message: message, destination: 0, session: ledger.session), at: leavesAt)
    case .multicastData(let first, let last, let leavesAt):
      schedule(
        Datagram(message: .data(first), lastBlock: last, destination: 0, session: ledger.session), at: leavesAt)
    case .watch(let device):
      watchPlace(of: device)
    case .sessionOpened(let device):
      if ledger.isSessionOpen { report(breach: "two sessions at a time, the second of device \(device)") }
      ledger.open(active: device)
    case .sessionBegan:
      ledger.begin(at: now.time)
    case .sessionEnded(let abandoned):
      endSession(abandoned: abandoned)
    }
  }

  private mutating func schedule(_ datagram: Datagram, at time: Nanoseconds) {
    queue.schedule(.uplink(datagram), at: time, in: .first)
  }

  private mutating func endSession(abandoned: Bool) {
    let session = ledger.session
    var secondSet = 0
    for index in stations.indices {
      catchUp(DeviceID(index + 1))
      guard stations[index].isOn, stations[index].device.role == .passive else { continue }
      stations[index].tally.secondSetOf = session
      secondSet += 1
    }
    ledger.end(at: now.time, abandoned: abandoned, secondSet: secondSet)
  }

  /// A datagram turns to the uplink (N2): a window is so many packets at once (R4).
  mutating func send(_ datagram: Datagram) {
    var datagram = datagram
    if datagram.destination == 0, case .data = datagram.message { skipRounds(of: &datagram) }
    guard datagram.destination == 0, case .data(let first) = datagram.message else {
      return send(datagram.message, of: datagram)
    }
    for block in first...datagram.lastBlock { send(.data(block), of: datagram) }
  }

  private mutating func send(_ message: Message, of datagram: Datagram) {
    events += 1
    var kind = Uplink.Kind.control
    var payload: UInt32 = 0
    if case .data(let block) = message {
      payload = configuration.file.bytes(of: block)
      kind =
        datagram.destination == 0
        ? .multicastData(session: datagram.session, isRepeated: ledger.hasSent(block, session: datagram.session))
        : .unicastData
    }
    let bytes = wireBytes(of: message, payload: payload)
    guard let departure = uplink.offer(bytes: bytes, kind: kind, at: now.time) else { return }
    ledger.count(bytes: bytes, isUnicastData: kind == .unicastData)
    if case .multicastData(let session, _) = kind, case .data(let block) = message {
      ledger.countData(block, session: session)
    }
    if datagram.destination == 0 {
      guard !sharedLoss.loses() else { return }
      fanOut(message, session: datagram.session, departure: departure)
    } else {
      let arrival = Arrival(message: message, channel: .unicast, session: datagram.session)
      let index = Int(datagram.destination) - 1
      queue.schedule(
        .reachesDevice(datagram.destination, arrival), at: stations[index].arrival(of: departure), in: .second)
    }
  }

  /// N1. What the server tells many devices is measured once.
  mutating func wireBytes(of message: Message, payload: UInt32) -> UInt64 {
    if case .data = message { return max(WireContext.leastBytes, bytesAroundPayload + UInt64(payload)) }
    if lastMeasured.message != message { lastMeasured = (message, wire.bytes(of: message, payload: payload)) }
    return lastMeasured.bytes
  }
}

extension WireContext {
  /// N1: what is around a UDP payload on the wire, and what a frame has at least.
  static var bytesAround: UInt64 { 66 }
  static var leastBytes: UInt64 { 84 }

  /// N1.
  func bytes(of message: Message, payload: UInt32) -> UInt64 {
    max(Self.leastBytes, UInt64(message.encodedLength(in: self, payloadBytes: payload)) + Self.bytesAround)
  }
}
