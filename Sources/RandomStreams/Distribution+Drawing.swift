import CGSL
import Timebase

extension Distribution {
  /// A draw as a real number, whose last bit may differ between processors.
  public func draw(from stream: inout RandomStream) -> Double {
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
    case .negativeBinomial(let p, let n): stream.negativeBinomial(p: p, n: n)
    case .poisson(let mean): stream.poisson(mean: mean)
    case .logarithmic(let p): stream.withGenerator { Double(gsl_ran_logarithmic($0, p)) }
    case .values(let values): values[Int(stream.uniform(upTo: UInt64(values.count - 1)))]
    case .weighted(let values): values.draw(from: &stream)
    }
  }

  /// The longest time that is drawn: ten years.
  public static let longestTime = Nanoseconds.seconds(10 * 365 * 24 * 3600)

  /// The largest number that is drawn: a double counts up to it without a gap.
  public static let largestCount: UInt64 = 1 << 53

  /// A draw in seconds, rounded to whole nanoseconds. Below 0, or if it is not a number, it is 0. Above ``longestTime``
  /// it is ``longestTime``.
  public func drawNanoseconds(from stream: inout RandomStream) -> Nanoseconds {
    Self.nanoseconds(draw(from: &stream))
  }

  static func nanoseconds(_ seconds: Double) -> Nanoseconds {
    let nanoseconds = (seconds * 1e9).rounded()
    guard nanoseconds > 0 else { return .zero }
    return nanoseconds < Double(longestTime.count) ? Nanoseconds(Int64(nanoseconds)) : longestTime
  }

  /// A draw as a number of packets. Below 0, or if it is not a number, it is 0. Above ``largestCount`` it is
  /// ``largestCount``.
  public func drawCount(from stream: inout RandomStream) -> UInt64 {
    let count = draw(from: &stream).rounded()
    guard count > 0 else { return 0 }
    return count < Double(Self.largestCount) ? UInt64(count) : Self.largestCount
  }

  /// A draw as a probability, from 0 to 1, in whole parts of a billion. So the last bit of a logarithm cannot reach a
  /// result.
  public func drawProbability(from stream: inout RandomStream) -> Double {
    let parts = (draw(from: &stream) * 1e9).rounded()
    guard parts > 0 else { return 0 }
    return min(parts, 1e9) / 1e9
  }
}
