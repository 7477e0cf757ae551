import CGSL
import Glibc

extension Distribution {
  /// Whether only whole numbers are drawn.
  public var isDiscrete: Bool {
    switch self {
    case .geometric, .negativeBinomial, .poisson, .logarithmic: true
    case .values(let values): values.allSatisfy { $0 == $0.rounded() }
    case .weighted(let values): values.possible.allSatisfy { $0 == $0.rounded() }
    case .constant, .uniform, .exponential, .gaussian, .gamma, .beta, .lognormal, .weibull, .pareto: false
    }
  }

  /// The values between which every draw falls.
  public var support: ClosedRange<Double> {
    switch self {
    case .constant(let value): value...value
    case .uniform(let low, let high): low...high
    case .gaussian: -.infinity ... .infinity
    case .beta: 0...1
    case .values(let values): (values.min() ?? 0)...(values.max() ?? 0)
    case .weighted(let values): (values.possible.min() ?? 0)...(values.possible.max() ?? 0)
    case .pareto(_, let scale): scale ... .infinity
    case .geometric(p: 1): 1...1
    case .negativeBinomial(p: 1, _): 0...0
    case .geometric, .logarithmic: 1 ... .infinity
    case .exponential, .gamma, .lognormal, .weibull, .negativeBinomial, .poisson: 0 ... .infinity
    }
  }

  /// The expected value. It is infinite if the tail is too heavy to have one (pareto up to exponent 1), or if it is too
  /// large for a `Double`.
  public var mean: Double {
    switch self {
    case .constant(let value): value
    case .uniform(let low, let high): low / 2 + high / 2
    case .exponential(let mean), .gaussian(let mean, _), .poisson(let mean): mean
    case .gamma(let shape, let scale): shape * scale
    case .beta(let a, let b): 1 / (1 + b / a)
    case .lognormal(let zeta, let sigma): exp(zeta + sigma * sigma / 2)
    case .weibull(let scale, let exponent): scale * tgamma(1 + 1 / exponent)
    case .pareto(let exponent, let scale): exponent > 1 ? scale / (1 - 1 / exponent) : .infinity
    case .geometric(let p): 1 / p
    case .negativeBinomial(let p, let n): n * (1 - p) / p
    case .logarithmic(let p): -p / ((1 - p) * log1p(-p))
    case .values(let values): values.reduce(0) { $0 + $1 / Double(values.count) }
    case .weighted(let values): values.mean
    }
  }

  /// The probability that a draw of a continuous law is below `low` or above `high`; 0 for other laws.
  public func probability(below low: Double, orAbove high: Double) -> Double {
    GSL.prepare()
    let isPositive = support.lowerBound >= 0
    if isPositive, low <= 0 { return high == .infinity ? 0 : probability(below: .leastNonzeroMagnitude, orAbove: high) }
    return switch self {
    case .uniform(let least, let most): gsl_cdf_flat_P(low, least, most) + gsl_cdf_flat_Q(high, least, most)
    case .exponential(let mean): gsl_cdf_exponential_P(low, mean) + gsl_cdf_exponential_Q(high, mean)
    case .gaussian(let mean, let sigma):
      gsl_cdf_gaussian_P(low - mean, sigma) + gsl_cdf_gaussian_Q(high - mean, sigma)
    case .gamma(let shape, let scale): gsl_cdf_gamma_P(low, shape, scale) + gsl_cdf_gamma_Q(high, shape, scale)
    case .beta(let a, let b): gsl_cdf_beta_P(low, a, b) + gsl_cdf_beta_Q(high, a, b)
    case .lognormal(let zeta, let sigma):
      gsl_cdf_lognormal_P(low, zeta, sigma) + gsl_cdf_lognormal_Q(high, zeta, sigma)
    case .weibull(let scale, let exponent):
      gsl_cdf_weibull_P(low, scale, exponent) + gsl_cdf_weibull_Q(high, scale, exponent)
    case .pareto(let exponent, let scale):
      gsl_cdf_pareto_P(low, exponent, scale) + gsl_cdf_pareto_Q(high, exponent, scale)
    case .constant, .geometric, .negativeBinomial, .poisson, .logarithmic, .values, .weighted: 0
    }
  }
}
