import Glibc

extension Distribution {
  /// Whether only whole numbers are drawn.
  public var isDiscrete: Bool {
    switch self {
    case .geometric, .negativeBinomial, .poisson, .logarithmic: true
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
    case .pareto(_, let scale): scale ... .infinity
    case .geometric(p: 1): 1...1
    case .negativeBinomial(p: 1, _): 0...0
    case .geometric, .logarithmic: 1 ... .infinity
    case .exponential, .gamma, .lognormal, .weibull, .negativeBinomial, .poisson: 0 ... .infinity
    }
  }

  /// The expected value; infinite where the tail is too heavy to have one (pareto up to exponent 1), or too large for a
  /// `Double`.
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
    }
  }
}
