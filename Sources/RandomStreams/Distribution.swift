import Timebase

/// A probability distribution by its name and parameters in the GNU Scientific Library.
public enum Distribution: Hashable, Sendable {
  case constant(Double)
  case uniform(low: Double, high: Double)
  case exponential(mean: Double)
  case gaussian(mean: Double, sigma: Double)
  case gamma(shape: Double, scale: Double)
  case beta(a: Double, b: Double)
  case lognormal(zeta: Double, sigma: Double)
  case weibull(scale: Double, exponent: Double)
  case pareto(exponent: Double, scale: Double)
  case geometric(p: Double)
  case negativeBinomial(p: Double, n: Double)
  case poisson(mean: Double)
  case logarithmic(p: Double)
}
