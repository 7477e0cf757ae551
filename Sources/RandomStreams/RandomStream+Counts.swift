import CGSL
import Glibc

/// Draws whose results GSL counts in 32 bits, made safe where 32 bits are not enough.
extension RandomStream {
  /// Below this probability geometric draws use the exponential distribution.
  ///
  /// A uniform number of 53 bits is at least 2⁻⁵³, so `gsl_ran_geometric` returns up to 36.74/p + 1. It overflows from
  /// about p = 8.6e-9 down. Well before that the `1 − p` in its logarithm has lost digits of p.
  static let leastDirectProbability = 1e-6

  /// The number of trials up to and including the first success, at least 1.
  ///
  /// - Parameter p: the probability of success in each trial. From 1 on the first trial succeeds. At 0 (or NaN) no
  ///   trial ever does, and the result is `UInt64.max`. Neither takes a draw. Below ``leastDirectProbability`` the
  ///   number is an exponential waiting time with rate −ln(1−p), rounded up, which has the same law; it is `UInt64.max`
  ///   if it would be larger than that.
  @inline(__always)
  public mutating func geometric(p: Double) -> UInt64 {
    if p >= 1 { return 1 }
    guard p > 0 else { return .max }
    if p >= Self.leastDirectProbability { return withGenerator { UInt64(gsl_ran_geometric($0, p)) } }
    return rareGeometric(p: p)
  }

  /// The same number, from a law that is used for many draws.
  @inline(__always)
  public mutating func geometric(_ law: GeometricLaw) -> UInt64 {
    if law.isDirect { return countTrials(logOfFailure: law.logOfFailure) }
    return geometric(p: law.p)
  }

  /// Fills `trials` with the next numbers of a law. They are the numbers that single draws would give, in a third of
  /// the time.
  ///
  /// - Parameter law: a law that ``GeometricLaw/isDirect``, so its numbers have at most 26 bits.
  @inline(__always)
  public mutating func geometrics(_ law: GeometricLaw, into trials: UnsafeMutableBufferPointer<UInt32>) {
    precondition(law.isDirect, "numbers of trials at a probability of \(law.p) may have more than 31 bits")
    countTrials(logOfFailure: law.logOfFailure, into: trials)
  }

  private mutating func rareGeometric(p: Double) -> UInt64 {
    let mean = -1 / log1p(-p)
    let waiting = withGenerator { gsl_ran_exponential($0, mean) }
    return waiting < 0x1p64 ? UInt64(waiting) + 1 : .max
  }

  /// The number of events where `mean` are expected.
  ///
  /// Above 10⁹ it is a normal draw with the same mean and variance, because `gsl_ran_poisson` counts in 32 bits and
  /// never ends for means far above them. There the two laws differ by less than 1.5e-5 in any probability
  /// (Berry–Esseen).
  mutating func poisson(mean: Double) -> Double {
    let largestDirectMean = 1e9
    guard mean > largestDirectMean else { return withGenerator { Double(gsl_ran_poisson($0, mean)) } }
    let deviation = withGenerator { gsl_ran_gaussian($0, mean.squareRoot()) }
    return mean.isFinite ? (mean + deviation).rounded() : mean
  }

  /// The number of failures before the `n`-th success: a Poisson draw whose mean is a gamma draw, as in GSL.
  mutating func negativeBinomial(p: Double, n: Double) -> Double {
    let successes = withGenerator { gsl_ran_gamma($0, n, 1) }
    return poisson(mean: successes * (1 - p) / p)
  }
}
