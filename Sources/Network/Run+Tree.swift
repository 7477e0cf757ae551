import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// Packets through the ports below the uplink (N10), and in fragments (N12).
extension Run {
  /// Sends a packet to one device through all ports on its way.
  @inlinable @inline(never)
  mutating func sendThroughTree(_ packet: SentPacket<S.Message>, kind: Port.Kind) {
    guard packet.payload <= framing.largestPayload else { return sendFramesThroughTree(packet, kind: kind) }
    let index = Int(packet.destination) - 1
    guard var time = offer(packet, kind: kind) else { return }
    let branch = stations[index].branch
    for step in branches[branch].path.indices {
      let node = branches[branch].path[step]
      guard let next = tree.carryFrame(bytes: packet.bytes, kind: kind, through: node, at: time, present: now.time)
      else { return tell(packet, stoppedAt: node, time: time) }
      time = next
    }
    if branches[branch].hasLinks {
      guard let left = carryOverLink(of: index, bytes: packet.bytes, kind: kind, at: time)
      else { return observer.stopped(packet, for: .link(packet.destination), cause: .queue, at: time) }
      time = left
    }
    schedule(
      Arrival(message: packet.message, addressing: .unicast, pass: packet.pass), at: packet.destination,
      arrivalTime(at: index, of: time))
  }

  /// The same for a packet of several frames (N12).
  @inlinable
  mutating func sendFramesThroughTree(_ packet: SentPacket<S.Message>, kind: Port.Kind) {
    let index = Int(packet.destination) - 1
    let sizes = framing.frames(ofPayload: packet.payload)
    var isWhole = offer(packet, sizes, kind: kind)
    let branch = stations[index].branch
    for node in branches[branch].path {
      tree.carry(sizes, kind: kind, through: node, arrivesWhole: isWhole)
      if isWhole, tree.nodes[node].outcome != .passed {
        tell(packet, stoppedAt: node, time: tree.departure(at: tree.nodes[node].parent))
        isWhole = false
      }
    }
    var departure = tree.departure(at: branches[branch].segment)
    var frames: UInt32 = 0
    if branches[branch].hasLinks {
      leaveStep(index)
      let left = links.carry(
        sizes, kind: kind, over: stations[index].ownLink, from: tree.times(at: branches[branch].segment))
      if isWhole, left == nil {
        observer.stopped(packet, for: .link(packet.destination), cause: .queue, at: departure)
      }
      guard isWhole, let left else { return }
      departure = left
      frames = patterns.number(of: links.times[...])
    } else {
      guard isWhole else { return }
      frames = patterns.number(of: tree.times(at: branches[branch].segment))
    }
    schedule(
      Arrival(message: packet.message, addressing: .unicast, pass: packet.pass, frames: frames), at: packet.destination,
      arrivalTime(at: index, of: departure))
  }

  /// Sends a packet to the group through all ports with devices below them.
  @inlinable @inline(never)
  mutating func sendToGroupThroughTree(_ packet: SentPacket<S.Message>, kind: Port.Kind) {
    let sizes = framing.frames(ofPayload: packet.payload)
    var isWhole = offer(packet, sizes, kind: kind)
    if isWhole {
      if let block = packet.message.block { passes.send(through: block, in: packet.pass) }
      isWhole = !losesBeforeFanOut(packet)
    }
    tree.carryToGroup(sizes, kind: kind, isWhole: isWhole)
    for branch in branches.indices where !branches[branch].lone.isEmpty { meetLoneFrames(on: branch) }
    for node in tree.nodes.indices where tree.hasStopped(at: node) {
      tell(packet, stoppedAt: node, time: tree.departure(at: tree.nodes[node].parent))
    }
    let sequence = isWhole ? queue.takeSequenceNumbers(UInt64(stations.count + 1)) : 0
    for branch in branches.indices {
      fanOut(packet, sizes, kind: kind, to: branch, leavesUplinkWhole: isWhole, sequence: sequence)
    }
    guard delivery == .byRuns, packet.message.block != nil else { return }
    for index in packetFollowers.members {
      let branch = stations[index].branch
      guard branches[branch].departure != .never, stations[index].ownLink < 0 else { continue }
      let arrival = Arrival(
        message: packet.message, addressing: .multicast, pass: packet.pass, frames: branches[branch].frames)
      schedule(arrival, to: index, departure: branches[branch].departure, sequence: sequence)
    }
  }

  /// Offers the frames of a packet to the uplink. True if it takes them all.
  @inlinable
  mutating func offer(_ packet: SentPacket<S.Message>, _ sizes: Frames, kind: Port.Kind) -> Bool {
    tree.begin(frames: sizes.count, at: now.time)
    var sent: UInt64 = 0
    for frame in 0..<sizes.count {
      let bytes = sizes.bytes(of: frame)
      let departure = uplink.offer(bytes: bytes, kind: kind, endsPacket: frame == sizes.count - 1, at: now.time)
      if departure != nil { sent += bytes }
      tree.setTime(departure ?? .never, ofFrame: frame)
    }
    guard sent == packet.bytes else {
      observer.dropped(packet, bytesSent: sent, at: now.time)
      return false
    }
    observer.sent(packet, departure: tree.departure(at: -1), at: now.time)
    return true
  }

