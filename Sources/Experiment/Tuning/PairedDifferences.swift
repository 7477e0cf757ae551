/// The running mean and sum of squares of the differences of two systems under common random numbers (Welford, 1962).
struct PairedDifferences: Hashable, Sendable {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  init() {}

  /// The differences left less right of two series, over the replications that both have.
  init(_ left: [Double], _ right: [Double]) {
    for (left, right) in zip(left, right) { add(left - right) }
  }

  mutating func add(_ difference: Double) {
    count += 1
    let shift = difference - mean
    mean += shift / Double(count)
    squares += shift * (difference - mean)
  }

  /// The sample variance, with n − 1 in the denominator; 0 of fewer than two.
  var variance: Double { count < 2 ? 0 : squares / Double(count - 1) }
}
