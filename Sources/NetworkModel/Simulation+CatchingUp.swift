import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// Devices that only listen follow the log of what the group was sent; the argument for this stands at `MulticastLog`.
extension Simulation {
  /// Takes all that arrived at a device before the event that is being executed.
  mutating func catchUp(_ device: DeviceID) {
    catchUp(device, before: now)
  }

  mutating func catchUp(_ device: DeviceID, before key: EventKey) {
    let index = Int(device) - 1
    guard stations[index].following == .log else { return }
    let end = log.arrived(before: key, latency: stations[index].latency, device: device)
    guard end > stations[index].position.packet else { return }
    stations[index].hear(log, until: end, of: configuration.file)
  }

  mutating func catchUpAll(before key: EventKey) {
    for index in stations.indices { catchUp(DeviceID(index + 1), before: key) }
  }

  /// After an input: a device that begins to listen, just listens, or stops listening follows the group otherwise.
  ///
  /// What is in flight is neither lost nor taken twice: whoever leaves the log, or begins to listen with every packet,
  /// gets events for what was logged and has not arrived, under the keys that they would have had.
  mutating func follow(_ index: Int, under settings: DeviceSettings) {
    guard delivery == .byRuns, stations[index].downJitter == nil else { return }
    let before = stations[index].following
    let after: Station.Following =
      if !stations[index].isOn || !stations[index].device.listens(at: now.time, under: settings) {
        .nothing
      } else if stations[index].device.onlyListens {
        .log
      } else {
        .packets
      }
    guard after != before else { return }
    stations[index].following = after
    let device = DeviceID(index + 1)
    if after == .packets { packetFollowers.insert(index) } else { packetFollowers.remove(index) }
    if after == .log { watchSilences() }
    switch (before, after) {
    case (.nothing, _):
      let arrived = log.arrived(before: now, latency: stations[index].latency, device: device)
      stations[index].position = log.position(of: arrived)
      if after == .packets { scheduleInFlight(to: device) }
    case (.log, .packets):
      scheduleInFlight(to: device)
    case (.packets, .log):
      stations[index].position = log.position(of: log.packets)
    case (_, .nothing), (.log, .log), (.packets, .packets):
      break
    }
  }

  /// A device whose last answer has left hears the group no more.
  mutating func stopFollowing(_ index: Int) {
    guard stations[index].following == .packets else { return }
    stations[index].following = .nothing
    packetFollowers.remove(index)
  }

  /// Schedules as events what is logged from a device's position on.
  private mutating func scheduleInFlight(to device: DeviceID) {
    let index = Int(device) - 1
    let position = stations[index].position
    guard position.packet < log.packets else { return }
    for run in log.runs[position.run...] {
      for block in min(max(0, position.packet - run.start), run.count)..<run.count {
        queue.schedule(
          .reachesDevice(
            device,
            Arrival(message: .data(run.first + UInt32(block)), channel: .multicast, session: run.session)),
          as: run.arrivalKey(at: block, latency: stations[index].latency, device: device))
      }
    }
  }
}

extension Station {
  /// Takes the packets of the log up to the `end`-th, ascent by ascent.
  mutating func hear(_ log: MulticastLog, until end: Int, of file: FileLayout) {
    while position.packet < end {
      while position.ascent + 1 < log.ascents.count, log.ascents[position.ascent + 1].start <= position.packet {
        position.ascent += 1
      }
      let next = position.ascent + 1
      let ascentEnd = next < log.ascents.count ? log.ascents[next].start : log.packets
      log.runs.withUnsafeBufferPointer {
        hear($0, session: log.ascents[position.ascent].session, until: min(end, ascentEnd), of: file)
      }
    }
  }

  /// Takes packets of one ascent: one call of the device for each stretch between two losses.
  private mutating func hear(
    _ runs: UnsafeBufferPointer<MulticastRun>, session: UInt32, until end: Int, of file: FileLayout
  ) {
    var (packet, run) = (position.packet, position.run)
    let offered = end - packet
    var (lost, new, hasLastBlock) = (0, 0, false)
    var heard: (packet: Int, run: Int)?
    while packet < end {
      let passed = Int(downLoss.pass(UInt64(end - packet)))
      if passed > 0 {
        while packet >= runs[run].start + runs[run].count { run += 1 }
        let start = (packet: packet, run: run)
        let first = runs[run].first + UInt32(truncatingIfNeeded: packet - runs[run].start)
        packet += passed
        while packet > runs[run].start + runs[run].count { run += 1 }
        let last = runs[run].first + UInt32(truncatingIfNeeded: packet - 1 - runs[run].start)
        let filled = device.listen(to: first, through: last)
        heard = (packet - 1, run)
        if filled.count > 0 {
          new += Int(filled.count)
          if filled.last == file.blocks { hasLastBlock = true }
          if device.isComplete { complete(with: filled.last, in: runs, from: start) }
        }
      }
      if packet < end {
        lost += 1
        packet += 1
      }
    }
    position.packet = packet
    position.run = run
    tally.offered += UInt64(offered)
    tally.lost += UInt64(lost)
    if session == 1 { tally.sessionOneLost += UInt64(lost) }
    guard let heard else { return }
    tally.countMulticast(UInt64(offered - lost), new: UInt64(new), session: session)
    tally.countBytes(of: UInt64(new), lastBlock: hasLastBlock, of: file)
    let key = runs[heard.run].arrivalKey(at: heard.packet - runs[heard.run].start, latency: latency, device: number)
    device.heardGroup(at: key.time)
    heardAt = key.time
    alarm.see(key.place)
  }

  /// The device became complete with a block: when that came first, from a packet on, which may be past.
  private mutating func complete(
    with block: BlockNumber, in runs: UnsafeBufferPointer<MulticastRun>, from start: (packet: Int, run: Int)
  ) {
    var run = start.run
    while block > runs[run].last { run += 1 }
    complete(at: runs[run].departure(at: Int(block - runs[run].first)) + latency)
  }

  /// The last missing block arrived at `time`, which may be past when the device catches up.
  mutating func complete(at time: Nanoseconds) {
    tally.roles.append(.complete)
    tally.completed = time
  }
}
