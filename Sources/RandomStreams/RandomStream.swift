import CGSL
import CRandomStreams

/// A stream of random numbers: a value that can be copied, compared and kept like any other.
///
/// The generator is Philox4x32-10 (Salmon et al., SC'11). A block of four 32-bit words is a function of a key and a
/// 128-bit counter. So a stream is a name and a position, with nothing to seed and nothing to share. Every field of a
/// ``StreamKey`` has its own bits, so no two keys are equal and none needs hashing:
///
/// | word | holds |
/// | --- | --- |
/// | key 0, key 1 | the seed, lower half first |
/// | counter 0 | the block's position, bits 0–31 |
/// | counter 1 | the purpose in bits 24–31; the part in bits 16–23; the block's position, bits 32–47, below |
/// | counter 2 | the device |
/// | counter 3 | the replication |
///
/// A stream has 2⁴⁸ blocks of its own: months of drawing.
public struct RandomStream: Sendable, BitwiseCopyable {
  private var state: gapsim_philox_state

  /// The stream of a key, at one of its blocks: at its start if none is given.
  public init(_ key: StreamKey, block: UInt64 = 0) {
    precondition(block >> 48 == 0, "a stream has 2⁴⁸ blocks")
    GSL.prepare()
    state = gapsim_philox_state()
    state.key = (UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32))
    state.counter = (
      UInt32(truncatingIfNeeded: block),
      UInt32(key.purpose.rawValue) << 24 | UInt32(key.part) << 16 | UInt32(block >> 32), key.device, key.replication
    )
    state.used = UInt32(GAPSIM_PHILOX_WORDS)
  }

  /// Calls a GSL function with this stream as its generator, without an allocation.
  @inline(__always)
  mutating func withGenerator<Result>(_ body: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &state) { state in
      var generator = gsl_rng(type: gapsim_philox_type(), state: state)
      return withUnsafePointer(to: &generator, body)
    }
  }

  @inline(__always)
  mutating func countTrials(logOfFailure: Double) -> UInt64 { gapsim_philox_geometric(&state, logOfFailure) }

  /// Fills `trials` with such numbers at once.
  @inline(__always)
  mutating func countTrials(logOfFailure: Double, into trials: UnsafeMutableBufferPointer<UInt32>) {
    guard let base = trials.baseAddress else { return }
    gapsim_philox_geometrics(&state, logOfFailure, base, trials.count)
  }

  mutating func fillExponentials(
    means: (Double, Double), _ nanoseconds: UnsafeMutablePointer<UInt64>, _ count: Int
  ) {
    withUnsafeBytes(of: means) { means in
      gapsim_philox_exponentials(
        &state, means.assumingMemoryBound(to: Double.self).baseAddress, nanoseconds, count)
    }
  }

  /// A whole number from 0 to `bound`; all are equally likely.
  ///
  /// It is written out here (Lemire, "Fast random integer generation in an interval", 2019) because GSL's integers end
  /// at 32 bits, and the standard library does not promise to draw the same numbers in its next version.
  public mutating func uniform(upTo bound: UInt64) -> UInt64 {
    let count = bound &+ 1
    guard count != 0 else { return nextWord() }
    var product = nextWord().multipliedFullWidth(by: count)
    if product.low < count {
      let unevenShare = (0 &- count) % count
      while product.low < unevenShare { product = nextWord().multipliedFullWidth(by: count) }
    }
    return product.high
  }

  private mutating func nextWord() -> UInt64 {
    withGenerator { UInt64(gsl_rng_get($0)) << 32 | UInt64(gsl_rng_get($0)) }
  }
}

extension RandomStream: Equatable {
  /// The same stream at the same position.
  public static func == (left: RandomStream, right: RandomStream) -> Bool {
    // The words of the current block follow from the key and the counter.
    left.state.key == right.state.key && left.state.counter == right.state.counter
      && left.state.used == right.state.used
  }
}
