import EventSimulation
import PromotionEngine
import Timebase

// Deadlines of devices (N4). One that follows the log mostly waits for a silence of the group, and each packet of the group
// puts it off. Rather than that each such device has an alarm that comes too early again and again, all are looked at together
// once in a while, and only those get an alarm whose deadline may come before the next look.
//
// Mostly it takes not even that. A device that lost none of the last packets when it was looked at, and whose losses are known
// up to some packet, no more than `longestRun` of them in a row, hears one at least of any `longestRun + 1` that follow one
// another until there: as long as so many leave the uplink within a silence, it waits for none, and a look passes it over. That holds for
// packets that left since the first look at which they did, once what left before has arrived. Whoever is
// offered any other packet has another packet's fate in the log from there on, so that nothing is foreseen of it until the next look.
extension Simulation {
  /// The packets that may be lost in a row without an end to what is foreseen.
  private static let longestRun = 3
  /// Stands in `foreseen` for a device that does not follow the log.
  static let withoutLog = Int.max

  /// The time from one look to the next: so much less than a silence that hardly anybody needs an alarm who heard something of
  /// the group's last packets. These may be a `timeout` old or two, for so long the active device waits for a packet that it lost.
  private var lookPeriod: Nanoseconds { Nanoseconds(max(1, groupTimeout.count / 4)) }

  /// Makes sure that those who follow the log will be looked at.
  mutating func watchSilences() {
    if nextLook == .never {
      nextLook = now.time + lookPeriod
      steadyFrom = Self.withoutLog
    }
    foreseenByAll = 0
  }

  /// Looks at everybody who follows the log: nothing comes of it but alarms, so that it does not matter when it happens.
  mutating func look() {
    let time = nextLook
    nextLook = time + lookPeriod
    let sent = log.arrived(before: .before(time), latency: .zero, device: 0)
    let isSteady =
      sent > Self.longestRun
      && log.departure(of: sent - 1 - Self.longestRun) + groupTimeout > nextLook
    steadyFrom = isSteady ? min(steadyFrom, sent) : Self.withoutLog
    if isSteady, sent <= foreseenByAll { return }
    foreseenByAll = Self.withoutLog
    let restOfSession = UInt64(configuration.file.blocks - ledger.highestSent)
    let enough = isSteady ? sent : Self.withoutLog
    for index in foreseen.indices {
      if foreseen[index] < enough {
        prefetchStation(of: DeviceID(index + 2))
        look(at: index, of: restOfSession, at: time)
      }
      foreseenByAll = min(foreseenByAll, foreseen[index])
    }
    if foreseenByAll == Self.withoutLog { nextLook = .never }
  }

  /// Something else than the log concerned a device.
  @inline(__always)
  mutating func foreseeNothing(of index: Int) {
    guard stations[index].following == .log else { return }
    foreseen[index] = 0
    foreseenByAll = 0
  }

  private mutating func look(at index: Int, of restOfSession: UInt64, at time: Nanoseconds) {
    catchUp(DeviceID(index + 1), before: .before(time))
    foreseen[index] = 0
    guard stations[index].awaitsSilence, stations[index].heardAt + groupTimeout >= nextLook
    else {
      return watch(index)
    }
    let position = stations[index].position
    if position >= steadyFrom, stations[index].lastHeard == position - 1 {
      let packets = stations[index].downLoss.foresee(restOfSession, runsUpTo: Self.longestRun)
      foreseen[index] = position + Int(min(packets, UInt64(Int32.max)))
    }
  }

  /// Schedules an event for a device's deadline, unless a look comes before it.
  @inline(__always)
  mutating func watch(_ index: Int) {
    if let key = stations[index].alarmKey(groupTimeout: groupTimeout, unlessLookedAt: nextLook) {
      queue.schedule(.deviceAlarm(DeviceID(index + 1)), as: key, in: .fourth)
    }
  }

  /// The event of a device's alarm came: its deadline has, or was put off.
  mutating func ringDevice(_ device: DeviceID) {
    let index = Int(device) - 1
    prefetchStation(of: device + 1)
    guard stations[index].alarm.rings(at: now) else { return }
    // What it has not caught up with can only put the deadline off.
    guard isDue(index) else { return watch(index) }
    catchUp(device)
    guard isDue(index) else { return watch(index) }
    events += 1
    stations[index].device.fire(at: now.time, under: settings[stations[index].cohort], into: &deviceEffects)
    settle(index)
  }

  private mutating func isDue(_ index: Int) -> Bool {
    stations[index].alarm.key(of: stations[index].device.nextDeadline(groupTimeout: groupTimeout).time) <= now
  }

  /// Whether a device that follows the log waits for something that no alarm stands for.
  var isAnyoneWatched: Bool {
    stations.contains { $0.following == .log && $0.device.deadline(under: settings[$0.cohort]) != .never }
  }
}

extension Station {
  /// The key under which an event must be scheduled for the device's deadline; nil if none must, or if a look comes before it.
  fileprivate mutating func alarmKey(groupTimeout: Nanoseconds, unlessLookedAt nextLook: Nanoseconds) -> EventKey? {
    let (deadline, isSilence) = device.nextDeadline(groupTimeout: groupTimeout)
    guard following == .log, deadline >= nextLook else { return alarm.needsEvent(for: deadline) }
    awaitsSilence = isSilence
    heardAt = deadline - groupTimeout
    return nil
  }
}
