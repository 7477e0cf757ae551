import Glibc

/// The geometric law of one probability, with the logarithm that each draw needs. GSL computes it anew each time, which
/// is a third of the time of a draw. The draws are those of GSL.
public struct GeometricLaw: Hashable, Sendable, BitwiseCopyable {
  /// The probability of success in each trial.
  public let p: Double
  /// `log(1 − p)`.
  let logOfFailure: Double

  /// The law of the number of trials up to the first success of probability `p`.
  public init(p: Double) {
    self.p = p
    logOfFailure = log(1 - p)
  }

  /// Whether GSL's method works for the probability. Its numbers then have at most 26 bits.
  @inline(__always)
  public var isDirect: Bool { p >= RandomStream.leastDirectProbability && p < 1 }
}
