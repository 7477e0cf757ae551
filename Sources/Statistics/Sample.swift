import CGSL

/// Statistics of a sample, by GSL.
package enum Sample {
  /// The arithmetic mean; nil of nothing.
  package static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : gsl_stats_mean(values, 1, values.count)
  }

  /// The standard deviation of a sample (`n − 1`); nil of fewer than two values.
  package static func standardDeviation(_ values: [Double]) -> Double? {
    values.count < 2 ? nil : gsl_stats_sd(values, 1, values.count)
  }

  /// The quantile of ascending values, linear between order statistics; nil of nothing.
  package static func quantile(sorted values: [Double], fraction: Double) -> Double? {
    values.isEmpty ? nil : gsl_stats_quantile_from_sorted_data(values, 1, values.count, fraction)
  }

  /// Whether the mean of counts is above a bound beyond chance: by a one-sided Student's t, with at least the variance that
  /// single events would have if the mean were that bound.
  ///
  /// - Parameter error: the probability with which a mean that is not above is taken for one that is.
  package static func isAbove(_ bound: Double, _ counts: [Double], error: Double) -> Bool {
    guard counts.count > 1, let mean = mean(counts), let deviation = standardDeviation(counts) else { return false }
    let variance = max(deviation * deviation, bound < 0.5 ? bound * (1 - bound) : 0.25)
    let quantile = StudentT.quantile(1 - error, degrees: counts.count - 1)
    return mean - bound > quantile * (variance / Double(counts.count)).squareRoot()
  }

  /// The two-sided 95 % confidence interval of the mean by Student's t; nil of fewer than two values.
  package static func confidenceInterval95(_ values: [Double]) -> ClosedRange<Double>? {
    guard let mean = mean(values), let deviation = standardDeviation(values) else { return nil }
    let half = StudentT.quantile(0.975, degrees: values.count - 1) * deviation / Double(values.count).squareRoot()
    // Numbers beyond any that a run has make it infinite, or not a number.
    guard mean.isFinite, half.isFinite else { return nil }
    return (mean - half)...(mean + half)
  }
}
