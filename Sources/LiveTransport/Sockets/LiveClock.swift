import NIOCore
import Timebase

/// The time of a live end: nanoseconds of the machine's monotonic clock since the end was started.
package struct LiveClock: Hashable, Sendable {
  private let origin: NIODeadline

  /// A clock that starts now.
  package init() { origin = .now() }

  /// The time.
  package var now: Nanoseconds { Nanoseconds((NIODeadline.now() - origin).nanoseconds) }

  /// An instant as NIO's timers take it; nil for never.
  package func deadline(_ time: Nanoseconds) -> NIODeadline? {
    time == .never ? nil : origin + .nanoseconds(time.count)
  }
}
