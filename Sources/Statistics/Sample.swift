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

  /// The two-sided 95 % confidence interval of the mean by Student's t; nil of fewer than two values.
  package static func confidenceInterval95(_ values: [Double]) -> ClosedRange<Double>? {
    guard let mean = mean(values), let deviation = standardDeviation(values) else { return nil }
    let half = StudentT.quantile(0.975, degrees: values.count - 1) * deviation / Double(values.count).squareRoot()
    // Numbers beyond any that a run has make it infinite, or not a number.
    guard mean.isFinite, half.isFinite else { return nil }
    return (mean - half)...(mean + half)
  }
}
