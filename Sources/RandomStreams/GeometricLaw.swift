import Glibc

/// The geometric law of one probability, with the logarithm that each draw from it needs: GSL takes it anew each time, for a
/// third of the time of a draw. The draws are GSL's.
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

  /// Whether GSL's way of drawing does for the probability; its numbers have at most 26 bits then.
  @inline(__always)
  public var isDirect: Bool { p >= RandomStream.leastDirectProbability && p < 1 }
}
