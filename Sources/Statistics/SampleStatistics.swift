/// A metric over the replications in which it has a value.
package struct SampleStatistics: Hashable, Sendable {
  /// How many replications those are.
  package let count: Int
  /// Their mean, nil if there are none.
  package let mean: Double?
  /// The 95 % confidence interval of the mean by Student's t, nil for fewer than two values.
  package let confidenceInterval: ClosedRange<Double>?
  /// The standard deviation with n − 1 in the denominator, nil for fewer than two values.
  package let standardDeviation: Double?
  /// The least of them.
  package let minimum: Double?
  /// The median, half-way between the middle two of an even number.
  package let median: Double?
  /// The greatest of them.
  package let maximum: Double?

  /// Describes values, in the order of the replications.
  package init(_ values: [Double]) {
    let sorted = values.sorted()
    count = values.count
    mean = Sample.mean(values)
    confidenceInterval = Sample.confidenceInterval95(values)
    standardDeviation = Sample.standardDeviation(values)
    minimum = sorted.first
    median = Sample.quantile(sorted: sorted, fraction: 0.5)
    maximum = sorted.last
  }

  /// Half the width of the confidence interval.
  package var halfWidth: Double? { confidenceInterval.map { ($0.upperBound - $0.lowerBound) / 2 } }
}
