import Timebase

/// One actor's timer in an event queue, for a deadline that mostly moves away before it comes.
///
/// A deadline that moves later costs nothing: the event stays where it is, and is put off when it comes too early.
/// At most one event of a timer counts; others are stale. A timer takes no sequence number of its own, but that of the last
/// event that its actor saw. That event set the deadline or put it off, so it does not matter how often the timer's event moved.
public struct EventTimer: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline var scheduled = EventKey.after(.never)
  @usableFromInline var seen: UInt64 = 0

  /// No event is pending.
  @inlinable
  public init() {}

  /// The actor saw an event with this sequence number.
  @inlinable @inline(__always)
  public mutating func see(_ sequence: UInt64) { seen = max(seen, sequence) }

  /// When the timer fires for a deadline.
  @inlinable @inline(__always)
  public func key(of deadline: Nanoseconds) -> EventKey { EventKey(time: deadline, sequence: seen) }

  /// The key under which an event must be scheduled now that the deadline is `deadline`; nil if none must.
  @inlinable @inline(__always)
  public mutating func needsEvent(for deadline: Nanoseconds) -> EventKey? {
    let key = key(of: deadline)
    guard deadline != .never, key < scheduled else { return nil }
    scheduled = key
    return key
  }

  /// Whether the event at `key` is the one that counts.
  @inlinable
  public func isPending(at key: EventKey) -> Bool { scheduled == key }

  /// Whether the event that came at `now` is the one that counts. Then it is no longer pending.
  @inlinable
  public mutating func fires(at now: EventKey) -> Bool {
    guard scheduled == now else { return false }
    scheduled = .after(.never)
    return true
  }
}
