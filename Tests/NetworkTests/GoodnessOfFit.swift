import CGSL
import RandomStreams

/// Tests of a sample against a law. With fixed seeds a test passes or fails for good; at a significance of 0.001 a right
/// program fails one test in a thousand when a seed is chosen.
enum GoodnessOfFit {
  static let significance = 0.001

  /// Pearson's χ² test of whole numbers from `start` on; neighbours are pooled until five are expected of each bin.
  static func chiSquared(_ sample: [Int], from start: Int, probability: (UInt32) -> Double) -> Double {
    GSL.prepare()
    let total = Double(sample.count)
    let counts = Dictionary(grouping: sample) { $0 }.mapValues(\.count)
    var bins: [(observed: Double, expected: Double)] = []
    var observed = 0.0
    var expected = 0.0
    var remaining = total
    var value = start
    while remaining - expected >= 5 {
      observed += Double(counts[value] ?? 0)
      expected += total * probability(UInt32(value))
      value += 1
      if expected >= 5 {
        bins.append((observed, expected))
        remaining -= expected
        observed = 0
        expected = 0
      }
    }
    if remaining > 1e-6 { bins.append((total - bins.reduce(0) { $0 + $1.observed }, remaining)) }
    let chiSquared = bins.reduce(0) { $0 + ($1.observed - $1.expected) * ($1.observed - $1.expected) / $1.expected }
    return gsl_cdf_chisq_Q(chiSquared, Double(bins.count - 1))
  }

  /// Kolmogorov's test that a sample is uniform between 0 and 1: whether it passes at 0.001.
  static func isUniform(_ sample: [Double]) -> Bool {
    let sorted = sample.sorted()
    let count = Double(sorted.count)
    let distance = sorted.enumerated().reduce(0) {
      max($0, Double($1.offset + 1) / count - $1.element, $1.element - Double($1.offset) / count)
    }
    return distance * count.squareRoot() < 1.949  // the asymptotic quantile of Kolmogorov's distribution
  }

  /// The two-sided binomial test of `successes` in `trials`.
  static func binomial(_ successes: Int, of trials: Int, p: Double) -> Double {
    GSL.prepare()
    let below = gsl_cdf_binomial_P(UInt32(successes), p, UInt32(trials))
    let above = successes == 0 ? 1 : gsl_cdf_binomial_Q(UInt32(successes - 1), p, UInt32(trials))
    return min(1, 2 * min(below, above))
  }
}
