import Timebase

/// Tells when the next packet of a paced sender is due.
///
/// Packets leave at a rate in bits on the wire per second. What division leaves is carried on, so that the pace is exact
/// however long the sender sends.
struct Pacer: Hashable, Sendable {
  private let rate: UInt64
  /// When the next packet is due.
  private(set) var due = Nanoseconds.zero
  /// What is left of a nanosecond, in parts of `rate`.
  private var remainder: UInt64 = 0

  /// A rate in bits on the wire per second, at least 1.
  init(rate: UInt64) { self.rate = max(1, rate) }

  /// The next packet is due now, if it was due earlier.
  mutating func start(at now: Nanoseconds) {
    guard due < now else { return }
    due = now
    remainder = 0
  }

  /// A packet of this many bytes on the wire is sent.
  mutating func send(bytes: UInt64) {
    let bits = UInt128(bytes) * 8_000_000_000 + UInt128(remainder)
    due = due + Nanoseconds(Int64(clamping: bits / UInt128(rate)))
    remainder = UInt64(bits % UInt128(rate))
  }
}
