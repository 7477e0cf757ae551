import TestSupport
import Testing

@testable import Statistics

/// Figures by scipy 1.17.1: `stats.ttest_rel(b, a)`, `stats.ttest_ind(c, a, equal_var=False)`, their `.confidence_interval()`
/// and `alternative='greater'`, `stats.ks_2samp(…, method='exact')` and `special.kolmogorov`.
@Suite struct DifferenceTests {
  private static let a = [41.2, 40.1, 43.5, 39.9, 42.2, 41.0, 44.1, 40.7]
  private static let b = [42.0, 40.3, 44.9, 40.1, 43.9, 41.1, 45.0, 41.9]
  private static let c = [42.0, 40.3, 44.9, 40.1, 43.9]
  private static let pairs = zip(a, b).map { (base: $0, new: $1) }

  private func isNear(_ value: Double, _ expected: Double) -> Bool {
    (value - expected).magnitude <= 1e-9 * max(1e-3, expected.magnitude)
  }

  @Test func pairedDifferencesAreStudentsT() throws {
    let difference = try #require(MeanDifference.paired(Self.pairs, resolution: 1e-9))
    #expect(isNear(difference.difference, 0.8125))
    #expect(isNear(difference.p, 0.006640875888808836))
    #expect(isNear(difference.pLarger, 0.003320437944404418))
    #expect(isNear(difference.pSmaller, 1 - 0.003320437944404418))
    #expect(isNear(difference.interval.lowerBound, 0.3080341808478626))
    #expect(isNear(difference.interval.upperBound, 1.3169658191521338))
  }

  /// The fewest that have the power, if each side has as many: the first sample varies three times as much as the second.
  @Test func replicationsOfUnequalSamplesAreCountedForEqualOnes() throws {
    let wide = (0..<3).map { 100.0 + [-6, 0, 6][$0] }
    let narrow = (0..<400).map { 100.0 + ($0.isMultiple(of: 2) ? 2 : -2) }
    for (base, new) in [(wide, narrow), (narrow, wide)] {
      let difference = try #require(MeanDifference.welch(base: base, new: new, resolution: 1e-9))
      let count = try #require(difference.replications(toShow: 2, level: 0.05))
      let (one, other) = (36.0, 4.0 * 400 / 399)
      func power(_ count: Int) -> Double {
        StudentPower.power(
          noncentrality: 2 / ((one + other) / Double(count)).squareRoot(),
          freedom: Double(count - 1) * (one + other) * (one + other) / (one * one + other * other), level: 0.05)
      }
      #expect(power(count) >= 0.8 && power(count - 1) < 0.8, "\(count)")
    }
  }

  /// `stats.ttest_1samp(b − 1.01 a, 0, alternative='greater')`.
  @Test func aLimitIsTestedOnTheScaledBase() throws {
    let beyond = try #require(MeanDifference.paired(Self.pairs, resolution: 1e-9, scale: 1.01))
    #expect(isNear(beyond.pLarger, 0.05050819581385402))
  }

  @Test func independentSamplesAreWelchsT() throws {
    let difference = try #require(MeanDifference.welch(base: Self.a, new: Self.c, resolution: 1e-9))
    #expect(isNear(difference.p, 0.5726467671320208))
    #expect(isNear(difference.interval.lowerBound, -1.9772476923941178))
    #expect(isNear(difference.interval.upperBound, 3.282247692394096))
  }

  @Test func aSingleValueHasNoTest() {
    #expect(MeanDifference.paired([(1, 2)], resolution: 1) == nil)
    #expect(MeanDifference.welch(base: [1], new: [1, 2], resolution: 1) == nil)
  }

  /// Counts that differ by one in each of three pairs prove little; times that differ by the same 20 µs, all.
  @Test func whatDoesNotVaryIsUncertainByItsRounding() throws {
    let counts = try #require(MeanDifference.paired([(4, 5), (4, 5), (7, 8)], resolution: 1))
    #expect(counts.p > 0.02 && counts.p < 0.1)
    let times = try #require(MeanDifference.paired([(4, 4.00002), (5, 5.00002), (7, 7.00002)], resolution: 1e-9))
    #expect(times.p < 1e-6)
  }

