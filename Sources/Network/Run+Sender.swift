import BlockTransfer
import EventSimulation
import Timebase

// The server and its uplink.
extension Run {
  /// A message of a device reaches the end of its path: it is lost there, or the server receives it (N5).
  @inlinable @inline(__always)
  mutating func reachServer(_ message: S.Message, from device: DeviceID) {
    executed += 1
    if let place = lossOnTheWayUp(from: Int(device) - 1, at: now.time) {
      observer.lost(message, from: device, at: place, at: now.time)
      lookInside()
      return
    }
    if answerAtOnce(message, from: device) { return }
    receive(message, from: device)
  }

  /// Offers a message that arrives at the server to the losses on its way: the device's own, then those of its ports.
  /// Returns the one that takes it.
  @inlinable @inline(__always)
  mutating func lossOnTheWayUp(from index: Int, at now: Nanoseconds) -> PlaceOfLoss? {
    guard isPlain else { return lossOnTheWayUpThroughTree(from: index, at: now) }
    return stations[index].losesOnTheWayUp(at: now) ? .ownPath : nil
  }

  @inlinable @inline(never)
  mutating func lossOnTheWayUpThroughTree(from index: Int, at now: Nanoseconds) -> PlaceOfLoss? {
    let branch = stations[index].branch
    if stations[index].losesOnTheWayUp(at: now - branches[branch].distance) { return .ownPath }
    guard tree.hasLoss, let node = tree.losesOnTheWayUp(from: branches[branch].segment, arrivingAt: now) else {
      return nil
    }
    // Links lose nothing.
    guard case .segment(let segment) = tree.nodes[node].kind else { return .ownPath }
    return .segment(segment)
  }

  @inlinable @inline(never)
  mutating func receive(_ message: S.Message, from device: DeviceID) {
    strategy.deliver(message, from: device, to: &sender, at: now.time, into: &senderEffects)
    observer.arrived(message, from: device, at: now.time)
    lookInside()
    carryOutSenderEffects()
    watchSender(for: device)
  }

  @inlinable
  mutating func fireSenderTimer() {
    guard senderTimer.fires(at: now) else { return }
    if strategy.deadline(of: sender) <= now.time {
      executed += 1
      strategy.fire(&sender, at: now.time, into: &senderEffects)
      observer.timerFiredAtServer(at: now.time)
      lookInside()
    }
    carryOutSenderEffects()
  }

  @inlinable
  mutating func fireSenderTimer(for device: DeviceID) {
    guard stations[Int(device) - 1].senderTimer.fires(at: now) else { return }
    if strategy.deadline(of: sender, for: device) <= now.time {
      executed += 1
      strategy.fire(&sender, for: device, at: now.time, into: &senderEffects)
      observer.timerFiredAtServer(for: device, at: now.time)
      lookInside()
      carryOutSenderEffects()
    }
    watchSender(for: device)
  }

  @inlinable
  mutating func carryOutSenderEffects() {
    if senderEffects.count == 1 {
      carryOut(senderEffects.removeLast())
    } else if !senderEffects.isEmpty {
      for effect in senderEffects { carryOut(effect) }
      senderEffects.removeAll(keepingCapacity: true)
    }
    senderTimer.see(queue.nextSequence)
    if let key = senderTimer.needsEvent(for: strategy.deadline(of: sender)) {
      queue.schedule(.senderTimer, at: key.time)
    }
    checkSender()
  }

  @inlinable @inline(__always)
  mutating func checkSender() {
    #if DEBUG
      observer.check(sender, taken: uplink.taken, at: now.time)
    #endif
  }

  @inlinable
  mutating func watchSender(for device: DeviceID) {
    let deadline = strategy.deadline(of: sender, for: device)
    guard deadline != .never else { return }
    stations[Int(device) - 1].senderTimer.see(queue.nextSequence)
    if let key = stations[Int(device) - 1].senderTimer.needsEvent(for: deadline) {
      queue.schedule(.senderTimerFor(device), at: key.time)
    }
  }

  @inlinable
  mutating func carryOut(_ effect: S.SenderEffect) {
    switch strategy.action(for: effect) {
    case .unicast(let message, let device, let leavesAt):
      schedule(Datagram(message: message, destination: device, pass: passes.current), at: leavesAt)
    case .unicastData(let first, let last, let device, let leavesAt):
      schedule(.data(first), through: last, to: device, at: leavesAt)
    case .multicast(let message, let leavesAt):
      schedule(Datagram(message: message, destination: 0, pass: passes.current), at: leavesAt)
    case .multicastData(let first, let last, let leavesAt):
      schedule(
        Datagram(message: .data(first), lastBlock: last, destination: 0, pass: passes.current), at: leavesAt)
    case .watch(let device):
      watchSender(for: device)
    case .passOpened(let note):
      passes.open()
      observer.noted(note, at: now.time)
    case .passEnded(let note):
      catchUpAll(before: now)
      passes.close()
      observer.noted(note, at: now.time)
    case .note(let note):
      observer.noted(note, at: now.time)
    }
  }

