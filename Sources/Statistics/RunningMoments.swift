import RandomStreams

/// The running mean and variance of a sequence (B. P. Welford, "Note on a method for calculating corrected sums of squares and
/// products", Technometrics 4(3), 1962).
struct RunningMoments: Hashable, Sendable {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  init() {}

  /// Of the differences left less right of two series, over the replications that both have.
  init(_ left: [Double], _ right: [Double]) {
    for (left, right) in zip(left, right) { add(left - right) }
  }

  mutating func add(_ value: Double) {
    count += 1
    let shift = value - mean
    mean += shift / Double(count)
    squares += shift * (value - mean)
  }

  /// The sample variance, with n − 1 in the denominator; 0 of fewer than two.
  var variance: Double { count < 2 ? 0 : squares / Double(count - 1) }

  /// The moments of the values with their signs turned.
  var negated: RunningMoments {
    var negated = self
    negated.mean = -mean
    return negated
  }

  /// The two-sided 95 % confidence interval of the mean by Student's t; nil of fewer than two values.
  var confidenceInterval95: ClosedRange<Double>? {
    guard count > 1 else { return nil }
    let half = Statistics.studentT(0.975, degrees: count - 1) * (variance / Double(count)).squareRoot()
    return (mean - half)...(mean + half)
  }
}
