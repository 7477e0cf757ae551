import Timebase

/// How fast a device could be served, by [MS-WDSMT] 3.1.5.9.6.1: 1 / (RTT × √p × (1 + 9p (1 + 32p²))), p its loss rate.
///
/// Square roots, products and sums of IEEE 754 are the same on every machine.
struct WDSThroughput: Hashable, Sendable, BitwiseCopyable {
  /// The time from a poll to the answer.
  var roundTrip: Nanoseconds
  /// How many blocks that the device had asked for were sent.
  var asked: UInt64
  /// How many of these it missed again.
  var lost: UInt64

  /// Whether there is anything to judge it by.
  var isKnown: Bool { asked > 0 }

  /// The inverse of the throughput: the larger, the slower.
  ///
  /// The loss rate is (lost + 1) / (asked + 2), which is neither 0 nor 1 (Laplace's rule of succession). So a device
  /// of which nothing is known yet is judged by its round trip.
  var slowness: Double {
    let p = (Double(lost) + 1) / (Double(asked) + 2)
    return max(1, Double(roundTrip.count)) * p.squareRoot() * (1 + 9 * p * (1 + 32 * p * p))
  }

  /// Whether its throughput is below a share of another's, in parts of a billion.
  func isBelow(_ sharePerBillion: UInt64, of other: WDSThroughput) -> Bool {
    other.slowness * 1e9 < Double(sharePerBillion) * slowness
  }
}
