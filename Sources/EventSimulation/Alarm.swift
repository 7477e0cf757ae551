import Timebase

/// One actor's alarm in an event queue, for a deadline that mostly moves away before it comes.
///
/// A deadline that moves later costs nothing: the event stays where it is, and when it comes too early it is put off.
/// At most one event of an alarm counts; others of it are stale.
public struct Alarm: Hashable, Sendable, BitwiseCopyable {
  private var scheduled = Nanoseconds.never

  /// No event is pending.
  public init() {}

  /// The instant at which an event must be scheduled now that the deadline is `deadline`; nil if none must.
  @inline(__always)
  public mutating func needsEvent(for deadline: Nanoseconds) -> Nanoseconds? {
    guard deadline < scheduled else { return nil }
    scheduled = deadline
    return deadline
  }

  /// Whether the event at `time` is the one that counts.
  public func isPending(at time: Nanoseconds) -> Bool { scheduled == time }

  /// Whether the event that came at `now` is the one that counts; it is pending no more then.
  public mutating func rings(at now: Nanoseconds) -> Bool {
    guard scheduled == now else { return false }
    scheduled = .never
    return true
  }
}
