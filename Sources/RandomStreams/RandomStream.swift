import CGSL
import CRandomStreams
import Glibc

/// A stream of random numbers: a value that is copied, compared and kept like any other.
///
/// The generator is Philox4x32-10 (Salmon et al., SC'11): a block of four words is a function of a key and a counter,
/// so that a stream has no state but its position. The key holds the seed; the counter's words are, from the first on,
/// the low and the high half of the block's position, with the purpose in the topmost byte of the latter, the device,
/// and the replication. Different ``StreamKey``s never share a block in the first 2⁵⁶ of each.
public struct RandomStream: Sendable {
  private var state = gapsim_philox_state()

  /// The stream of a key, at its start.
  public init(_ key: StreamKey) {
    GSL.prepare()
    state.key = (UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32))
    state.counter = (0, UInt32(key.purpose.rawValue) << 24, key.device, key.replication)
    state.used = 4
  }

  /// Calls a GSL function with this stream as its generator; nothing is allocated.
  @inline(__always)
  mutating func withGenerator<Result>(_ body: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &state) { state in
      var generator = gsl_rng(type: gapsim_philox_type(), state: state)
      return withUnsafePointer(to: &generator, body)
    }
  }

  /// A whole number from 0 to `bound`, each equally likely.
  public mutating func uniform(upTo bound: UInt64) -> UInt64 {
    var words = PhiloxWords(stream: self)
    defer { self = words.stream }
    return UInt64.random(in: 0...bound, using: &words)
  }

  /// The number of trials up to and including the first success, at least 1.
  ///
  /// - Parameter p: the probability of success in each trial. From 1 on the first trial succeeds, without a draw; at 0
  ///   none ever does: `UInt64.max`, without a draw either.
  ///
  /// Below one in a million `gsl_ran_geometric`'s 32 bits would overflow: there the trials are the exponential waiting
  /// time of the same law, rounded up.
  @inline(__always)
  public mutating func geometric(p: Double) -> UInt64 {
    if p >= 1 { return 1 }
    guard p > 0 else { return .max }
    if p >= 1e-6 { return withGenerator { UInt64(gsl_ran_geometric($0, p)) } }
    let mean = -1 / log1p(-p)
    let waiting = withGenerator { gsl_ran_exponential($0, mean) }
    return waiting < 0x1p62 ? UInt64(waiting) + 1 : .max
  }
}

extension RandomStream: Equatable {
  /// The same stream at the same position.
  public static func == (left: RandomStream, right: RandomStream) -> Bool {
    left.state.key == right.state.key && left.state.counter == right.state.counter
      && left.state.used == right.state.used
  }
}

/// The stream's words for Swift's unbiased whole numbers.
private struct PhiloxWords: RandomNumberGenerator {
  var stream: RandomStream

  mutating func next() -> UInt64 {
    stream.withGenerator { UInt64(gsl_rng_get($0)) << 32 | UInt64(gsl_rng_get($0)) }
  }
}
