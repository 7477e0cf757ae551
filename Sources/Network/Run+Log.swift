import BlockTransfer
import EventSimulation
import Timebase

// Devices that only listen follow the log of what the group was sent. `MulticastLog` has the argument for this.
extension Run {
  /// Lets a device take all that arrived at it before the event that is being executed. An event may change how it
  /// hears, so what has arrived and waits in its buffer must not wait for its reading.
  @inlinable @inline(__always)
  mutating func catchUp(_ device: DeviceID) {
    guard stations[Int(device) - 1].following.isLog else { return }
    if stations[Int(device) - 1].position == branches[stations[Int(device) - 1].branch].log.packets { return }
    catchUp(device, before: now)
    if hasBuffers, stations[Int(device) - 1].hasBuffer { takeIntoBuffer(Int(device) - 1, before: now) }
  }

  @inlinable
  mutating func catchUp(_ device: DeviceID, before key: EventKey) {
    let index = Int(device) - 1
    let branch = stations[index].branch
    guard case .log(let promise) = stations[index].following,
      stations[index].position < branches[branch].log.packets
    else { return }
    if hasBuffers, stations[index].hasBuffer { return hearThroughBuffer(promise, at: index, before: key) }
    if stations[index].hasJitter { return hearThroughJitter(promise, at: index, before: key) }
    let end = branches[branch].log.arrived(before: key, latency: stations[index].latency, device: device)
    guard end > stations[index].position else { return }
    hear(promise, at: index, until: end)
  }

  @inlinable
  mutating func catchUpAll(before key: EventKey) {
    for index in stations.indices { catchUp(DeviceID(index + 1), before: key) }
  }

  /// A device takes the packets of the log up to the `end`-th: ascent by ascent, climb by climb, or several climbs at
  /// once. It reads each some time after its arrival.
  @inlinable
  mutating func hear(_ promise: S.OnlyListens, at index: Int, until end: Int, readAfter delay: Nanoseconds = .zero) {
    let branch = stations[index].branch
    if strategy.takesClimbs, !(strategy.awaitsBlocks && awaited.through[index] > 0),
      branches[branch].log.endOfClimb(at: stations[index].position) < end
    {
      return hearClimbs(promise, at: index, until: end, readAfter: delay)
    }
    withLogPart(at: index) { run, part in
      while run.stations[index].position < end {
        let first = run.branches[branch].log.run(of: run.stations[index].position)
        run.offer(&part, at: index, from: first, until: min(end, run.endOfPart(from: first, in: branch)))
        run.hear(promise, part, at: index, from: first, read: Reading(delay: delay))
      }
    }
  }

  /// Up to which packet of the log a device can take at once, from a run on.
  @inlinable @inline(__always)
  func endOfPart(from run: Int, in branch: Int) -> Int {
    strategy.takesClimbs ? branches[branch].log.endOfClimb(ofRun: run) : branches[branch].log.endOfAscent(ofRun: run)
  }

