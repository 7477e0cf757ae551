import CGSL
import Foundation
import RandomStreams

/// The stream that a test draws from: fixed, and different for each `device`.
func testStream(_ device: UInt32 = 1) -> RandomStream {
  RandomStream(StreamKey(seed: 0x5eed, replication: 1, device: device, purpose: .latency))
}

/// How well draws follow a law.
///
/// Seeds are fixed, so each test either always holds or never does; a true law would have been refused with one seed in
/// ten thousand.
enum GoodnessOfFit {
  static let significance = 1e-4
  static let draws = 100_000

  /// Whether the Kolmogorov–Smirnov statistic is below its critical value (Dvoretzky–Kiefer–Wolfowitz, Massart).
  static func follows(_ sample: [Double], cdf: (Double) -> Double) -> Bool {
    let count = Double(sample.count)
    var distance = 0.0
    for (index, value) in sample.sorted().enumerated() {
      let expected = cdf(value)
      guard !expected.isNaN else { return false }
      distance = max(distance, expected - Double(index) / count, Double(index + 1) / count - expected)
    }
    return distance < (log(2 / significance) / (2 * count)).squareRoot()
  }

  /// Whether Pearson's χ² of whole numbers from `first` on is below its critical value; neighbours share a class until
  /// at least 200 of them are expected.
  static func follows(_ sample: [UInt64], from first: UInt64, probability: (UInt64) -> Double) -> Bool {
    guard sample.allSatisfy({ $0 >= first }) else { return false }
    let count = Double(sample.count)
    let sorted = sample.sorted()
    var (chiSquared, classes, begin) = (0.0, 0, 0)
    var (expected, rest, value) = (0.0, count, first)
    func close(upTo end: Int) {
      chiSquared += pow(Double(end - begin) - expected, 2) / expected
      (begin, classes, expected) = (end, classes + 1, 0)
    }
    while rest > 400 {
      expected += count * probability(value)
      if expected >= 200 {
        rest -= expected
        var end = begin
        while end < sorted.count, sorted[end] <= value { end += 1 }
        close(upTo: end)
      }
      value += 1
    }
    // What was gathered and not closed belongs to the last class; a law with a largest value may leave nothing.
    if rest > 1e-6 {
      expected = rest
      close(upTo: sorted.count)
    }
    return gsl_cdf_chisq_Q(chiSquared, Double(classes - 1)) > significance
  }

  /// Whether a table of counts, all equally likely, has a χ² below its critical value.
  static func isEven(_ counts: [Int]) -> Bool {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    let chiSquared = counts.reduce(0.0) { $0 + pow(Double($1) - expected, 2) / expected }
    return gsl_cdf_chisq_Q(chiSquared, Double(counts.count - 1)) > significance
  }
}
