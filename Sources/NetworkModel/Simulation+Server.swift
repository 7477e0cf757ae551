import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// The server and its uplink.
extension Simulation {
  /// A message of a device comes to the end of its path: lost there, or the server's (N5).
  @inline(__always)
  mutating func reachServer(_ message: Message, from device: DeviceID) {
    events += 1
    guard !stations[Int(device) - 1].upLoss.loses() else { return }
    if case .acknowledgment(let block) = message, answerFetch(after: block, from: device) { return }
    receive(message, from: device)
  }

  @inline(never)
  private mutating func receive(_ message: Message, from device: DeviceID) {
    prefetchStation(of: device + 1)
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

  @inline(__always)
  mutating func schedule(_ datagram: Datagram, at time: Nanoseconds) {
    queue.schedule(.uplink(datagram), at: time, in: .first)
  }

  private mutating func endSession(abandoned: Bool) {
    let session = ledger.session
    var secondSet = 0
    for index in stations.indices {
      prefetchStation(of: DeviceID(index + 2))
      catchUp(DeviceID(index + 1))
      guard stations[index].isOn, stations[index].device.role == .passive else { continue }
      stations[index].tally.secondSetOf = session
      secondSet += 1
    }
    ledger.end(at: now.time, abandoned: abandoned, secondSet: secondSet)
  }

  /// A datagram turns to the uplink (N2).
  @inline(__always)
  mutating func send(_ datagram: Datagram) {
    if datagram.destination == 0 { sendToGroup(datagram) } else { sendToDevice(datagram) }
  }

  @inline(__always)
  private mutating func sendToDevice(_ datagram: Datagram) {
    events += 1
    let isData: Bool
    let bytes: UInt64
    if case .data(let block) = datagram.message {
      (isData, bytes) = (true, wireBytes(ofData: configuration.file.bytes(of: block)))
    } else {
      (isData, bytes) = (false, wireBytes(of: datagram.message))
    }
    guard let departure = uplink.offer(bytes: bytes, kind: isData ? .unicastData : .control, at: now.time) else {
      return
    }
    ledger.count(bytes: bytes, isUnicastData: isData)
    queue.schedule(
      .reachesDevice(
        datagram.destination, Arrival(message: datagram.message, channel: .unicast, session: datagram.session)),
      at: stations[Int(datagram.destination) - 1].arrival(of: departure), in: .second)
  }

  /// A window is so many packets at once (R4).
  @inline(never)
  private mutating func sendToGroup(_ datagram: Datagram) {
    guard case .data = datagram.message else {
      events += 1
      return sendToGroup(
        datagram.message, of: datagram.session, bytes: wireBytes(of: datagram.message), kind: .control)
    }
    var window = datagram
    skipRounds(of: &window)
    guard case .data(let first) = window.message else { return }
    for block in first...window.lastBlock {
      events += 1
      sendToGroup(
        .data(block), of: window.session, bytes: wireBytes(ofData: configuration.file.bytes(of: block)),
        kind: .multicastData(
          session: window.session, isRepeated: ledger.hasSent(block, session: window.session)))
    }
  }

  private mutating func sendToGroup(_ message: Message, of session: UInt32, bytes: UInt64, kind: Uplink.Kind) {
    guard let departure = uplink.offer(bytes: bytes, kind: kind, at: now.time) else { return }
    ledger.count(bytes: bytes, isUnicastData: false)
    if case .data(let block) = message { ledger.countData(block, session: session) }
    guard !sharedLoss.loses() else { return }
    fanOut(message, session: session, departure: departure)
  }

  /// N1.
  @inline(__always)
  func wireBytes(ofData payload: UInt32) -> UInt64 { max(WireContext.leastBytes, bytesAroundPayload + UInt64(payload)) }

  /// N1, for all but DATA. What the server tells many devices is measured once.
  private mutating func wireBytes(of message: Message) -> UInt64 {
    if lastMeasured.message != message { lastMeasured = (message, wire.bytes(of: message, payload: 0)) }
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