  /// Calls `body` with room for a part of the log, of which so many packets are lost.
  @inlinable @inline(__always)
  mutating func withLogPart(
    at index: Int, losses: Int = LogPart.lossesAtOnce, _ body: (inout Self, inout LogPart) -> Void
  ) {
    let branch = stations[index].branch
    let (runs, checkpoints) = (branches[branch].log.runs, branches[branch].log.checkpoints)
    let strideLog2 = branches[branch].log.strideLog2
    withUnsafeTemporaryAllocation(of: Gap.self, capacity: losses) { gaps in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: losses) { lost in
        runs.withUnsafeBufferPointer { runs in
          checkpoints.withUnsafeBufferPointer { checkpoints in
            var part = LogPart(
              runs: runs, checkpoints: checkpoints, strideLog2: strideLog2, lost: lost, gaps: gaps,
              lastHeard: stations[index].lastHeard)
            body(&self, &part)
            stations[index].lastHeard = part.lastHeard
          }
        }
      }
    }
  }

  /// A device takes a part of one ascent or climb, which was offered to the loss of its path. The first packet is of the
  /// run `firstRun`.
  @inlinable @inline(__always)
  mutating func hear(
    _ promise: S.OnlyListens, _ part: LogPart, at index: Int, from firstRun: Int, read reading: Reading
  ) {
    let device = DeviceID(index + 1)
    let latency = stations[index].latency
    stations[index].offered += UInt64(truncatingIfNeeded: part.end - part.start)
    guard let lastHeard = part.lastHeard, lastHeard >= part.start else {
      observer.heard(
        Stretch(part, firstRun: firstRun, device: device, latency: latency, reading: reading, filled: .nothing))
      return
    }
    let last = part.run(of: lastHeard, from: firstRun)
    let lastBlock = part.block(of: lastHeard, in: last)
    let key = part.key(ofReading: lastHeard, in: last, reading, latency: latency, device: device)
    let isClimb = strategy.takesClimbs && part.runs[last].ascent != part.runs[firstRun].ascent
    let heard =
      isClimb
      ? listen(promise, toClimb: part, at: index, from: firstRun, through: last, last: lastBlock, at: key.time)
      : strategy.listen(
        promise, to: part.block(of: part.start, in: firstRun), through: lastBlock, except: part.gaps(before: lastBlock),
        at: key.time, receiver: &stations[index].receiver)
    observer.heard(
      Stretch(part, firstRun: firstRun, device: device, latency: latency, reading: reading, filled: heard.filled))
    if strategy.awaitsBlocks, heard.filled.count > 0, awaited.through[index] > 0 {
      let last = part.reading(reading, of: heard.filled.last, latency, from: firstRun)
      strategy.tookUnasked(&stations[index].receiver, at: last)
    }
    if heard.isComplete {
      observer.completed(device, at: part.reading(reading, of: heard.filled.last, latency, from: firstRun))
    }
    stations[index].heardAt = key.time
    stations[index].timer.see(key.sequence)
  }

  /// A device looks up what it misses in a part of a climb.
  @inlinable @inline(never)
  mutating func listen(
    _ promise: S.OnlyListens, toClimb part: LogPart, at index: Int, from firstRun: Int, through lastRun: Int,
    last: BlockNumber, at now: Nanoseconds
  ) -> Listened {
    var climb = Climb(part, from: firstRun, through: lastRun, last: last)
    return strategy.listen(promise, to: &climb, at: now, receiver: &stations[index].receiver)
  }

  /// A device takes climbs up to the `end`-th packet of the log: those of one pass at once where that can be, else one by
  /// one.
  @inlinable @inline(never)
  mutating func hearClimbs(
    _ promise: S.OnlyListens, at index: Int, until end: Int, readAfter delay: Nanoseconds
  ) {
    let branch = stations[index].branch
    let reading = Reading(delay: delay)
    let losses = O.wantsBursts ? LogPart.lossesAtOnce : LogPart.lossesOfClimbs
    withLogPart(at: index, losses: losses) { run, part in
      while run.stations[index].position < end {
        let position = run.stations[index].position
        var (first, lastHeard) = (run.branches[branch].log.run(of: position), part.lastHeard)
        run.offer(&part, at: index, from: first, until: min(end, run.branches[branch].log.endOfPass(at: position)))
        if run.hearTogether(promise, part, at: index, from: first, read: reading) { continue }
        var rest = part
        while rest.start < rest.end {
          first = part.run(of: rest.start, from: first)
          let end = min(rest.end, run.endOfPart(from: first, in: branch))
          part = rest.removeFirst(until: end, from: first, after: &lastHeard)
          run.hear(promise, part, at: index, from: first, read: reading)
        }
      }
    }
  }

  /// A device takes several climbs at once, which were offered to the loss of its path. False, and nothing has happened,
  /// if it is less work to take them one by one, or if they may make it complete.
  @inlinable @inline(never)
  mutating func hearTogether(
    _ promise: S.OnlyListens, _ part: LogPart, at index: Int, from firstRun: Int, read reading: Reading
  ) -> Bool {
    guard let lastHeard = part.lastHeard, lastHeard >= part.start,
      coverage.take(
        part, of: branches[stations[index].branch].log, ofBranch: stations[index].branch, from: firstRun),
      missesOthers(than: coverage, index)
    else { return false }
    let (device, latency) = (DeviceID(index + 1), stations[index].latency)
    let run = part.run(of: lastHeard, from: firstRun)
    let key = part.key(ofReading: lastHeard, in: run, reading, latency: latency, device: device)
    stations[index].offered += UInt64(truncatingIfNeeded: part.end - part.start)
    let heard = strategy.listen(promise, to: &coverage, at: key.time, receiver: &stations[index].receiver)
    observer.heard(
      Stretch(part, firstRun: firstRun, device: device, latency: latency, reading: reading, filled: heard.filled))
    stations[index].heardAt = key.time
    stations[index].timer.see(key.sequence)
    return true
  }

  /// Whether a device misses a block before those that it received, or behind them, for sure.
  @inlinable
  mutating func missesOthers(than received: Coverage, _ index: Int) -> Bool {
    let first = strategy.firstMissing(after: 0, &stations[index].receiver) ?? .max
    return first < received.first
      || strategy.firstMissing(after: received.last, &stations[index].receiver) != nil
  }

  /// After an input: a device that begins to listen, just listens, or stops listening follows the group in another way.
  ///
  /// What is in flight is neither lost nor taken twice. A device that leaves the log, or begins to listen with every
  /// packet, gets events for what was logged and has not arrived, under the keys that these would have had.
  @inlinable @inline(__always)
  mutating func follow(_ index: Int) {
    guard delivery == .byRuns else { return }
    let after = following(of: index)
    if !after.isLike(stations[index].following) { follow(index, by: after) }
    noteAwaited(by: index)
  }

  /// How a device follows the group from now on.
  @inlinable @inline(__always)
  mutating func following(of index: Int) -> Station<S>.Following {
    guard stations[index].isOn else { return .nothing }
    return switch stations[index].hearing(by: strategy, at: now.time) {
    case .nothing: .nothing
    case .onlyListens(let promise):
      // What waits in a buffer is read later than it arrives, and jitter is drawn, so no look at its arrival would do. With
      // both, packets are read at uneven distances. Where nothing comes, a device that awaits blocks saves itself the log.
      stations[index].ownLink < 0
        && !(strategy.actsWhenComplete && (stations[index].hasBuffer || stations[index].hasJitter))
        && !(stations[index].hasJitter && stations[index].hasBuffer)
        && !(strategy.awaitsThrough(promise) > 0 && (stations[index].hasJitter || !passes.isOpen))
        ? .log(promise) : .packets
    case .acts: .packets
    }
  }

  @inlinable
  mutating func follow(_ index: Int, by after: Station<S>.Following) {
    let before = stations[index].following
    stations[index].following = after
    foreseen[index] = after.isLog ? 0 : Self.withoutLog
    stations[index].lastHeard = nil
    let device = DeviceID(index + 1)
    if after.isPackets { packetFollowers.insert(index) } else { packetFollowers.remove(index) }
    if after.isLog {
      // A gap list with room from the start need not grow again and again, which takes as long as dozens of losses each
      // time. For thousands of losses that no longer matters.
      let expected = stations[index].downLoss.likelyRuns(among: Double(strategy.file.blocks))
      strategy.makeRoom(forGaps: min(expected, 4096), in: &stations[index].receiver)
      watchSilence(of: index)
    }
    switch (before, after) {
    case (.nothing, .log), (.nothing, .packets):
      // What comes over a link of its own comes as events.
      if stations[index].ownLink < 0 { stations[index].position = firstInFlight(to: index) }
      if after.isPackets, stations[index].ownLink < 0 { scheduleInFlight(to: device) }
    case (.log, .packets):
      scheduleInFlight(to: device)
    case (.packets, .log), (.packets, .nothing):
      stations[index].position = branches[stations[index].branch].log.packets
    case (.log, .nothing), (.nothing, .nothing), (.log, .log), (.packets, .packets):
      break
    }
    nameDecisiveBlock(of: index, after: 0)
  }

  /// A device whose last answer has left no longer hears the group.
  @inlinable
  mutating func stopFollowing(_ index: Int) {
    guard stations[index].following.isPackets else { return }
    stations[index].following = .nothing
    stations[index].position = branches[stations[index].branch].log.packets
    packetFollowers.remove(index)
  }

  /// Schedules as events what was logged from a device's position on.
  @inlinable
  mutating func scheduleInFlight(to device: DeviceID) {
    let index = Int(device) - 1
    if stations[index].hasJitter { drawRest(for: index) }
    let position = stations[index].position
    let log = branches[stations[index].branch].log
    guard position < log.packets else { return }
    for run in log.runs[log.run(of: position)...] {
      for block in max(0, position - run.start)..<run.count {
        var key = run.arrivalKey(at: block, latency: stations[index].latency, device: device)
        if stations[index].hasJitter {
          key = EventKey(
            time: stations[index].downJitter?.takeAsEvent(key.time) ?? key.time, sequence: key.sequence)
        }
        queue.schedule(
          .reachesDevice(
            device,
            Arrival(
              message: .data(run.first + UInt32(block)), addressing: .multicast, pass: run.pass, frames: run.frames)),
          as: key)
      }
    }
  }
}
