import TestSupport
import Testing

@testable import Statistics

@Suite struct SampleTests {
  private func close(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-12) -> Bool {
    value.map { abs($0 - expected) <= tolerance * max(1, abs(expected)) } ?? false
  }

  /// 2, 4, 4, 4, 5, 5, 7, 9: the sum is 40, the squares of the distances from 5 add up to 32.
  private let values: [Double] = [2, 4, 4, 4, 5, 5, 7, 9]

  @Test func theMeanAndTheDeviationAreThoseOfASample() {
    #expect(close(Sample.mean(values), 5))
    #expect(close(Sample.standardDeviation(values), (32.0 / 7).squareRoot()))
  }

  @Test func nothingHasNoFigures() {
    #expect(Sample.mean([]) == nil)
    #expect(Sample.standardDeviation([1]) == nil)
    #expect(Sample.quantile(sorted: [], fraction: 0.5) == nil)
    #expect(Sample.confidenceInterval95([1]) == nil)
  }

  /// The quantile lies at index (n − 1) f: of 10, 20, 40, 80 the median is 30, and 0.95 lies at 2.85.
  @Test(arguments: [(0, 10), (0.5, 30), (1, 80), (0.95, 40 + 0.85 * 40), (1.0 / 3, 20)] as [(Double, Double)])
  func quantilesAreLinearBetweenOrderStatistics(fraction: Double, expected: Double) {
    #expect(close(Sample.quantile(sorted: [10, 20, 40, 80], fraction: fraction), expected))
    expect(Sample.quantile(sorted: [7], fraction: fraction), equals: 7)
  }

  /// Student's t with 7 degrees of freedom has its 0.975 quantile at 2.364624252.
  @Test func theConfidenceIntervalIsStudents() throws {
    let interval = try #require(Sample.confidenceInterval95(values))
    let half = 2.364_624_251_592_785 * (32.0 / 7 / 8).squareRoot()
    #expect(close(interval.lowerBound, 5 - half, within: 1e-9))
    #expect(close(interval.upperBound, 5 + half, within: 1e-9))
    let constant = try #require(Sample.confidenceInterval95([3, 3, 3]))
    expect(constant, equals: 3...3)
  }

  /// 10 of 30 and 20 of 30: expected 15 and 15 in each row, χ² = 4 × 25 / 15 = 6.667, of which Q is 0.009823274 at one
  /// degree of freedom. With two, Q is e^(−χ²/2): 0, 10, 20 of 20 gives χ² = 10 + 0 + … = 40, and e^−20.
  @Test func theTestOfHomogeneityIsPearsons() {
    #expect(close(ChiSquared.homogeneity([[10, 20], [20, 10]]), 0.009_823_274_507_519_235, within: 1e-10))
    let three = ChiSquared.homogeneity([[0, 20], [10, 10], [20, 0]])
    #expect(three.map { abs($0 / 2.061_153_622_438_558e-9 - 1) < 1e-9 } ?? false)
    expect(ChiSquared.homogeneity([[5, 15], [10, 30]]), equals: 1)
  }

  @Test func aTableWithoutLossOrWithoutTwoRowsHasNoFigure() {
    #expect(ChiSquared.homogeneity([[0, 10], [0, 20]]) == nil)
    #expect(ChiSquared.homogeneity([[10, 0], [20, 0]]) == nil)
    #expect(ChiSquared.homogeneity([[1, 10]]) == nil)
    #expect(ChiSquared.homogeneity([[1, 10], [0, 0]]) == nil)
    #expect(ChiSquared.homogeneity([]) == nil)
  }

  /// By hand: one of ten is 0.1 ± 0.1, and the quantile of nine degrees is 1.833. Ten alike have the variance of single events,
  /// 0.09, so 0.3 is above 0.1 from (1.833 · 0.3 / 0.2)² = 7.6 on; the quantile of six degrees is 1.943.
  @Test(
    arguments: [
      ([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.1, false), ([3, 3, 3, 2, 4, 3, 3, 3, 3, 3], 0.1, true),
      ([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], 0.1, false), ([5], 0.1, false), ([], 0.1, false),
      (Array(repeating: 0.3, count: 6), 0.1, false), (Array(repeating: 0.3, count: 9), 0.1, true),
      ([2, 2, 2], 0.1, true), ([2, 2], 0.5, false),
    ] as [([Double], Double, Bool)])
  func countsAreAboveABoundBeyondChance(counts: [Double], bound: Double, isAbove: Bool) {
    expect(Sample.isAbove(bound, counts, error: 0.05), equals: isAbove)
  }
}
