import CGSL
import CRandomStreams
import Timebase

extension RandomStream {
  /// The largest mean of which several draws are made at once: their nanoseconds have 32 bits, and hardly one must be made
  /// anew.
  private static let largestMeanOfMany = 0.01

  /// Whether exponential times with this mean in seconds are drawn several at once.
  public static func drawsMany(ofMean mean: Double) -> Bool { mean > 0 && mean <= largestMeanOfMany }

  /// An exponential time with this mean in seconds: a draw of ``Distribution/drawNanoseconds(from:)`` that asks no law.
  public mutating func exponential(mean: Double) -> Nanoseconds {
    Distribution.nanoseconds(withGenerator { gsl_ran_exponential($0, mean) })
  }

  /// Fills `nanoseconds` with the next exponential times. They are the numbers that single draws of
  /// ``Distribution/drawNanoseconds(from:)`` would give, in a fraction of the time.
  ///
  /// - Parameter mean: in seconds; ``drawsMany(ofMean:)`` holds.
  public mutating func exponentials(mean: Double, into nanoseconds: UnsafeMutableBufferPointer<UInt32>) {
    precondition(Self.drawsMany(ofMean: mean), "a mean of \(mean) s")
    guard let base = nanoseconds.baseAddress else { return }
    fillExponentials(mean: mean, base, nanoseconds.count)
  }
}