  /// Offers the frames of a packet to the loss before the fan-out (N5). True if one is lost.
  @inlinable
  mutating func losesBeforeFanOut(_ packet: SentPacket<S.Message>) -> Bool {
    let departure = tree.departure(at: -1)
    var (isLost, lost) = (false, packet)
    for (frame, time) in tree.times(at: -1).enumerated() where sharedLoss.loses(at: time) {
      tree.setTime(.never, ofFrame: frame)
      framesLostBeforeFanOut += 1
      isLost = true
      if O.wantsBursts, sharedLoss.lossIsInBurst { lost.isInBurst = true }
    }
    if isLost { observer.lostBeforeFanOut(lost, departure: departure) }
    return isLost
  }

  /// Tells the observer if a packet was stopped at a port, to which it came at `time`.
  @inlinable
  mutating func tell(_ packet: SentPacket<S.Message>, stoppedAt node: Int, time: Nanoseconds) {
    let cause: StopCause
    var packet = packet
    switch tree.nodes[node].outcome {
    case .passed, .incomplete: return
    case .dropped: cause = .queue
    case .lost:
      cause = .loss
      packet.isInBurst = tree.nodes[node].lossIsInBurst
    }
    switch tree.nodes[node].kind {
    case .segment(let segment): observer.stopped(packet, for: .segment(segment), cause: cause, at: time)
    case .links(let cohort):
      guard let branch = branches.first(where: { $0.node == node }) else { return }
      observer.stopped(packet, for: .links(cohort: cohort, except: branch.outOfStep), cause: cause, at: time)
    }
  }

  /// A packet of the group comes to the devices of a branch, as `fanOut(_:pass:departure:)` says for a network without
  /// ports below the uplink. Devices that do not just listen are served afterwards.
  @inlinable
  mutating func fanOut(
    _ packet: SentPacket<S.Message>, _ sizes: Frames, kind: Port.Kind, to branch: Int, leavesUplinkWhole: Bool,
    sequence: UInt64
  ) {
    branches[branch].departure = .never
    if branches[branch].hasLinks, !branches[branch].outOfStep.isEmpty {
      let segment = branches[branch].segment
      let arrivesWhole = leavesUplinkWhole && (segment < 0 || tree.nodes[segment].outcome == .passed)
      carryToOwnLinks(of: branch, packet, sizes, kind: kind, arrivesWhole: arrivesWhole, sequence: sequence)
    }
    let node = branches[branch].node
    guard leavesUplinkWhole, node < 0 || tree.nodes[node].outcome == .passed else { return }
    let departure = tree.departure(at: node)
    let frames = sizes.count > 1 ? patterns.number(of: tree.times(at: node)) : 0
    var arrival = Arrival(message: packet.message, addressing: .multicast, pass: packet.pass, frames: frames)
    if let block = packet.message.block {
      if delivery == .byRuns {
        let run = MulticastRun(
          departure: departure, period: .zero, sequence: sequence, sequenceStep: 0, first: block, count: 1,
          pass: packet.pass, frames: frames)
        if branches[branch].logs(run) {
          return lookAtThoseAwaiting(block, on: branch, departure: departure, sequence: sequence)
        }
      }
      arrival.opensPass = branches[branch].opens(packet.pass)
    }
    deliver(arrival, to: branch, departure: departure, sequence: sequence)
  }

  /// A packet of the group comes to all devices of a branch as events, but for those whose links are out of step.
  @inlinable
  mutating func deliver(_ arrival: Arrival<S.Message>, to branch: Int, departure: Nanoseconds, sequence: UInt64) {
    let order = branches[branch].order
    guard branches[branch].withJitter.isEmpty, branches[branch].outOfStep.isEmpty else {
      for next in order { scheduleInStep(arrival, to: Int(fanOutOrder[next]) - 1, departure, sequence) }
      for index in branches[branch].withJitter { scheduleInStep(arrival, to: index, departure, sequence) }
      return
    }
    guard !order.isEmpty else { return }
    let first = fanOutOrder[order.lowerBound]
    queue.schedule(
      .fansOut(arrival, next: UInt32(order.lowerBound)),
      as: key(ofArrivalAt: first, from: EventKey(time: departure, sequence: sequence)))
  }

  @inlinable
  mutating func scheduleInStep(
    _ arrival: Arrival<S.Message>, to index: Int, _ departure: Nanoseconds, _ sequence: UInt64
  ) {
    guard stations[index].ownLink < 0 else { return }
    schedule(arrival, to: index, departure: departure, sequence: sequence)
  }
}
