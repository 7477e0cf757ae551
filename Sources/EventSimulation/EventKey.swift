import Timebase

/// When an event happens among all others: by time, then by the order of scheduling, then by `rank`.
///
/// No two events of a queue compare equal. `rank` orders what was scheduled as one: a packet that fans out reaches
/// devices in the order of their numbers (N, "events at one instant").
public struct EventKey: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// The instant.
  public var time: Nanoseconds
  @usableFromInline var order: UInt64

  /// The bits of ``order`` that hold the rank.
  @usableFromInline static let rankBits: UInt64 = 24

  /// The largest rank: 16 777 215.
  public static let largestRank = UInt32((1 << 24) - 1)

  /// The key of what was scheduled as number `sequence` of its queue.
  @inlinable
  public init(time: Nanoseconds, sequence: UInt64, rank: UInt32 = 0) {
    self.time = time
    order = sequence << EventKey.rankBits | UInt64(rank)
  }

  /// Earlier, or scheduled earlier, or of a smaller rank.
  @inlinable
  public static func < (left: EventKey, right: EventKey) -> Bool {
    left.time == right.time ? left.order < right.order : left.time < right.time
  }

  /// After everything at `time`.
  @inlinable
  public static func after(_ time: Nanoseconds) -> EventKey {
    var key = EventKey(time: time, sequence: 0)
    key.order = .max
    return key
  }
}
