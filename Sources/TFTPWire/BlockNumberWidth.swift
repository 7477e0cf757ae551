import BlockTransfer

/// How wide the block numbers of a transfer are on the wire. The two ends agree on it; packets do not show it.
public enum BlockNumberWidth: Int, Hashable, Sendable, CaseIterable, BitwiseCopyable {
  /// Two bytes, as in RFC 1350 §5.
  case bits16 = 2
  /// Four bytes: after the option `blocknumbers=32` (R21).
  case bits32 = 4

  /// How many bytes a number takes.
  @inlinable
  public var byteCount: Int { rawValue }

  /// The largest number that can be written.
  @inlinable
  public var largestBlock: BlockNumber { self == .bits16 ? BlockNumber(UInt16.max) : .max }
}
