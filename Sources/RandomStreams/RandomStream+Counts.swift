import CGSL
import Glibc

/// Draws whose results GSL counts in 32 bits, made safe where those do not suffice.
extension RandomStream {
  /// Below this probability geometric draws go through the exponential distribution.
  ///
  /// A uniform number of 53 bits is at least 2⁻⁵³, so `gsl_ran_geometric` returns up to 36.74/p + 1 and overflows from
  /// about p = 8.6e-9 down; well before that the `1 − p` under its logarithm has lost digits of p.
  static let leastDirectProbability = 1e-6

  /// The number of trials up to and including the first success, at least 1.
  ///
  /// - Parameter p: the probability of success in each trial. From 1 on the first trial succeeds, at 0 (or NaN) none
  ///   ever does: `UInt64.max`; both without a draw. Below ``leastDirectProbability`` the number is an exponential
  ///   waiting time with rate −ln(1−p), rounded up, which has the same law; `UInt64.max` where it is larger than that.
  @inline(__always)
  public mutating func geometric(p: Double) -> UInt64 {
    if p >= 1 { return 1 }
    guard p > 0 else { return .max }
    if p >= Self.leastDirectProbability { return withGenerator { UInt64(gsl_ran_geometric($0, p)) } }
    return rareGeometric(p: p)
  }

  /// The same number by a law that is drawn from again and again.
  @inline(__always)
  public mutating func geometric(_ law: GeometricLaw) -> UInt64 {
    if law.isDirect { return countTrials(logOfFailure: law.logOfFailure) }
    return geometric(p: law.p)
  }

  /// The next numbers by a law, as many as `trials` has places for: those that one draw after the other would give, in a
  /// third of the time.
  ///
  /// - Parameter law: one that ``GeometricLaw/isDirect``, so that its numbers have no more than 26 bits.
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
  /// Above 10⁹ it is a normal draw of the same mean and variance: `gsl_ran_poisson` counts in 32 bits, and never ends
  /// for means far beyond them. The two laws differ by less than 1.5e-5 in any probability there (Berry–Esseen).
  mutating func poisson(mean: Double) -> Double {
    let largestDirectMean = 1e9
    guard mean > largestDirectMean else { return withGenerator { Double(gsl_ran_poisson($0, mean)) } }
    let deviation = withGenerator { gsl_ran_gaussian($0, mean.squareRoot()) }
    return mean.isFinite ? (mean + deviation).rounded() : mean
  }

  /// The number of failures before the `n`-th success: a Poisson draw whose mean is a gamma draw, as GSL makes it.
  mutating func negativeBinomial(p: Double, n: Double) -> Double {
    let successes = withGenerator { gsl_ran_gamma($0, n, 1) }
    return poisson(mean: successes * (1 - p) / p)
  }
}
