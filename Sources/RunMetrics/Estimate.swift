import Statistics

/// A mean with its confidence interval.
package struct Estimate: Hashable, Sendable {
  package var mean: Double
  /// The ends of the 95 % confidence interval. Both are the mean if there is no interval.
  package var low: Double
  package var high: Double
  /// Whether the interval ends at what is possible, so that the mean is not in its middle.
  package private(set) var isCut = false

  /// An estimate as it is.
  package init(mean: Double, low: Double, high: Double) {
    (self.mean, self.low, self.high) = (mean, low, high)
  }

  /// An estimate whose interval has no values that the metric cannot have.
  package init(mean: Double, low: Double?, high: Double?, of metric: Metric, in extent: Metric.Extent) {
    self.init(mean: mean, low: low, high: high, within: metric.possible(in: extent))
  }

  /// An estimate whose interval has no values beyond those that are possible.
  package init(mean: Double, low: Double?, high: Double?, within possible: ClosedRange<Double>) {
    let (low, high) = (low ?? mean, high ?? mean)
    // Only the mean of forged results lies beyond what is possible; then the interval ends there.
    self.init(
      mean: mean, low: max(low, min(mean, possible.lowerBound)), high: min(high, max(mean, possible.upperBound)))
    isCut = self.low > low || self.high < high
  }

  /// The mean of some values of a metric; nil of none.
  package init?(_ statistics: SampleStatistics, of metric: Metric, in extent: Metric.Extent = Metric.Extent()) {
    guard let mean = statistics.mean else { return nil }
    let interval = statistics.confidenceInterval
    self.init(mean: mean, low: interval?.lowerBound, high: interval?.upperBound, of: metric, in: extent)
  }

  /// The mean, with half the width of the interval, or with its ends if it is cut.
  package func text(_ number: (Double) -> String) -> String {
    number(mean) + (isCut ? " [\(number(low)), \(number(high))]" : " ± " + number((high - low) / 2))
  }
}
