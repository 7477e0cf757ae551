import CGSL
import CRandomStreams
import Timebase

extension RandomStream {
  /// The largest mean in seconds of which several draws are made at once: of a larger one, every tenth would be made anew.
  private static let largestMeanOfMany = 1.0

  /// Whether exponential times with this mean in seconds are drawn several at once.
  public static func drawsMany(ofMean mean: Double) -> Bool { mean > 0 && mean <= largestMeanOfMany }

  /// An exponential time with this mean in seconds: a draw of ``Distribution/drawNanoseconds(from:)`` that asks no law.
  public mutating func exponential(mean: Double) -> Nanoseconds {
    Distribution.nanoseconds(withGenerator { gsl_ran_exponential($0, mean) })
  }

  /// Fills `nanoseconds` with the next exponential times, whose means take turns. They are the numbers that single draws
  /// of ``Distribution/drawNanoseconds(from:)`` would give, in a fraction of the time.
  ///
  /// - Parameter means: in seconds; ``drawsMany(ofMean:)`` holds for both.
  public mutating func exponentials(
    means: (Double, Double), into nanoseconds: UnsafeMutableBufferPointer<UInt64>
  ) {
    precondition(Self.drawsMany(ofMean: means.0) && Self.drawsMany(ofMean: means.1), "means of \(means) s")
    guard let base = nanoseconds.baseAddress else { return }
    fillExponentials(means: means, base, nanoseconds.count)
  }
}
