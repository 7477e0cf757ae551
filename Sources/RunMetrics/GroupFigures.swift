import Statistics
import Runs

/// The figures of a group of devices: of all devices of a run, or of one cohort.
package struct GroupFigures: Sendable {
  /// How the file got to the devices.
  package let strategy: StrategyName
  /// The devices by their outcome.
  package let devices: DeviceFigures
  /// Datagrams that did not fit into the buffer of their device (N11).
  package let overruns: UInt64
  /// Frames that the links of the devices dropped (N10).
  let linkDrops: UInt64
  /// Nanoseconds from the join to the last missing block, of every complete device, ascending.
  let completionTimes: [Double]
  /// The gaps of their first checks.
  package let gaps: GapFigures
  /// What is known of all of them.
  let known: Knowledge

  /// Computes the figures of groups that were counted separately.
  init(_ groups: some Sequence<GroupCounters>, strategy: StrategyName) {
    self.strategy = strategy
    var all = GroupCounters()
    for group in groups { all.add(group) }
    all.completionTimes.sort()
    devices = all.devices
    overruns = all.overruns
    linkDrops = all.linkDrops
    completionTimes = all.completionTimes
    gaps = GapFigures(all.gaps)
    known = all.known
  }

  /// The mean time to completion in nanoseconds, nil if no device is complete.
  var meanCompletion: Double? { Sample.mean(completionTimes) }

  /// A percentile of the times to completion in nanoseconds, nil if no device is complete.
  package func completion(percentile: Int) -> Double? {
    Sample.quantile(sorted: completionTimes, fraction: Double(percentile) / 100)
  }
}

/// A group of devices while they are counted, one after the other.
struct GroupCounters {
  fileprivate(set) var devices = DeviceFigures()
  fileprivate var overruns: UInt64 = 0
  fileprivate var linkDrops: UInt64 = 0
  fileprivate var completionTimes: [Double] = []
  fileprivate var gaps = GapCounters()
  fileprivate var known = Knowledge.everything

  /// Counts one device.
  mutating func add(_ device: DeviceRecord) {
    devices.add(device)
    known.formIntersection(device.known)
    overruns += device.path.overruns
    linkDrops += device.path.linkDrops
    if let completed = device.completed { completionTimes.append(Double((completed - device.join).count)) }
    if let check = device.firstCheck { gaps.add(check) }
  }

  /// Adds another group. The first one costs nothing.
  fileprivate mutating func add(_ other: GroupCounters) {
    guard devices.all > 0 else {
      self = other
      return
    }
    devices.add(other.devices)
    known.formIntersection(other.known)
    overruns += other.overruns
    linkDrops += other.linkDrops
    completionTimes += other.completionTimes
    gaps.add(other.gaps)
  }
}

/// Devices by their outcome.
package struct DeviceFigures: Hashable, Sendable {
  /// All devices.
  package var all = 0
  /// Devices that got their last missing block.
  package var completed = 0
  /// Devices that failed by themselves.
  package var failed = 0
  /// Devices that the scenario switched off before they were complete.
  package var left = 0
  /// Devices that ever missed a block at a check.
  package var secondSet = 0
  /// Devices ever promoted to smart: all of them are of the second set.
  package var promoted = 0
  /// Devices ever active.
  package var active = 0

  /// Counts one device.
  fileprivate mutating func add(_ device: DeviceRecord) {
    all += 1
    if device.completed != nil { completed += 1 }
    if device.left { left += 1 } else if device.roles.last == .failed { failed += 1 }
    if device.missedAtCheck { secondSet += 1 }
    if device.promoted != nil { promoted += 1 }
    if device.roles.contains(where: { $0.part == .drives }) { active += 1 }
  }

  /// Adds the figures of other devices.
  fileprivate mutating func add(_ other: DeviceFigures) {
    all += other.all
    completed += other.completed
    failed += other.failed
    left += other.left
    secondSet += other.secondSet
    promoted += other.promoted
    active += other.active
  }

  /// The share of the second set that was ever promoted, nil if there is no second set.
  package var promotionRate: Double? { secondSet == 0 ? nil : Double(promoted) / Double(secondSet) }
}
