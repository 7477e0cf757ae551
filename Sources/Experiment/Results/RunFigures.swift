import NetworkModel
import PromotionEngine
import TFTPWire
import RandomStreams
import Timebase

/// What `runs.csv` reports of one run, taken from its record.
package struct RunFigures: Sendable {
  /// Devices by what became of them.
  var devices: DeviceFigures { cohorts.reduce(into: DeviceFigures()) { $0.add($1.figures) } }
  /// The same by cohort.
  let cohorts: [DeviceTotals]
  /// Nanoseconds from the join to the last missing block, of every complete device, ascending.
  let completionTimes: [Double]
  /// The last completion, nil if no device is complete.
  let makespan: Nanoseconds?
  /// The gaps of the first checks.
  let gaps: GapFigures
  /// The probability of so uneven a loss in session 1 if loss were uniform (N9); nil if nothing can be tested.
  let lossUniformity: Double?
  /// Why the run ended.
  let ended: RunEnd
  /// How many sessions there were.
  let sessions: Int
  /// How many of them were abandoned (R8).
  let abandonedSessions: Int
  /// Multicast DATA that left the uplink.
  let multicastDataPackets: UInt64
  /// Unicast DATA that left the uplink.
  let unicastDataPackets: UInt64
  /// Bytes on the wire that left the uplink.
  let serverBytes: UInt64

  /// Draws up the figures of a run.
  package init(_ record: RunRecord) {
    var cohorts: [DeviceTotals] = []
    var times: [Double] = []
    times.reserveCapacity(record.devices.count)
    var makespan: Nanoseconds?
    for device in record.devices {
      while cohorts.count <= device.cohort { cohorts.append(DeviceTotals()) }
      cohorts[device.cohort].add(device)
      guard let completed = device.completed else { continue }
      times.append(Double((completed - device.join).count))
      makespan = max(makespan ?? completed, completed)
    }
    times.sort()
    self.cohorts = cohorts
    completionTimes = times
    self.makespan = makespan
    gaps = GapFigures(firstChecks: record.devices.lazy.compactMap(\.firstCheck), sizes: record.gapSizes)
    lossUniformity = Statistics.chiSquaredHomogeneity(record.sessionOneLoss.map { [$0.lost, $0.received] })
    ended = record.ended
    sessions = record.sessions.count
    abandonedSessions = record.sessions.count { $0.abandoned }
    multicastDataPackets = record.multicastDataPackets
    unicastDataPackets = record.unicastDataPackets
    serverBytes = record.serverBytes
  }

  /// The mean time to completion in nanoseconds, nil if no device is complete.
  var meanCompletion: Double? { Statistics.mean(completionTimes) }

  /// A percentile of the times to completion in nanoseconds, nil if no device is complete.
  func completion(percentile: Int) -> Double? {
    Statistics.quantile(sorted: completionTimes, fraction: Double(percentile) / 100)
  }
}

/// Devices by what became of them.
package struct DeviceFigures: Hashable, Sendable {
  /// Devices that got their last missing block.
  var completed = 0
  /// Devices that ended as failed.
  var failed = 0
  /// Devices that ever missed a block at a check.
  var secondSet = 0
  /// Devices ever promoted to smart.
  var promoted = 0
  /// Devices of the second set that were never promoted, and had to wait for another session.
  var waited = 0
  /// Devices ever active.
  var active = 0

  /// Counts one device.
  mutating func add(_ device: DeviceRecord) {
    if device.completed != nil { completed += 1 }
    if device.roles.last == .failed { failed += 1 }
    if device.missedAtCheck { secondSet += 1 }
    if device.promoted != nil { promoted += 1 }
    if device.missedAtCheck, device.promoted == nil { waited += 1 }
    if device.roles.contains(.active) { active += 1 }
  }

  /// Adds the figures of other devices.
  mutating func add(_ other: DeviceFigures) {
    completed += other.completed
    failed += other.failed
    secondSet += other.secondSet
    promoted += other.promoted
    waited += other.waited
    active += other.active
  }

  /// The share of the second set that was ever promoted, nil if there is no second set.
  var promotionRate: Double? { secondSet == 0 ? nil : Double(promoted) / Double(secondSet) }
}

/// The gaps of a run's first checks.
package struct GapFigures: Sendable {
  /// The total gap in bytes of every device that missed a block at its first check, ascending.
  let totalBytes: [Double]
  /// The mean number of gaps of those devices, nil if there are none.
  let meanGaps: Double?
  /// The mean size of all gaps in blocks, nil if there are none.
  let meanBlocks: Double?
  /// The largest gap in blocks, nil if there is none.
  let largestBlocks: UInt32?
  /// The gaps in the longest chain, 0 if no chain was seen; nil if nobody checked.
  let longestChain: UInt32?

  /// Draws up the figures of the first checks that there were, and of the sizes of all their gaps.
  init(firstChecks: some Sequence<GapReport>, sizes: [GapSizeCount]) {
    var (bytes, gaps): ([Double], [Double]) = ([], [])
    var longestChain: UInt32?
    for check in firstChecks {
      longestChain = max(longestChain ?? 0, check.longestChain)
      guard check.missingPackets > 0 else { continue }
      bytes.append(Double(check.totalGapBytes))
      gaps.append(Double(check.gaps))
    }
    bytes.sort()
    totalBytes = bytes
    meanGaps = Statistics.mean(gaps)
    self.longestChain = longestChain
    let count = sizes.reduce(0) { $0 + $1.count }
    let blocks = sizes.reduce(0) { $0 + UInt64($1.blocks) * $1.count }
    meanBlocks = count == 0 ? nil : Double(blocks) / Double(count)
    largestBlocks = sizes.map(\.blocks).max()
  }

  /// The mean total gap in bytes, nil if no device missed a block.
  var meanBytes: Double? { Statistics.mean(totalBytes) }

  /// A percentile of the total gaps in bytes, nil if no device missed a block.
  func bytes(percentile: Int) -> Double? {
    Statistics.quantile(sorted: totalBytes, fraction: Double(percentile) / 100)
  }
}
