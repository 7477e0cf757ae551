import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// Devices that only listen, and the log that they catch up with. Why this changes nothing stands at `MulticastLog`.
extension Simulation {
  /// Takes all that arrived at a device before the event that is being executed.
  mutating func catchUp(_ device: DeviceID) {
    catchUp(device, before: now)
  }

  mutating func catchUp(_ device: DeviceID, before key: EventKey) {
    let index = Int(device) - 1
    guard stations[index].following == .log else { return }
    let latency = stations[index].latency
    var position = stations[index].position
    while position.run < log.runs.count {
      let run = log.runs[position.run]
      let arrived = run.count(arrivingBefore: key, latency: latency, rank: device)
      if arrived > position.block {
        hear(run, position.block..<arrived, at: index)
        position.block = arrived
      }
      guard arrived == run.count, position.run + 1 < log.runs.count else { break }
      position = LogPosition(run: position.run + 1)
    }
    stations[index].position = position
  }

  mutating func catchUpAll(before key: EventKey) {
    for index in stations.indices { catchUp(DeviceID(index + 1), before: key) }
  }

  /// Takes some blocks of a run: one call of the device for each stretch between two losses.
  private mutating func hear(_ run: MulticastRun, _ blocks: Range<Int>, at index: Int) {
    var next = blocks.lowerBound
    while next < blocks.upperBound {
      let passed = Int(stations[index].downLoss.pass(UInt64(blocks.upperBound - next)))
      if passed > 0 { receive(run, next..<next + passed, at: index) }
      next += passed
      guard next < blocks.upperBound else { break }
      stations[index].tally.lost += 1
      if run.session == 1 { stations[index].tally.sessionOneLost += 1 }
      next += 1
    }
    stations[index].tally.offered += UInt64(blocks.count)
  }

  @inline(__always)
  private mutating func receive(_ run: MulticastRun, _ blocks: Range<Int>, at index: Int) {
    let first = run.first + UInt32(blocks.lowerBound)
    let last = run.first + UInt32(blocks.upperBound - 1)
    let latency = stations[index].latency
    let filled = stations[index].device.receive(
      first, through: last, at: run.departure(at: blocks.upperBound - 1) + latency)
    count(filled, of: UInt64(blocks.count), session: run.session, at: index)
    if filled.count > 0, stations[index].device.isComplete {
      complete(index, at: run.departure(at: Int(filled.last - run.first)) + latency)
    }
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
    switch (before, after) {
    case (.nothing, _):
      stations[index].position = log.position(after: now, latency: stations[index].latency, rank: device)
      if after == .packets { scheduleInFlight(to: device) }
    case (.log, .packets):
      scheduleInFlight(to: device)
    case (.packets, .log):
      stations[index].position = log.end
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
    var position = stations[index].position
    while position.run < log.runs.count {
      let run = log.runs[position.run]
      for block in position.block..<run.count {
        queue.schedule(
          .reachesDevice(
            device,
            Arrival(message: .data(run.first + UInt32(block)), channel: .multicast, session: run.session)),
          as: run.arrivalKey(at: block, latency: stations[index].latency, rank: device))
      }
      position = LogPosition(run: position.run + 1)
    }
  }
}
