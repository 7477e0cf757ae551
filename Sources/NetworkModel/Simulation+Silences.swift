import EventSimulation
import PromotionEngine
import Timebase

// Deadlines of devices (N4). One that follows the log mostly waits for a silence of the group, and each packet of the group
// puts it off. Rather than that each such device has an alarm that comes too early again and again, all are looked at together
// once in a while, and only those get an alarm whose deadline may come before the next look.
extension Simulation {
  /// The time from one look to the next: so much less than a silence that hardly anybody needs an alarm who heard something of
  /// the group's last packets. These may be a `timeout` old, for so long the active device waits for a packet that it lost.
  private var lookPeriod: Nanoseconds {
    let silence = configuration.parameters.groupTimeout.count
    let wait = configuration.parameters.timeout.count
    return Nanoseconds(max(1, silence - min(silence / 2, max(silence / 8, wait + wait / 4))))
  }

  /// Makes sure that those who follow the log will be looked at.
  mutating func watchSilences() {
    if nextLook == .never { nextLook = now.time + lookPeriod }
  }

  /// Looks at everybody who follows the log: nothing comes of it but alarms, so that it does not matter when it happens.
  mutating func look() {
    let time = nextLook
    nextLook = .never
    for index in stations.indices where stations[index].following == .log {
      if nextLook == .never { nextLook = time + lookPeriod }
      catchUp(DeviceID(index + 1), before: .before(time))
      if stations[index].awaitsSilence, stations[index].heardAt + configuration.parameters.groupTimeout >= nextLook {
        continue
      }
      watch(index, under: settings[stations[index].cohort])
    }
  }

  /// Schedules an event for a device's deadline, unless a look comes before it.
  mutating func watch(_ index: Int, under settings: DeviceSettings) {
    let deadline = stations[index].device.deadline(under: settings)
    if stations[index].following == .log, deadline >= nextLook {
      stations[index].awaitsSilence = stations[index].device.awaitsSilence
      stations[index].heardAt = deadline - configuration.parameters.groupTimeout
      return
    }
    if let key = stations[index].alarm.needsEvent(for: deadline) {
      queue.schedule(.deviceAlarm(DeviceID(index + 1)), as: key)
    }
  }

  /// The event of a device's alarm came: its deadline has, or was put off.
  mutating func ringDevice(_ device: DeviceID) {
    let index = Int(device) - 1
    guard stations[index].alarm.rings(at: now) else { return }
    catchUp(device)
    let settings = settings[stations[index].cohort]
    let deadline = stations[index].device.deadline(under: settings)
    guard stations[index].alarm.key(of: deadline) <= now else { return watch(index, under: settings) }
    events += 1
    stations[index].device.fire(at: now.time, under: settings, into: &deviceEffects)
    settle(index)
  }

  /// Whether a device that follows the log waits for something that no alarm stands for.
  var isAnyoneWatched: Bool {
    stations.contains {
      $0.following == .log && $0.device.deadline(under: settings[$0.cohort]) != .never
    }
  }
}
