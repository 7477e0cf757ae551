import BlockTransfer
import Timebase

/// A session in which nothing is lost goes round and round: a window leaves the uplink, reaches the device that drives it, its ask
/// reaches the server, the next window turns to the uplink.
///
/// **Rounds** are a capability. What a round changes at its two ends is known to the strategy, so that many cost no more than one
/// (``Strategy/skip(_:of:receiver:cohort:askedAt:sender:heardAt:)``). What a strategy promises with a lock-step:
/// 1. If a window arrives whole and in order, the device's one answer is the ask for the window that follows.
/// 2. The server's one answer to that ask is that window.
/// 3. After a round both ends are as they were, but that the device misses a window less, and that each has heard the other.
///
/// Why this changes nothing: the ``Run`` skips rounds only while nothing else can happen. No event, look or sample comes before
/// the last of them ends; nobody but the driving device gets the group's packets as events; no packet of theirs is lost; the
/// uplink stands idle between them. Times, sequence numbers and counts are those that the rounds would have had.
/// Packet-by-packet delivery skips none and must write the same bytes.
public struct LockStep<Rounds: Sendable>: Sendable {
  /// The first block of the window that the device waits for, the first that it misses.
  public var first: BlockNumber
  /// Blocks of a window.
  public var windowSize: UInt32
  /// How many whole windows can follow this one before a block that the device has, or the end of the file.
  public var rounds: UInt32
  /// What the strategy needs to skip them.
  public var promise: Rounds

  /// A lock-step.
  @inlinable
  public init(first: BlockNumber, windowSize: UInt32, rounds: UInt32, promise: Rounds) {
    self.first = first
    self.windowSize = windowSize
    self.rounds = rounds
    self.promise = promise
  }
}
