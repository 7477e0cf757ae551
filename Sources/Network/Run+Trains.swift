import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// Windows that pass all ports in one step. `Train.swift` says how.
//
// Whether a packet passes does not depend on those behind it. So the first packets of a window that surely pass the uplink,
// every port below it and the losses there are taken together: each branch logs them as one run. Departures, sequence
// numbers, counts, and what observers are told are those that the packets would have had one by one. With
// packet-by-packet delivery they go so.
extension Run {
  /// Sends the first packets of a window to the group, as many as surely reach every branch evenly. Returns how many; 0
  /// if only one would.
  @inlinable @inline(never)
  mutating func sendTrainToGroup(of window: Datagram<S.Message>, from first: BlockNumber) -> UInt32 {
    // The last block of the file may be shorter; of what comes behind it nothing is known.
    let end = min(window.lastBlock, strategy.file.blocks &- 1)
    guard delivery == .byRuns, !hasFragments, first < end,
      branches.allSatisfy({ $0.openedPass >= window.pass && $0.outOfStep.isEmpty })
    else { return 0 }
    let isRepeated = passes.hasSent(first, in: window.pass)
    let alike = isRepeated ? passes.repeats(among: first...end, in: window.pass) : UInt64(end - first) + 1
    let kind = Port.Kind.multicastData(pass: window.pass, isRepeated: isRepeated)
    let packet = packet(
      S.Message.data(first), to: 0, pass: window.pass, payload: strategy.payload(ofData: strategy.file.blockSize))
    let turn = Train(first: now.time, spacing: .zero, count: Int(alike))
    var train = uplink.passage(of: turn, bytes: packet.bytes, kind: kind)
    if train.count > 1 { train.count = sharedLoss.sureToPass(of: train) }
    if train.count > 1, !isPlain { train.count = tree.passage(of: train, bytes: packet.bytes, kind: kind) }
    guard train.count > 1,
      branches.allSatisfy({ $0.meetsNoLoneFrame(at: tree.train(train, at: $0.segment).first) })
    else { return 0 }
    take(train, turning: turn, like: packet, kind: kind)
    return UInt32(train.count)
  }

  /// Sends the first packets of a window to a device, as many as surely leave the uplink evenly. Returns what is on its
  /// way, and when its first and last packet leave; nil if only one would.
  @inlinable
  mutating func sendTrainToDevice(
    of window: Datagram<S.Message>, from first: BlockNumber
  ) -> (window: WindowArrival, first: Nanoseconds, last: Nanoseconds)? {
    let end = min(window.lastBlock, strategy.file.blocks &- 1)
    guard first < end else { return nil }
    var packet = packet(
      S.Message.data(first), to: window.destination, pass: window.pass,
      payload: strategy.payload(ofData: strategy.file.blockSize))
    let turn = Train(first: now.time, spacing: .zero, count: Int(end - first) + 1)
    let train = uplink.passage(of: turn, bytes: packet.bytes, kind: .unicastData)
    guard train.count > 1 else { return nil }
    uplink.take(turn, leavingAs: train, bytes: packet.bytes, kind: .unicastData, present: now.time)
    executed += UInt64(train.count)
    for index in 0..<train.count {
      packet.message = .data(first + UInt32(index))
      observer.turns(
        Datagram(message: packet.message, destination: window.destination, pass: window.pass), at: now.time)
      observer.sent(packet, departure: train.time(of: index), at: now.time)
    }
    var arrival = WindowArrival(first, pass: window.pass)
    (arrival.last, arrival.spacing) = (first + UInt32(train.count) - 1, train.spacing)
    return (arrival, train.first, train.last)
  }

  /// Sends a train of packets to the group that leaves the uplink so.
  @inlinable
  mutating func take(_ train: Train, turning turn: Train, like packet: SentPacket<S.Message>, kind: Port.Kind) {
    guard let first = packet.message.block else { return }
    let (count, arrivals) = (UInt64(train.count), UInt64(stations.count + 1))
    uplink.take(turn, leavingAs: train, bytes: packet.bytes, kind: kind, present: now.time)
    sharedLoss.skip(count)
    tree.carry(train.count, of: train, bytes: packet.bytes, kind: kind, present: now.time)
    passes.send(through: first + UInt32(count) - 1, in: packet.pass)
    executed += count
    let sequence = queue.takeSequenceNumbers(arrivals * count)
    var packet = packet
    for index in 0..<train.count {
      packet.message = .data(first + UInt32(index))
      observer.sent(packet, departure: train.time(of: index), at: now.time)
    }
    for branch in branches.indices {
      let train = tree.train(train, at: branches[branch].node)
      branches[branch].lone.removeAll(keepingCapacity: true)
      branches[branch].log.append(
        MulticastRun(
          departure: train.first, period: train.spacing, sequence: sequence, sequenceStep: arrivals, first: first,
          count: Int(count), pass: packet.pass))
      for index in 0..<UInt32(count) {
        lookAtThoseAwaiting(
          first + index, on: branch, departure: train.time(of: Int(index)),
          sequence: sequence + arrivals * UInt64(index))
      }
    }
    for follower in packetFollowers.members {
      let train = tree.train(train, at: branches[stations[follower].branch].node)
      for index in 0..<UInt32(count) {
        schedule(
          Arrival(message: .data(first + index), addressing: .multicast, pass: packet.pass), to: follower,
          departure: train.time(of: Int(index)), sequence: sequence + arrivals * UInt64(index))
      }
    }
  }
}
