import Statistics
import TFTPWire

/// The gaps of first checks.
package struct GapFigures: Sendable {
  /// The total gap in bytes of every device that missed a block at its first check, ascending.
  let totalBytes: [Double]
  /// The mean number of gaps of those devices, nil if there are none.
  let meanGaps: Double?
  /// The mean size of all gaps in blocks, nil if there are none.
  let meanBlocks: Double?
  /// The largest gap in blocks, nil if there is none.
  let largestBlocks: UInt32?
  /// The gaps in the longest chain; 0 if no chain was seen, nil if no device checked.
  let longestChain: UInt32?

  /// Computes the figures of the counted first checks.
  init(_ counters: GapCounters) {
    totalBytes = counters.totalBytes.sorted()
    meanGaps = totalBytes.isEmpty ? nil : Double(counters.gaps) / Double(totalBytes.count)
    meanBlocks = counters.gaps == 0 ? nil : Double(counters.blocks) / Double(counters.gaps)
    largestBlocks = counters.largest == 0 ? nil : counters.largest
    longestChain = counters.longestChain
  }

  /// The mean total gap in bytes, nil if no device missed a block.
  var meanBytes: Double? { Sample.mean(totalBytes) }

  /// A percentile of the total gaps in bytes, nil if no device missed a block.
  func bytes(percentile: Int) -> Double? {
    Sample.quantile(sorted: totalBytes, fraction: Double(percentile) / 100)
  }
}

/// First checks while they are counted.
struct GapCounters {
  fileprivate var totalBytes: [Double] = []
  fileprivate var gaps: UInt64 = 0
  fileprivate var blocks: UInt64 = 0
  fileprivate var largest: UInt32 = 0
  fileprivate var longestChain: UInt32?

  /// Counts the first check of a device.
  mutating func add(_ check: GapReport) {
    longestChain = max(longestChain ?? 0, check.longestChain)
    guard check.missingPackets > 0 else { return }
    totalBytes.append(Double(check.totalGapBytes))
    gaps += UInt64(check.gaps)
    blocks += UInt64(check.missingPackets)
    largest = max(largest, check.largestGap)
  }

  /// Adds the first checks of other devices.
  mutating func add(_ other: GapCounters) {
    totalBytes += other.totalBytes
    gaps += other.gaps
    blocks += other.blocks
    largest = max(largest, other.largest)
    if let chain = other.longestChain { longestChain = max(longestChain ?? 0, chain) }
  }
}
