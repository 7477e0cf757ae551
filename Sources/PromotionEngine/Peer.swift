import TFTPWire
import Timebase

/// A device as the server sees it.
struct Peer: Hashable, Sendable {
  /// What the server takes a device for.
  enum Standing: Hashable, Sendable {
    /// It never asked to join.
    case unknown
    /// It was heard too long ago (R8a).
    case struckOff
    /// It waits for another session, or for a free smart place when it is queued (R13).
    case passive(queued: Bool)
    /// It drives the session.
    case active
    /// It was asked to drive the next session and has not answered (R15).
    case elected
    /// It fetches what it misses.
    case smart(SmartPlace)
    /// It sent `ACK(n)`.
    case complete
  }

  var standing = Standing.unknown
  /// Its place in the order of registration.
  var order = 0
  /// Its latest gap report; nil if it sent none since it registered.
  var report: GapReport?
  /// Whether the check phase waits for its report (R15).
  var isAwaited = false
  /// Whether it asked for the option `promotion`, or has not joined.
  var knowsPromotion = true
  /// An ACK that it should not have sent is answered from then on (R8a).
  var nextAnswer = Nanoseconds(.min)

  var isPassive: Bool {
    if case .passive = standing { true } else { false }
  }
}

/// A smart device's place (R13).
struct SmartPlace: Hashable, Sendable, BitwiseCopyable {
  /// Its promotion or its last packet, whichever is later.
  var heard: Nanoseconds
  /// The repeats of `promotion=smart` to a device that was queued, until it is heard.
  var invitation: Patience?

  /// The device sent a packet.
  @inline(__always)
  mutating func hear(at now: Nanoseconds) {
    heard = max(heard, now)
    invitation = nil
  }
}
