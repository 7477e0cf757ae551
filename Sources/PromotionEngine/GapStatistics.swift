/// What a device knows of its gaps (R10): the figures of a gap report.
public struct GapStatistics: Hashable, Sendable, BitwiseCopyable {
  /// Blocks that the device has not got.
  public var missingPackets: UInt32 = 0
  /// Maximal runs of consecutive missing blocks: the gap frequency.
  public var gaps: UInt32 = 0
  /// The bytes of all missing packets: the total gap.
  public var totalGapBytes: UInt64 = 0
  /// The blocks of the largest gap.
  public var largestGap: UInt32 = 0
  /// Maximal series of two or more gaps with at most `continuity` received blocks between neighbours.
  public var chains: UInt32 = 0
  /// The gaps of the longest chain, 0 if there is none.
  public var longestChain: UInt32 = 0

  /// Nothing is missing.
  public init() {}

  /// Whether a gap is detected: something is missing, and the total gap is strictly below the threshold (R11).
  public func isDetected(below threshold: UInt64) -> Bool {
    missingPackets >= 1 && totalGapBytes < threshold
  }
}