  /// 3 ms in each of ten pairs, of values that may jump by 1 s. If the mean is 0, a jump comes in 0.3 % of the pairs, and stays
  /// away from ten with a probability of e^(−10 · 0.003). The interval is 1 s · ln(40) / 10 on either side.
  @Test func tenPairsWithoutATimeoutAreNoProof() throws {
    let pairs = (0..<10).map { (number: Int) -> (base: Double, new: Double) in
      let more = number % 2 == 0 ? 0.0031 : 0.0029
      return (Double(number), Double(number) + more)
    }
    let sure = try #require(MeanDifference.paired(pairs, resolution: 1e-9))
    #expect(sure.p < 1e-9 && sure.interval.lowerBound > 0)
    let difference = try #require(MeanDifference.paired(pairs, resolution: 1e-9, jump: RareJump(size: 1)))
    expect(difference.p, equals: 1)
    #expect(isNear(difference.pLarger, 0.970445533548508))
    #expect(difference.pSmaller > 0.999)
    #expect(isNear(difference.interval.upperBound, 0.371888))
    #expect(isNear(difference.unseen(level: 0.05), 0.368888))
    // A difference of many timeouts is as sure as without them.
    let large = pairs.map { (base: $0.base, new: $0.new + 40) }
    let certain = try #require(MeanDifference.paired(large, resolution: 1e-9, jump: RareJump(size: 1)))
    #expect(certain.p < 1e-9)
  }

  /// Two programs that run the same differ in nothing, whatever may happen in other replications.
  @Test func whatIsTheSameHasNoJumps() throws {
    let pairs = (0..<5).map { (base: Double($0), new: Double($0)) }
    let plain = try #require(MeanDifference.paired(pairs, resolution: 1e-9))
    let jumping = try #require(MeanDifference.paired(pairs, resolution: 1e-9, jump: RareJump(size: 1)))
    expect(jumping, equals: plain)
  }

  struct Samples: Sendable {
    var left: [Double]
    var right: [Double]
    var statistic: Double
    var p: Double
  }

  @Test(arguments: [
    Samples(left: a, right: b, statistic: 0.25, p: 0.98010878010878),
    Samples(left: a, right: c, statistic: 0.275, p: 0.9160839160839161),
    Samples(left: [1, 2, 2, 3], right: [2, 2, 3, 9], statistic: 0.25, p: 1),
    Samples(
      left: (0..<10).map(Double.init), right: (0..<10).map { Double($0) + 5.5 }, statistic: 0.6, p: 0.05244755244755244),
    Samples(
      left: (0..<10).map(Double.init), right: (20..<30).map(Double.init), statistic: 1, p: 1.0825088224469026e-05),
    Samples(left: (0..<7).map(Double.init), right: [2.5, 3.5], statistic: 0.42857142857142855, p: 0.8888888888888888),
  ])
  func kolmogorovSmirnovIsExact(samples: Samples) throws {
    let test = try #require(KolmogorovSmirnov(samples.left, samples.right))
    #expect(isNear(test.statistic, samples.statistic))
    #expect(isNear(test.p, samples.p))
    #expect(isNear(try #require(KolmogorovSmirnov(samples.right, samples.left)).p, samples.p))
  }

  /// Two samples of `n` that lie wholly apart are 2 of the (2n over n) orders.
  @Test func theFurthestApartHasItsClosedForm() {
    var orders = 1.0
    for n in 1...20 {
      orders *= Double(2 * n) * Double(2 * n - 1) / Double(n * n)
      #expect(isNear(KolmogorovSmirnov.exact(n * n, n, n), min(1, 2 / orders)))
    }
  }

  @Test(arguments: [
    (0.3, 0.9999906941986655), (0.5, 0.9639452436648751), (0.9, 0.3927307079406543), (0.999, 0.27107316411506394),
    (1.0, 0.26999967167735456), (1.2, 0.11224966667072497), (1.36, 0.049485876755377876), (2.0, 0.0006709252557796953),
    (3.0, 3.045995948942526e-08),
  ])
  func theLimitDistributionIsKolmogorovs(x: Double, p: Double) {
    #expect((KolmogorovSmirnov.asymptotic(x) - p).magnitude < 1e-12)
  }

  /// The exact probability goes to its limit: they differ by less than 0.01 at 800 and 800.
  @Test func theExactProbabilityGoesToItsLimit() {
    for reach in [30, 40, 54, 60] {
      let exact = KolmogorovSmirnov.exact(reach * 800, 800, 800)
      let limit = KolmogorovSmirnov.asymptotic(Double(reach) / 800 * Double(400).squareRoot())
      #expect((exact - limit).magnitude < 0.01)
    }
  }

  /// Worked by hand: 4 × 0.005, 3 × 0.01, 2 × 0.03, and 0.04 no less than that.
  @Test func holmStepsDown() {
    expect(Holm.adjusted([0.01, 0.04, 0.03, 0.005]), equals: [0.03, 0.06, 0.06, 0.02])
    expect(Holm.adjusted([0.6, 0.9]), equals: [1, 1])
    expect(Holm.adjusted([]), equals: [])
  }
}
