/// The six figures of a gap report, in their order on the wire (R10): `missing,bytes,gaps,largest,chains,longest`.
///
/// Each is what the peer claims. The decoder checks that it fits its type, not that the six agree with each other.
public struct GapReport: Hashable, Sendable, BitwiseCopyable {
  /// How many blocks the device misses.
  public var missingPackets: UInt32
  /// The bytes of all missing packets: the total gap.
  public var totalGapBytes: UInt64
  /// The number of gaps.
  public var gaps: UInt32
  /// The blocks of the largest gap.
  public var largestGap: UInt32
  /// The number of chains.
  public var chains: UInt32
  /// The gaps of the longest chain, 0 if there is none.
  public var longestChain: UInt32

  /// A report of six figures.
  public init(
    missingPackets: UInt32,
    totalGapBytes: UInt64,
    gaps: UInt32,
    largestGap: UInt32,
    chains: UInt32,
    longestChain: UInt32
  ) {
    self.missingPackets = missingPackets
    self.totalGapBytes = totalGapBytes
    self.gaps = gaps
    self.largestGap = largestGap
    self.chains = chains
    self.longestChain = longestChain
  }
}
