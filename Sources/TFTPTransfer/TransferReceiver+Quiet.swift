import BlockTransfer
import Timebase

// For callers that pass on millions of blocks.
extension TransferReceiver {
  /// The proof that a client does nothing with some blocks before the last of them, but note them.
  package struct Quiet: Sendable, BitwiseCopyable {
    /// Whether the blocks are those that are due; else they come too early, and have been asked for again.
    package let isInOrder: Bool

    fileprivate init(isInOrder: Bool) { self.isInOrder = isInOrder }
  }

  /// How many blocks, if they come one after the other from `block` on and are as long as they should be, the client
  /// takes quietly: before the last of them it sends nothing, and none brings its deadline nearer.
  ///
  /// - Returns: nil if it may act on the first; so it may while a timeout may have grown.
  @inline(__always)
  package func quietBlocks(from block: BlockNumber, under settings: Settings) -> (count: UInt32, promise: Quiet)? {
    guard case .receiving(let receiving) = doing, let file, block > received, block < file.blocks,
      received - receiving.asked < windowSize, settings.patience.backoff <= 1
    else { return nil }
    let isInOrder = block - received == 1
    guard isInOrder || receiving.early > 0 && block > receiving.early else { return nil }
    let ofWindow = windowSize - (received - receiving.asked)
    guard block - received <= ofWindow else { return nil }
    let count = min(ofWindow - (block - received), file.blocks - 1 - block) + 1
    return (count, Quiet(isInOrder: isInOrder))
  }

  /// Takes quiet blocks, without an effect, the last of which comes now.
  ///
  /// - Returns: whether that one must be acknowledged, after the answer delay.
  @inline(__always)
  package mutating func take(
    _ quiet: Quiet, through last: BlockNumber, at now: Nanoseconds, under settings: Settings
  ) -> Bool {
    guard case .receiving(var receiving) = doing else { return false }
    if quiet.isInOrder { return takeInOrder(last, receiving, at: now, under: settings) }
    receiving.early = last
    doing = .receiving(receiving)
    return false
  }
}
