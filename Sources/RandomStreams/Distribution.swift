/// A probability distribution, with its name and parameters in the GNU Scientific Library.
///
/// A draw becomes a whole number at once (nanoseconds, packets, parts of a billion). `log`, `exp` and `pow` differ in
/// their last bit between processors, and that bit must not reach a result.
public enum Distribution: Hashable, Sendable {
  /// Always the same value.
  case constant(Double)
  /// Every value from `low` to `high` is equally likely.
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
  /// One of the values of a list that is not empty. Every element is equally likely.
  case values([Double])
  /// One of some values, each as likely as its weight says.
  indirect case weighted(WeightedValues)
}
