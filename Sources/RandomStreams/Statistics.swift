import CGSL

/// The statistics of the reports, by GSL.
public enum Statistics {
  /// The arithmetic mean; nil of nothing.
  public static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : gsl_stats_mean(values, 1, values.count)
  }

  /// The standard deviation of a sample (`n − 1`); nil of fewer than two values.
  public static func standardDeviation(_ values: [Double]) -> Double? {
    values.count < 2 ? nil : gsl_stats_sd(values, 1, values.count)
  }

  /// The quantile of ascending values, linear between order statistics; nil of nothing.
  public static func quantile(sorted values: [Double], fraction: Double) -> Double? {
    values.isEmpty ? nil : gsl_stats_quantile_from_sorted_data(values, 1, values.count, fraction)
  }

  /// The two-sided 95 % confidence interval of the mean by Student's t; nil of fewer than two values.
  public static func confidenceInterval95(_ values: [Double]) -> ClosedRange<Double>? {
    guard let mean = mean(values), let deviation = standardDeviation(values) else { return nil }
    let half = studentT(0.975, degrees: values.count - 1) * deviation / Double(values.count).squareRoot()
    // Numbers beyond any that a run has make it infinite, or none at all.
    guard mean.isFinite, half.isFinite else { return nil }
    return (mean - half)...(mean + half)
  }

  /// The quantile of Student's t that is exceeded with probability 1 − `probability`.
  public static func studentT(_ probability: Double, degrees: Int) -> Double {
    GSL.prepare()
    return gsl_cdf_tdist_Pinv(probability, Double(degrees))
  }

  /// Pearson's χ² test that all rows of a k × 2 table have the same share: the probability of a χ² at least as large.
  ///
  /// - Returns: nil for fewer than two rows that hold anything, or when a column is empty.
  public static func chiSquaredHomogeneity(_ table: [SIMD2<UInt64>]) -> Double? {
    let rows = table.lazy.filter { $0 != .zero }.map { SIMD2<Double>($0) }
    let (count, columns) = rows.reduce((0, SIMD2<Double>.zero)) { ($0.0 + 1, $0.1 + $1) }
    guard count >= 2, columns.min() > 0 else { return nil }
    var chiSquared = 0.0
    for row in rows {
      for column in columns.indices {
        let expected = row.sum() * columns[column] / columns.sum()
        chiSquared += (row[column] - expected) * (row[column] - expected) / expected
      }
    }
    return gsl_cdf_chisq_Q(chiSquared, Double(count - 1))
  }
}
