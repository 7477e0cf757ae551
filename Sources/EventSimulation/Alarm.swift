import Timebase

/// One actor's alarm in an event queue, for a deadline that mostly moves away before it comes.
///
/// A deadline that moves later costs nothing: the event stays where it is, and when it comes too early it is put off.
/// At most one event of an alarm counts; others of it are stale. An alarm takes no place of its own in the order of scheduling
/// but that of the last event that its actor saw, which set its deadline or put it off: so it does not matter how often the
/// event was put off.
public struct Alarm: Hashable, Sendable, BitwiseCopyable {
  private var scheduled = EventKey.after(.never)
  private var seen: UInt64 = 0

  /// No event is pending.
  public init() {}

  /// The actor saw an event that had this place.
  @inline(__always)
  public mutating func see(_ place: UInt64) { seen = max(seen, place) }

  /// When the alarm rings for a deadline.
  @inline(__always)
  public func key(of deadline: Nanoseconds) -> EventKey { EventKey(time: deadline, place: seen) }

  /// The key under which an event must be scheduled now that the deadline is `deadline`; nil if none must.
  @inline(__always)
  public mutating func needsEvent(for deadline: Nanoseconds) -> EventKey? {
    let key = key(of: deadline)
    guard deadline != .never, key < scheduled else { return nil }
    scheduled = key
    return key
  }

  /// Whether the event at `key` is the one that counts.
  public func isPending(at key: EventKey) -> Bool { scheduled == key }

  /// Whether the event that came at `now` is the one that counts; it is pending no more then.
  public mutating func rings(at now: EventKey) -> Bool {
    guard scheduled == now else { return false }
    scheduled = .after(.never)
    return true
  }
}
