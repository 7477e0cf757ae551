import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// Devices that only listen follow the log of what the group was sent; the argument for this stands at `MulticastLog`.
extension Simulation {
  /// Takes all that arrived at a device before the event that is being executed.
  @inline(__always)
  mutating func catchUp(_ device: DeviceID) {
    if stations[Int(device) - 1].following == .log { catchUp(device, before: now) }
  }

  mutating func catchUp(_ device: DeviceID, before key: EventKey) {
    let index = Int(device) - 1
    guard stations[index].following == .log, stations[index].position < log.packets else { return }
    let end = log.arrived(before: key, latency: stations[index].latency, device: device)
    guard end > stations[index].position else { return }
    stations[index].hear(log, until: end, of: configuration.file)
  }

  mutating func catchUpAll(before key: EventKey) {
    for index in stations.indices { catchUp(DeviceID(index + 1), before: key) }
  }

  /// After an input: a device that begins to listen, just listens, or stops listening follows the group otherwise.
  ///
  /// What is in flight is neither lost nor taken twice: whoever leaves the log, or begins to listen with every packet,
  /// gets events for what was logged and has not arrived, under the keys that they would have had.
  @inline(__always)
  mutating func follow(_ index: Int) {
    guard delivery == .byRuns, !stations[index].hasJitter else { return }
    let after = stations[index].way(at: now.time, smartListens: smartListens)
    if after != stations[index].following { follow(index, by: after) }
  }

  private mutating func follow(_ index: Int, by after: Station.Following) {
    let before = stations[index].following
    stations[index].following = after
    foreseen[index] = after == .log ? 0 : Self.withoutLog
    stations[index].lastHeard = nil
    let device = DeviceID(index + 1)
    if after == .packets { packetFollowers.insert(index) } else { packetFollowers.remove(index) }
    if after == .log {
      stations[index].makeRoomForGaps(of: configuration.file)
      watchSilences()
    }
    switch (before, after) {
    case (.nothing, _):
      stations[index].position = log.arrived(before: now, latency: stations[index].latency, device: device)
      if after == .packets { scheduleInFlight(to: device) }
    case (.log, .packets):
      scheduleInFlight(to: device)
    case (.packets, .log):
      stations[index].position = log.packets
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
    guard position < log.packets else { return }
    for run in log.runs[log.run(of: position)...] {
      for block in max(0, position - run.start)..<run.count {
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
  /// A gap list that has room from the start need not grow again and again, which takes as long as dozens of losses each time; for
  /// thousands that is not felt any more.
  fileprivate mutating func makeRoomForGaps(of file: FileLayout) {
    device.makeRoom(forGaps: min(downLoss.likelyRuns(among: Double(file.blocks)), 4096))
  }

  /// How it follows the group from `now` on, if its path has no jitter.
  @inline(__always)
  fileprivate mutating func way(at now: Nanoseconds, smartListens: Bool) -> Following {
    guard isOn else { return .nothing }
    return switch device.hearing(at: now, smartListens: smartListens) {
    case .nothing: .nothing
    case .onlyListens: .log
    case .acts: .packets
    }
  }
}
