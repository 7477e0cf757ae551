import BlockTransfer
import EventSimulation
import Timebase

// Devices that follow the log, and act on blocks that they await. `AwaitedBlocks` has the argument for this.
extension Run {
  /// Whether a device acts on a block of the group, though it only listens to others. With packet-by-packet delivery a
  /// device that awaits any block takes all the long way.
  @inlinable @inline(__always)
  func acts(on block: BlockNumber, by promise: S.OnlyListens) -> Bool {
    let through = strategy.awaitsThrough(promise)
    return through > 0 && (delivery == .packetByPacket || block <= through)
  }

  /// After an input: what a device awaits that follows the log. What it awaits from now on may be on its way already.
  @inlinable @inline(__always)
  mutating func noteAwaited(by index: Int) {
    guard strategy.awaitsBlocks else { return }
    var through: BlockNumber = 0
    if stations[index].following.isLog,
      case .onlyListens(let promise) = stations[index].hearing(by: strategy, at: now.time)
    {
      through = strategy.awaitsThrough(promise)
    }
    let first = through > 0 ? strategy.firstMissing(after: 0, &stations[index].receiver) ?? 0 : 0
    noteAwaited(by: index, from: first, through: through)
  }

  /// A device awaits what it misses from one block through another from now on.
  @inlinable @inline(__always)
  mutating func noteAwaited(by index: Int, from first: BlockNumber, through: BlockNumber) {
    let before = awaited.through[index]
    guard through != before else { return }
    let branch = stations[index].branch
    awaited.set(from: first, through: through, of: index, on: branch)
    if stations[index].position < branches[branch].log.packets {
      lookAtArrivals(ofBlocksAfter: through < before ? 0 : before, through: through, at: index)
    }
  }

  /// The first DATA of a pass comes to a device. If that awaits blocks, it follows the log from now on; or no more, if
  /// the session has ended while the packet was on its way.
  @inlinable @inline(never)
  mutating func followPass(_ index: Int) {
    if strategy.awaitsBlocks { followAgain(index) }
  }

  /// Looks at a device whenever a block comes that it awaits now and that is on its way to it.
  @inlinable @inline(never)
  mutating func lookAtArrivals(ofBlocksAfter first: BlockNumber, through last: BlockNumber, at index: Int) {
    let branch = stations[index].branch
    let (latency, device) = (stations[index].latency, DeviceID(index + 1))
    var block = first
    while block < last, let next = strategy.firstMissing(after: block, &stations[index].receiver), next <= last {
      block = next
      var position = stations[index].position
      while let next = branches[branch].log.arrival(of: block, from: position, latency: latency, device: device) {
        queue.schedule(.looks(device, at: block), as: next.key)
        position = next.packet + 1
      }
    }
  }

  /// A block was logged: an event looks at each device that awaits it.
  @inlinable @inline(__always)
  mutating func lookAtThoseAwaiting(_ block: BlockNumber, on branch: Int, departure: Nanoseconds, sequence: UInt64) {
    if strategy.actsWhenComplete {
      for index in decisiveBlocks.come(block, on: branch) {
        look(at: index, for: block, departure: departure, sequence: sequence)
      }
    }
    if strategy.awaitsBlocks, !awaited.members[branch].isEmpty {
      lookAtMembers(awaiting: block, on: branch, departure: departure, sequence: sequence)
    }
  }

  @inlinable @inline(never)
  mutating func lookAtMembers(awaiting block: BlockNumber, on branch: Int, departure: Nanoseconds, sequence: UInt64) {
    for index in awaited.members[branch] where awaited.mayAwait(block, index) {
      if !strategy.ignores(block, receiver: &stations[index].receiver) {
        look(at: index, for: block, departure: departure, sequence: sequence)
      }
    }
  }

  @inlinable @inline(__always)
  mutating func look(at index: Int, for block: BlockNumber, departure: Nanoseconds, sequence: UInt64) {
    let device = DeviceID(index + 1)
    queue.schedule(
      .looks(device, at: block),
      as: EventKey(time: departure + stations[index].latency, sequence: sequence + UInt64(device)))
  }

  /// A block arrives that a device awaits, or did when it was sent. It has its place among the packets of the log.
  @inlinable
  mutating func takeAwaited(_ block: BlockNumber, at index: Int) {
    if !isNextOfLog(at: index) {
      catchUp(DeviceID(index + 1))
      // A device that has left the log since, and come back, got the packet as an event.
      guard isNextOfLog(at: index) else { return }
    }
    let (branch, position) = (stations[index].branch, stations[index].position)
    let run = branches[branch].log.run(of: position)
    let (pass, frames) = (branches[branch].log.runs[run].pass, branches[branch].log.runs[run].frames)
    stations[index].position += 1
    hearNext(block, of: Arrival(message: .data(block), addressing: .multicast, pass: pass, frames: frames), at: index)
  }

  /// Whether the next packet of the log that a device has not caught up with arrives now.
  @inlinable @inline(__always)
  mutating func isNextOfLog(at index: Int) -> Bool {
    let (branch, position) = (stations[index].branch, stations[index].position)
    guard position < branches[branch].log.packets else { return false }
    let run = branches[branch].log.run(of: position)
    return branches[branch].log.runs[run].arrivalKey(
      at: position - branches[branch].log.runs[run].start, latency: stations[index].latency,
      device: DeviceID(index + 1)) == now
  }
}
