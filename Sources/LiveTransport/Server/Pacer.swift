import Timebase

/// How much may be sent now at a rate: a token bucket of bits.
struct Pacer: Sendable {
  /// Bits per second; nil for as fast as the system takes it.
  let rate: UInt64?
  /// What may be sent at once after a pause: what the rate sends in this time, but at least one call's worth.
  static let burst = Nanoseconds.milliseconds(2)
  private static let leastBurst: Int64 = 8 * 80_000
  private var bits: Int64
  private let mostBits: Int64
  private var countedAt: Nanoseconds

  init(rate: UInt64?, at now: Nanoseconds) {
    self.rate = rate
    let (product, overflows) = UInt64(Self.burst.count).multipliedReportingOverflow(by: rate ?? 0)
    mostBits = max(Self.leastBurst, overflows ? .max / 4 : Int64(product / 1_000_000_000))
    bits = mostBits
    countedAt = now
  }

  /// Adds what has become due by `now`.
  mutating func advance(to now: Nanoseconds) {
    guard let rate, now > countedAt else { return }
    let (product, overflows) = UInt64((now - countedAt).count).multipliedReportingOverflow(by: rate)
    let due = overflows ? mostBits : Int64(min(product / 1_000_000_000, UInt64(mostBits)))
    // Less than a bit is not lost: time is counted only when there was one.
    guard due > 0 else { return }
    bits = min(mostBits, bits + due)
    countedAt = now
  }

  /// Whether something may be sent. What is sent then may be more than what is due; the pause after it is longer then.
  var maySend: Bool { rate == nil || bits > 0 }

  /// How many bytes on the wire may be sent now without a debt.
  var credit: Int64 { rate == nil ? .max : max(0, bits / 8) }

  /// Counts what was sent, in bytes on the wire.
  mutating func sent(_ bytes: Int64) { if rate != nil { bits -= bytes * 8 } }

  /// How long until something may be sent again.
  var pause: Nanoseconds {
    guard let rate, rate > 0, bits <= 0 else { return .zero }
    let (product, overflows) = (1 - bits).multipliedReportingOverflow(by: 1_000_000_000)
    return overflows ? .seconds(1) : Nanoseconds(product / Int64(clamping: rate) + 1)
  }

  /// The bytes that a datagram takes on Ethernet, with preamble, headers, FCS and gap (N1).
  static func wireBytes(_ payload: Int) -> Int64 { Int64(max(84, payload + 66)) }
}
