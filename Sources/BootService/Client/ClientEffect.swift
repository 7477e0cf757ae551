import Timebase

/// What a client wants done after an input, in this order.
public enum ClientEffect: Hashable, Sendable {
  /// Send a datagram.
  case send([UInt8], to: Endpoint)
  /// Join a group, and say so by ``BootClient/joined(at:into:)`` or ``BootClient/notJoined(_:at:into:)``.
  case join(Endpoint)
  /// Leave it.
  case leave(Endpoint)
  /// These bytes of the datagram that was handed in belong to the file, from this offset on.
  case write(offset: UInt64, payload: Range<Int>)
  /// Draw a delay from 0 to this, evenly, and hand it to ``BootClient/delayReport(by:)`` (R10).
  case drawReportDelay(atMost: Nanoseconds)
  /// Something happened.
  case event(ClientEvent, at: Nanoseconds)
}
