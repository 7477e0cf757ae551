import Timebase

/// When an event happens among all others: by time, then by its sequence number in the order of scheduling.
///
/// No two events that are pending have the same key. A packet that fans out takes consecutive sequence numbers, one for each device, so
/// that it reaches them in the order of their numbers whether or not each arrival is an event of its own.
public struct EventKey: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// The instant.
  public var time: Nanoseconds
  /// The number in the order of scheduling, counted from 1.
  public var sequence: UInt64

  /// The key of what was scheduled as number `sequence` of its queue.
  @inlinable
  public init(time: Nanoseconds, sequence: UInt64) {
    self.time = time
    self.sequence = sequence
  }

  /// Earlier, or scheduled earlier for the same instant.
  @inlinable @inline(__always)
  public static func < (left: EventKey, right: EventKey) -> Bool { left.bits < right.bits }

  /// Both in one number: to compare it takes no branch.
  @inlinable var bits: Int128 {
    @inline(__always)
    get { Int128(truncatingIfNeeded: time.count) << 64 | Int128(truncatingIfNeeded: sequence) }
  }

  /// Before everything at `time`.
  @inlinable
  public static func before(_ time: Nanoseconds) -> EventKey { EventKey(time: time, sequence: 0) }

  /// After every event.
  @inlinable
  public static var afterAll: EventKey { .after(.never) }

  /// After everything at `time`.
  @inlinable
  public static func after(_ time: Nanoseconds) -> EventKey { EventKey(time: time, sequence: .max) }
}
