import CGSL
import RandomStreams

/// Tests by the χ² distribution, by GSL.
package enum ChiSquared {
  /// Pearson's χ² test of whether all rows of a k × 2 table have the same share: the probability of a χ² at least as
  /// large.
  ///
  /// - Returns: nil for fewer than two rows that are not empty, or if a column is empty.
  package static func homogeneity(_ table: [SIMD2<UInt64>]) -> Double? {
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
    GSL.prepare()
    return gsl_cdf_chisq_Q(chiSquared, Double(count - 1))
  }
}
