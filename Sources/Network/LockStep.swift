import BlockTransfer
import Timebase

/// A session in which nothing is lost repeats one round: a window leaves the uplink and reaches the device that drives
/// the session, the device's ask reaches the server, and the next window arrives at the uplink.
///
/// **Rounds** are a capability. The strategy knows what a round changes at its two ends, so many rounds cost no more
/// than one (``Strategy/skip(_:of:receiver:cohort:askedAt:sender:heardAt:)``). What a strategy promises with a
/// lock-step:
/// 1. If a window arrives whole and in order, the device's only answer is the ask for the next window.
/// 2. The server's only answer to that ask is that window.
/// 3. After a round both ends are as before, except that the device misses one window less, and that each has heard the
///    other.
///
/// Why this changes nothing: the ``Run`` skips rounds only while nothing else can happen. No event, look or sample
/// comes before the last of them ends. Only the driving device gets the group's packets as events. No packet of the
/// rounds is lost. The uplink is idle between them. Times, sequence numbers and counts are those that the rounds would
/// have had. Packet-by-packet delivery skips none and must write the same bytes.
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
