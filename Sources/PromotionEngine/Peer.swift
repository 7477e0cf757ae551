import TFTPWire
import Timebase

/// A device as the server sees it.
struct Peer: Hashable, Sendable {
  /// What the server takes a device for.
  enum Standing: Hashable, Sendable {
    /// It never asked to join.
    case unknown
    /// The server heard it too long ago (R8a).
    case struckOff
    /// It waits for another session, or, if it is queued, for a free smart place (R13).
    case passive(queued: Bool)
    /// It drives the session.
    case active
    /// It was asked in this round of an election to drive the next session, and has not answered (R15).
    case elected(round: Int)
    /// It fetches what it misses.
    case smart(SmartPlace)
    /// It sent `ACK(n)`.
    case complete
  }

  var standing = Standing.unknown
  /// Its position in the order of registration.
  var order = 0
  /// Its latest gap report; nil if it sent none since it registered.
  var report: GapReport?
  /// Whether the check phase waits for its report (R15).
  var isAwaited = false
  /// Whether it was one of a silent crowd, and has neither reported nor acknowledged anything since (R15).
  var isSilent = false
  /// Whether it asked for the option `promotion`, and the server knows it too; or it has not joined.
  var knowsPromotion = true
  /// The options that it asked for and that the server knows (R2).
  var answered: Proposal.Options = []
  /// The seconds of its `timeout`.
  var timeoutSeconds: UInt8 = 0
  /// From this instant on an ACK that it should not send is answered (R8a).
  var nextAnswer = Nanoseconds(.min)

  /// Whether the server waits for its report when a session has ended (R15).
  var mayReport: Bool {
    if case .passive = standing { knowsPromotion && !isSilent } else { false }
  }
}

/// A smart device's place (R13).
struct SmartPlace: Hashable, Sendable, BitwiseCopyable {
  /// The later of its promotion and its last packet.
  var heard: Nanoseconds
  /// The repeats of `promotion=smart` to a device that was queued, until it is heard.
  var invitation: Patience?
  /// When the server's one timer looks at it; see ``Server/nextDeadline``.
  var timer = Nanoseconds.never

  /// The device sent a packet.
  @inline(__always)
  mutating func hear(at now: Nanoseconds) {
    heard = max(heard, now)
    invitation = nil
  }
}
