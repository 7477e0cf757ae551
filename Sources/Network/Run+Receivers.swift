import BlockTransfer
import EventSimulation
import RandomStreams
import Timebase

// The devices: switching on and off, deadlines, and their effects.
extension Run {
  @inlinable
  mutating func switchOn(_ device: DeviceID) {
    let index = Int(device) - 1
    guard strategy.isOff(stations.span[index].receiver) else { return }  // switched off before
    executed += 1
    stations[index].isOn = true
    strategy.switchOn(
      &stations[index].receiver, cohort: stations[index].cohort, at: now.time, into: &receiverEffects)
    observer.switchedOn(device, at: now.time)
    lookInside(index)
    settle(index)
  }

  @inlinable
  mutating func switchOff(_ device: DeviceID) {
    let index = Int(device) - 1
    executed += 1
    catchUp(device)
    stations[index].isOn = false
    let wasAtItsEnd = strategy.isAtItsEnd(stations.span[index].receiver)
    strategy.switchOff(&stations[index].receiver, into: &receiverEffects)
    observer.switchedOff(device, wasAtItsEnd: wasAtItsEnd, at: now.time)
    lookInside(index)
    settle(index)
  }

  /// After an input: carries out the device's effects, watches its deadline, and updates how it follows the group.
  @inlinable
  mutating func settle(_ index: Int) {
    if receiverEffects.count == 1 {
      carryOut(receiverEffects.removeLast(), at: index)
    } else if !receiverEffects.isEmpty {
      for effect in receiverEffects { carryOut(effect, at: index) }
      receiverEffects.removeAll(keepingCapacity: true)
    }
    stations[index].timer.see(now.sequence)
    foreseeNothing(of: index)
    follow(index)
    watch(index)
    #if DEBUG
      check(index)
    #endif
  }

  @inlinable
  mutating func carryOut(_ effect: S.ReceiverEffect, at index: Int) {
    switch strategy.action(for: effect) {
    case .send(let message, let leavesAt):
      send(message, from: index, leavesAt: leavesAt)
    case .drawDelay(let window):
      let delay = stations[index].delays?.uniform(upTo: UInt64(window.count)) ?? 0
      strategy.delay(&stations[index].receiver, by: Nanoseconds(Int64(delay)))
    case .completed:
      observer.completed(DeviceID(index + 1), at: now.time)
    case .note(let note):
      observer.noted(note, of: DeviceID(index + 1), receiver: stations.span[index].receiver, at: now.time)
    }
  }

  /// A message of a device is on its way to the server (N3).
  @inlinable @inline(__always)
  mutating func send(_ message: S.Message, from index: Int, leavesAt: Nanoseconds) {
    let device = DeviceID(index + 1)
    observer.departs(message, from: device, at: leavesAt)
    if stations[index].hasJitter {
      queue.schedule(.leavesDevice(device, message), at: leavesAt)
    } else {
      var latency = stations[index].latency
      if !isPlain { latency = latency + branches[stations[index].branch].distance }
      schedule(message, from: device, at: leavesAt + latency)
    }
  }

  /// The event of a device's timer came. Its deadline has come too, or was postponed.
  @inlinable
  mutating func fireTimer(of device: DeviceID) {
    let index = Int(device) - 1
    guard stations[index].timer.fires(at: now) else { return }
    // Packets that it has not caught up with can only postpone the deadline.
    guard isDue(index) else { return watch(index) }
    catchUp(device)
    guard isDue(index) else { return watch(index) }
    executed += 1
    strategy.fire(&stations[index].receiver, cohort: stations[index].cohort, at: now.time, into: &receiverEffects)
    observer.timerFired(at: device, at: now.time)
    lookInside(index)
    settle(index)
  }

  @inlinable
  mutating func isDue(_ index: Int) -> Bool {
    stations[index].timer.key(of: stations[index].deadline(by: strategy).time) <= now
  }

  /// Lets an observer that wants to look at a device.
  @inlinable @inline(__always)
  mutating func lookInside(_ index: Int) {
    if O.looksInside { observer.inside(DeviceID(index + 1), receiver: stations.span[index].receiver) }
  }

  /// Lets an observer that wants to look at the server.
  @inlinable @inline(__always)
  mutating func lookInside() {
    if O.looksInside { observer.inside(sender) }
  }

  /// Lets observers check what must hold of a device.
  @inlinable
  mutating func check(_ index: Int) {
    observer.check(
      DeviceID(index + 1), offered: stations[index].offered, counts: stations[index].counts,
      receiver: stations.span[index].receiver)
  }
}
