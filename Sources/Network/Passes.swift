import BlockTransfer

/// What the network must know about the passes over the file: which blocks went to the group.
@usableFromInline
struct Passes: Sendable {
  @usableFromInline
  struct Pass: Sendable, BitwiseCopyable {
    /// The highest block sent to the group in it.
    @usableFromInline var highestSent: BlockNumber = 0

    @inlinable
    init() {}
  }

  @usableFromInline var all: ContiguousArray<Pass> = []
  @usableFromInline var isOpen = false

  @inlinable
  init() {}

  /// The pass under way or the last one; 0 before the first.
  @inlinable var current: UInt32 { UInt32(truncatingIfNeeded: all.count) }

  @inlinable
  mutating func open() {
    all.append(Pass())
    isOpen = true
  }

  @inlinable
  mutating func close() { isOpen = false }

  /// The highest block that was sent to the group in the last pass; 0 before the first.
  @inlinable var highestSent: BlockNumber { all.last?.highestSent ?? 0 }

  /// Whether a block was sent to the group in a pass before. Blocks are asked for in ascending order, so the highest
  /// one tells.
  @inlinable
  func hasSent(_ block: BlockNumber, in pass: UInt32) -> Bool {
    pass > 0 && block <= all[Int(pass) - 1].highestSent
  }

  /// How many of some blocks were sent to the group in a pass before.
  @inlinable
  func repeats(among blocks: ClosedRange<BlockNumber>, in pass: UInt32) -> UInt64 {
    guard hasSent(blocks.lowerBound, in: pass) else { return 0 }
    return UInt64(min(all[Int(pass) - 1].highestSent, blocks.upperBound) - blocks.lowerBound) + 1
  }

  /// The uplink took DATA to the group through this block.
  @inlinable
  mutating func send(through block: BlockNumber, in pass: UInt32) {
    guard pass > 0 else { return }
    all[Int(pass) - 1].highestSent = max(all[Int(pass) - 1].highestSent, block)
  }

  /// Whether the pass is under way.
  @inlinable
  func isUnderWay(_ pass: UInt32) -> Bool { pass > 0 && isOpen && pass == current }
}
