import BlockTransfer
import EventSimulation
import Timebase

// Deadlines of devices (N4). A device that follows the log mostly waits for a silence of the group, and each packet of
// the group postpones it. A timer for each such device would come too early again and again. Instead the run looks at
// all of them together once in a while, and only those get a timer whose deadline may come before the next look.
//
// Mostly even that is not necessary. Take a device that lost none of the last packets at a look, and whose losses are
// known up to some packet, with at most `longestRun` of them in a row. Up to there it hears at least one of any
// `longestRun + 1` consecutive packets. As long as that many leave the port of its branch within a silence, its silence
// does not end, and a look passes it over. That holds for packets that left since the first look at which they did so,
// after those that left before have arrived. If a device is offered any other packet, the fates of the log's packets
// shift by one. Then nothing is foreseen for it until the next look.
//
// A device with a buffer hears a packet when it has read it. If no two packets came closer than it takes to read one, it
// reads each the same time after its arrival; only the file's last block may be read sooner. So its silences are the
// others', but for that time. When packets come closer than ever before, nothing is foreseen until the next look.
extension Run {
  /// How many packets may be lost in a row before the foresight ends.
  @inlinable static var longestRun: Int { 3 }
  /// The value in `foreseen` of a device that does not follow the log.
  @inlinable static var withoutLog: Int { .max }

  /// The time from one look to the next. It is so much less than a silence that hardly any device needs a timer if it
  /// heard one of the group's last packets. These may be a `timeout` or two old, because the driving device waits that
  /// long for a packet that it lost.
  @inlinable
  var lookPeriod: Nanoseconds { Nanoseconds(max(1, strategy.unnoticedSilence.count / 4)) }

  /// Makes sure that there will be a look at a device that follows the log.
  @inlinable
  mutating func watchSilence(of index: Int) {
    if nextLook == .never {
      nextLook = now.time + lookPeriod
      for branch in branches.indices { branches[branch].steadyFrom = Self.withoutLog }
    }
    branches[stations[index].branch].foreseenByAll = 0
  }

  /// Looks at all devices that follow the log. The only effect is timers, so it does not matter when it happens.
  @inlinable
  mutating func look() {
    let time = nextLook
    nextLook = time + lookPeriod
    var isNeeded = false
    for branch in branches.indices where preparesLook(at: branch, time) { isNeeded = true }
    guard isNeeded else { return }
    // A pass may send packets with numbers above the file's.
    let restOfPass = UInt64(max(strategy.file.blocks, passes.highestSent) - passes.highestSent)
    var start = 0
    for cohort in network.cohorts where cohort.count > 0 {
      let (first, branch) = (start, stations[start].branch)
      start += cohort.count
      let enough = branches[branch].enoughForeseen
      guard enough > 0 else { continue }
      var byAll = branches[branch].foreseenByAll
      for index in first..<start {
        if foreseen[index] < enough { look(at: index, of: restOfPass, at: time) }
        byAll = min(byAll, foreseen[index])
      }
      branches[branch].foreseenByAll = byAll
    }
    if branches.allSatisfy({ $0.foreseenByAll == Self.withoutLog }) { nextLook = .never }
  }

  /// Finds up to which packet the silences of a branch's devices must be foreseen to be passed over. False if those of all
  /// are.
  @inlinable
  mutating func preparesLook(at branch: Int, _ time: Nanoseconds) -> Bool {
    let sent = branches[branch].log.arrived(before: .before(time), latency: .zero, device: 0)
    // Losses can be foreseen where each packet is one frame.
    let distance = branches[branch].log.leastDistance
    let isSteady =
      !hasFragments && sent > Self.longestRun && (!hasBuffers || distance == branches[branch].knownDistance)
      && branches[branch].log.departure(of: sent - 1 - Self.longestRun) + strategy.unnoticedSilence
        > (hasBuffers ? nextLook.later(by: distance) : nextLook)
    branches[branch].knownDistance = distance
    branches[branch].steadyFrom = isSteady ? min(branches[branch].steadyFrom, sent) : Self.withoutLog
    let isForeseen = isSteady && sent <= branches[branch].foreseenByAll
    branches[branch].enoughForeseen = isForeseen ? 0 : isSteady ? sent : Self.withoutLog
    if !isForeseen { branches[branch].foreseenByAll = Self.withoutLog }
    return !isForeseen
  }

  /// Something else than the log concerned a device.
  @inlinable @inline(__always)
  mutating func foreseeNothing(of index: Int) {
    guard stations[index].following.isLog, foreseen[index] > 0 else { return }
    foreseen[index] = 0
    branches[stations[index].branch].foreseenByAll = 0
  }

  @inlinable
  mutating func look(at index: Int, of restOfPass: UInt64, at time: Nanoseconds) {
    catchUp(DeviceID(index + 1), before: .before(time))
    foreseen[index] = 0
    guard stations[index].awaitsSilence, stations[index].heardAt + strategy.unnoticedSilence >= nextLook
    else {
      return watch(index)
    }
    let position = stations[index].position
    if position >= branches[stations[index].branch].steadyFrom, stations[index].lastHeard == position - 1,
      !stations[index].hasJitter, !stations[index].hasBuffer || readsInTime(index, at: time)
    {
      let packets = stations[index].downLoss.foresee(restOfPass, runsUpTo: Self.longestRun)
      foreseen[index] = position + Int(min(packets, UInt64(Int32.max)))
    }
  }

  /// Whether a device's buffer is empty, and each packet of the log is read before the next comes.
  @inlinable
  mutating func readsInTime(_ index: Int, at time: Nanoseconds) -> Bool {
    let need = need(of: 1, at: index)
    return need.room >= .zero && need.service <= branches[stations[index].branch].knownDistance
      && stations[index].bufferEmptyAt() <= time
  }

  /// Schedules an event for a device's deadline, unless a look comes before it.
  @inlinable @inline(__always)
  mutating func watch(_ index: Int) {
    if let key = timerKey(of: index) {
      queue.schedule(.deviceTimer(DeviceID(index + 1)), as: key, in: deviceLane)
    }
  }

  /// The key under which an event must be scheduled for the device's deadline; nil if none must, or if a look comes before it.
  @inlinable
  mutating func timerKey(of index: Int) -> EventKey? {
    let deadline = stations[index].deadline(by: strategy)
    guard stations[index].following.isLog, deadline.time >= nextLook else {
      return stations[index].timer.needsEvent(for: deadline.time)
    }
    stations[index].awaitsSilence = deadline.isSilence
    stations[index].heardAt = deadline.time - strategy.unnoticedSilence
    return nil
  }

  /// Whether a device that follows the log waits for something that has no timer.
  @inlinable
  var isAnyoneWatched: Bool {
    stations.indices.contains { index in
      stations[index].following.isLog && strategy.deadline(of: stations.span[index].receiver).time != .never
    }
  }
}
