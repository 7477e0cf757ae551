/// The running mean and variance of a sequence (B. P. Welford, "Note on a method for calculating corrected sums of squares and
/// products", Technometrics 4(3), 1962).
package struct RunningMoments: Hashable, Sendable {
  package private(set) var count = 0
  package private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  /// The moments of some values.
  init(_ values: [Double]) { for value in values { add(value) } }

  /// The moments of the differences left minus right of two series, over the replications that both have.
  package init(_ left: [Double], _ right: [Double]) {
    for (left, right) in zip(left, right) { add(left - right) }
  }

  package mutating func add(_ value: Double) {
    count += 1
    let shift = value - mean
    mean += shift / Double(count)
    squares += shift * (value - mean)
  }

  /// The sample variance, with n − 1 in the denominator; 0 of fewer than two.
  var variance: Double { count < 2 ? 0 : squares / Double(count - 1) }

  /// The moments of the values with their signs reversed.
  var negated: RunningMoments {
    var negated = self
    negated.mean = -mean
    return negated
  }

  /// The two-sided 95 % confidence interval of the mean by Student's t, of values that may jump (``RareJump``); nil of fewer
  /// than two values.
  func confidenceInterval95(jump: RareJump, spread: Double) -> ClosedRange<Double>? {
    halfWidth95.map {
      jump.widened((mean - $0)...(mean + $0), mean: mean, spread: spread, count: count, level: 0.05)
    }
  }

  /// Half the width of that interval ÷ the mean's magnitude; nil of fewer than two values, 0 if all are the same, 0 among
  /// them.
  package var relativeHalfWidth95: Double? {
    variance > 0 ? halfWidth95.map { $0 / mean.magnitude } : count > 1 ? 0 : nil
  }

  private var halfWidth95: Double? {
    count > 1 ? StudentT.quantile(0.975, degrees: count - 1) * (variance / Double(count)).squareRoot() : nil
  }
}
