import CGSL
import Timebase

/// A probability distribution by its name and parameters in the GNU Scientific Library.
///
/// What is drawn becomes a whole number at once (nanoseconds, packets, parts of a billion): `log`, `exp` and `pow` differ in
/// their last bit from one processor to the next, and that bit must not reach a result.
public enum Distribution: Hashable, Sendable {
  /// Always the same.
  case constant(Double)
  /// Each value from `low` to `high` as likely.
  case uniform(low: Double, high: Double)
  /// Density e^(−x/mean)/mean.
  case exponential(mean: Double)
  /// The normal distribution.
  case gaussian(mean: Double, sigma: Double)
  /// Density x^(shape−1) e^(−x/scale), scaled.
  case gamma(shape: Double, scale: Double)
  /// Density x^(a−1) (1−x)^(b−1), scaled; between 0 and 1.
  case beta(a: Double, b: Double)
  /// The exponential of a normal distribution with mean `zeta`.
  case lognormal(zeta: Double, sigma: Double)
  /// Density x^(exponent−1) e^(−(x/scale)^exponent), scaled.
  case weibull(scale: Double, exponent: Double)
  /// Density x^(−exponent−1) from `scale` on, scaled.
  case pareto(exponent: Double, scale: Double)
  /// Trials up to and including the first success.
  case geometric(p: Double)
  /// Failures before the `n`-th success.
  case negativeBinomial(p: Double, n: Double)
  /// Events in an interval that has `mean` of them on average.
  case poisson(mean: Double)
  /// Fisher's log-series.
  case logarithmic(p: Double)

  /// A draw as GSL makes it.
  func draw(from stream: inout RandomStream) -> Double {
    switch self {
    case .constant(let value): value
    case .uniform(let low, let high): stream.withGenerator { gsl_ran_flat($0, low, high) }
    case .exponential(let mean): stream.withGenerator { gsl_ran_exponential($0, mean) }
    case .gaussian(let mean, let sigma): mean + stream.withGenerator { gsl_ran_gaussian($0, sigma) }
    case .gamma(let shape, let scale): stream.withGenerator { gsl_ran_gamma($0, shape, scale) }
    case .beta(let a, let b): stream.withGenerator { gsl_ran_beta($0, a, b) }
    case .lognormal(let zeta, let sigma): stream.withGenerator { gsl_ran_lognormal($0, zeta, sigma) }
    case .weibull(let scale, let exponent): stream.withGenerator { gsl_ran_weibull($0, scale, exponent) }
    case .pareto(let exponent, let scale): stream.withGenerator { gsl_ran_pareto($0, exponent, scale) }
    case .geometric(let p): Double(stream.geometric(p: p))
    case .negativeBinomial(let p, let n): stream.withGenerator { Double(gsl_ran_negative_binomial($0, p, n)) }
    case .poisson(let mean): stream.withGenerator { Double(gsl_ran_poisson($0, mean)) }
    case .logarithmic(let p): stream.withGenerator { Double(gsl_ran_logarithmic($0, p)) }
    }
  }

  /// The longest time that is drawn: ten years.
  public static let longestTime = Nanoseconds.seconds(10 * 365 * 24 * 3600)

  /// A draw in seconds, rounded to whole nanoseconds; below 0 it is 0, above ``longestTime`` that.
  public func drawNanoseconds(from stream: inout RandomStream) -> Nanoseconds {
    let nanoseconds = (draw(from: &stream) * 1e9).rounded()
    guard nanoseconds > 0 else { return .zero }
    return nanoseconds < Double(Self.longestTime.count) ? Nanoseconds(Int64(nanoseconds)) : Self.longestTime
  }

  /// A draw as a number of packets; at most 2⁵³.
  public func drawCount(from stream: inout RandomStream) -> UInt64 {
    let count = draw(from: &stream).rounded()
    guard count > 0 else { return 0 }
    return count < 0x1p53 ? UInt64(count) : 1 << 53
  }

  /// A draw as a probability, from 0 to 1, in whole parts of a billion.
  public func drawProbability(from stream: inout RandomStream) -> Double {
    let parts = (draw(from: &stream) * 1e9).rounded()
    guard parts > 0 else { return 0 }
    return min(parts, 1e9) / 1e9
  }
}