  /// The server sends a message to a device, or a window of DATA that begins with it.
  @inlinable @inline(__always)
  mutating func schedule(_ message: S.Message, through last: BlockNumber, to device: DeviceID, at time: Nanoseconds) {
    let isWindow = message.block.map { $0 < last } ?? false
    schedule(
      Datagram(message: message, lastBlock: isWindow ? last : 0, destination: device, pass: passes.current), at: time)
  }

  /// A datagram arrives at the uplink (N2).
  @inlinable @inline(__always)
  mutating func send(_ datagram: Datagram<S.Message>) {
    if datagram.destination == 0 {
      sendToGroup(datagram)
    } else if datagram.lastBlock == 0 {
      sendToDevice(datagram)
    } else {
      sendWindow(datagram)
    }
  }

  @inlinable @inline(__always)
  mutating func sendToDevice(_ datagram: Datagram<S.Message>) {
    executed += 1
    observer.turns(datagram, at: now.time)
    let kind: Port.Kind
    let payload: UInt64
    if let block = datagram.message.block {
      (kind, payload) = (.unicastData, strategy.payload(ofData: strategy.file.bytes(of: block)))
    } else {
      (kind, payload) = (.control(toGroup: false), self.payload(of: datagram.message))
    }
    let packet = packet(datagram.message, to: datagram.destination, pass: datagram.pass, payload: payload)
    guard isPlain, payload <= framing.largestPayload else { return sendThroughTree(packet, kind: kind) }
    guard let departure = offer(packet, kind: kind) else { return }
    schedule(
      Arrival(message: datagram.message, addressing: .unicast, pass: datagram.pass), at: datagram.destination,
      arrivalTime(at: Int(datagram.destination) - 1, of: departure))
  }

  @inlinable @inline(__always)
  func packet(
    _ message: S.Message, to destination: DeviceID, pass: UInt32, payload: UInt64
  ) -> SentPacket<S.Message> {
    SentPacket(
      message: message, destination: destination, pass: pass, payload: payload,
      bytes: framing.bytes(ofPayload: payload))
  }

  /// A window is several packets at once (R4).
  @inlinable @inline(never)
  mutating func sendToGroup(_ datagram: Datagram<S.Message>) {
    guard datagram.message.block != nil else {
      executed += 1
      observer.turns(datagram, at: now.time)
      return sendToGroup(
        packet(datagram.message, to: 0, pass: datagram.pass, payload: payload(of: datagram.message)),
        kind: .control(toGroup: true))
    }
    var window = datagram
    skipRounds(of: &window)
    guard let first = window.message.block else { return }
    observer.turns(window, at: now.time)
    let sent = first < window.lastBlock ? sendTrainToGroup(of: window, from: first) : 0
    for block in first + sent..<window.lastBlock + 1 {
      executed += 1
      sendToGroup(
        packet(
          S.Message.data(block), to: 0, pass: window.pass,
          payload: strategy.payload(ofData: strategy.file.bytes(of: block))),
        kind: .multicastData(pass: window.pass, isRepeated: passes.hasSent(block, in: window.pass)))
    }
  }

  @inlinable
  mutating func sendToGroup(_ packet: SentPacket<S.Message>, kind: Port.Kind) {
    guard isPlain, packet.payload <= framing.largestPayload else { return sendToGroupThroughTree(packet, kind: kind) }
    guard let departure = offer(packet, kind: kind) else { return }
    if let block = packet.message.block { passes.send(through: block, in: packet.pass) }
    guard !sharedLoss.loses(at: departure) else {
      framesLostBeforeFanOut += 1
      var lost = packet
      if O.wantsBursts { lost.isInBurst = sharedLoss.lossIsInBurst }
      observer.lostBeforeFanOut(lost, departure: departure)
      return
    }
    fanOut(packet.message, pass: packet.pass, departure: departure)
  }

  /// Offers a packet to the uplink. Returns when its last bit leaves; nil if the queue is full.
  @inlinable @inline(__always)
  mutating func offer(_ packet: SentPacket<S.Message>, kind: Port.Kind) -> Nanoseconds? {
    guard let departure = uplink.offer(bytes: packet.bytes, kind: kind, at: now.time) else {
      observer.dropped(packet, bytesSent: 0, at: now.time)
      return nil
    }
    observer.sent(packet, departure: departure, at: now.time)
    return departure
  }

  /// The payload of everything except DATA. A message that the server sends to many devices is measured once.
  @inlinable
  mutating func payload(of message: S.Message) -> UInt64 {
    if let lastMeasured, lastMeasured.message == message { return lastMeasured.payload }
    let payload = strategy.payload(of: message)
    lastMeasured = (message, payload)
    return payload
  }
}
