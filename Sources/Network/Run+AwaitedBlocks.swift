import BlockTransfer
import EventSimulation
import Timebase

// Devices that follow the log, and act on blocks that they await. `AwaitedBlocks` has the argument for this.
extension Run {
  /// Whether a device acts on a block of the group, though it only listens to others. With packet-by-packet delivery a
  /// device that awaits any block takes all the long way.
  @inlinable @inline(__always)
  mutating func acts(on block: BlockNumber, at index: Int) -> Bool {
    guard strategy.awaitsBlocks else { return false }
    let through = strategy.awaitsThrough(&stations[index].receiver)
    return through > 0 && (delivery == .packetByPacket || block <= through)
  }

  /// A block came that a device missed.
  @inlinable @inline(__always)
  mutating func noteArrival(of block: BlockNumber, awaitedBy index: Int) {
    if strategy.awaitsBlocks, block <= awaited.through[index] { awaited.discount(block) }
  }

  /// After an input: what a device awaits that follows the log.
  @inlinable @inline(__always)
  mutating func noteAwaited(by index: Int) {
    guard strategy.awaitsBlocks else { return }
    let through = stations[index].following.isLog ? strategy.awaitsThrough(&stations[index].receiver) : 0
    if through != awaited.through[index] { awaitBlocks(through: through, at: index) }
  }

  @inlinable @inline(never)
  mutating func awaitBlocks(through last: BlockNumber, at index: Int) {
    var before = awaited.through[index]
    if last < before {
      forEachMissing(at: index, after: 0, through: before) { run, block in run.awaited.discount(block) }
      before = 0
    }
    awaited.setThrough(last, of: index)
    forEachMissing(at: index, after: before, through: last) { run, block in
      run.awaited.count(block)
      run.lookAtArrivals(of: block, at: index)
    }
  }

  @inlinable @inline(__always)
  mutating func forEachMissing(
    at index: Int, after: BlockNumber, through last: BlockNumber, _ body: (inout Self, BlockNumber) -> Void
  ) {
    var block = after
    while block < last, let next = strategy.firstMissing(after: block, &stations[index].receiver), next <= last {
      body(&self, next)
      block = next
    }
  }

  /// Looks at a device whenever a block comes that is on its way to it.
  @inlinable @inline(__always)
  mutating func lookAtArrivals(of block: BlockNumber, at index: Int) {
    let branch = stations[index].branch
    var position = stations[index].position
    guard position < branches[branch].log.packets else { return }
    let (latency, device) = (stations[index].latency, DeviceID(index + 1))
    while let found = branches[branch].log.arrival(of: block, from: position, latency: latency, device: device) {
      queue.schedule(.looks(device, at: block), as: found.key)
      position = found.packet + 1
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
    if strategy.awaitsBlocks, awaited.isAwaited(block) {
      lookAtMembersAwaiting(block, on: branch, departure: departure, sequence: sequence)
    }
  }

  @inlinable @inline(never)
  mutating func lookAtMembersAwaiting(_ block: BlockNumber, on branch: Int, departure: Nanoseconds, sequence: UInt64) {
    for index in awaited.members where block <= awaited.through[index] && stations[index].branch == branch {
      if strategy.firstMissing(after: block - 1, &stations[index].receiver) == block {
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

  /// A block that a device awaits arrives, or did when it was sent. It has its place among the packets of the log.
  @inlinable
  mutating func takeAwaited(_ block: BlockNumber, at index: Int) {
    let device = DeviceID(index + 1)
    catchUp(device)
    let (branch, position) = (stations[index].branch, stations[index].position)
    guard position < branches[branch].log.packets else { return }
    let logged = branches[branch].log.runs[branches[branch].log.run(of: position)]
    // A device that has left the log since, and come back, got the packet as an event.
    guard logged.arrivalKey(at: position - logged.start, latency: stations[index].latency, device: device) == now
    else { return }
    stations[index].position += 1
    hear(
      block,
      of: Arrival(message: .data(block), addressing: .multicast, pass: logged.pass, frames: logged.frames), at: index)
  }

  /// Whether a device wants to know when it took blocks that it only listened to.
  @inlinable @inline(__always)
  mutating func wantsTime(of filled: GapMap.Filled, at index: Int) -> Bool {
    strategy.awaitsBlocks && filled.count > 0 && strategy.awaitsThrough(&stations[index].receiver) > 0
  }
}
