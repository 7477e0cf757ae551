import BlockTransfer
import EventSimulation
import Timebase

// Devices that only listen, and act when they have everything. `DecisiveBlock` has the argument for this.
extension Run {
  /// A device that follows the log names its decisive block, behind `block` if it can.
  @inlinable
  mutating func nameDecisiveBlock(of index: Int, after block: BlockNumber) {
    guard strategy.actsWhenComplete else { return }
    guard stations[index].following.isLog else { return decisiveBlocks.stopWaiting(index) }
    let branch = stations[index].branch
    let decisive = strategy.decisiveBlock(of: stations.span[index].receiver, after: block)
    let (position, latency) = (stations[index].position, stations[index].latency)
    if let arrival = branches[branch].log.arrival(
      of: decisive, from: position, latency: latency, device: DeviceID(index + 1))
    {
      decisiveBlocks.stopWaiting(index)
      queue.schedule(.looks(DeviceID(index + 1), at: decisive), as: arrival.key)
    } else {
      decisiveBlocks.wait(index, for: decisive, on: branch)
    }
  }

  /// A device's decisive block arrives, or is lost; or one that it awaits.
  @inlinable
  mutating func look(at device: DeviceID, after block: BlockNumber) {
    let index = Int(device) - 1
    guard stations[index].following.isLog else { return }
    guard !strategy.awaitsBlocks else { return takeAwaited(block, at: index) }
    catchUp(device, before: EventKey(time: now.time, sequence: now.sequence + 1))
    if !actIfComplete(index) { nameDecisiveBlock(of: index, after: block) }
  }

  /// A device that only listens took a block as an event. False if it does not act.
  @inlinable @inline(__always)
  mutating func actIfComplete(_ index: Int, after block: BlockNumber) -> Bool {
    guard strategy.actsWhenComplete else { return false }
    if actIfComplete(index) { return true }
    if decisiveBlocks.waits(index, for: block) { nameDecisiveBlock(of: index, after: block) }
    return false
  }

  /// Lets a device that has everything act. False if it misses something.
  @inlinable
  mutating func actIfComplete(_ index: Int) -> Bool {
    let isComplete = strategy.actWhenComplete(
      &stations[index].receiver, cohort: stations[index].cohort, at: now.time, into: &receiverEffects)
    if isComplete { settle(index) }
    return isComplete
  }
}
