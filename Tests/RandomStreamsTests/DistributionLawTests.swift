import CGSL
import Foundation
import RandomStreams
import TestSupport
import Testing

@testable import Statistics

/// A distribution and its cumulative distribution function by GSL.
struct ContinuousLaw: Sendable, CustomTestStringConvertible {
  let distribution: Distribution
  let cdf: @Sendable (Double) -> Double
  var testDescription: String { "\(distribution)" }

  static let all: [ContinuousLaw] = [
    ContinuousLaw(distribution: .uniform(low: -2, high: 5)) { gsl_cdf_flat_P($0, -2, 5) },
    ContinuousLaw(distribution: .exponential(mean: 0.02)) { gsl_cdf_exponential_P($0, 0.02) },
    ContinuousLaw(distribution: .gaussian(mean: 3, sigma: 0.5)) { gsl_cdf_gaussian_P($0 - 3, 0.5) },
    ContinuousLaw(distribution: .gamma(shape: 0.4, scale: 2)) { gsl_cdf_gamma_P($0, 0.4, 2) },
    ContinuousLaw(distribution: .gamma(shape: 30, scale: 0.1)) { gsl_cdf_gamma_P($0, 30, 0.1) },
    ContinuousLaw(distribution: .beta(a: 2, b: 98)) { gsl_cdf_beta_P($0, 2, 98) },
    ContinuousLaw(distribution: .beta(a: 0.5, b: 0.7)) { gsl_cdf_beta_P($0, 0.5, 0.7) },
    ContinuousLaw(distribution: .lognormal(zeta: -3, sigma: 0.8)) { gsl_cdf_lognormal_P($0, -3, 0.8) },
    ContinuousLaw(distribution: .weibull(scale: 2, exponent: 1.5)) { gsl_cdf_weibull_P($0, 2, 1.5) },
    ContinuousLaw(distribution: .pareto(exponent: 2.5, scale: 3)) { gsl_cdf_pareto_P($0, 2.5, 3) },
  ]
}

/// A discrete distribution, where it begins, and its probabilities by GSL.
struct DiscreteLaw: Sendable, CustomTestStringConvertible {
  let distribution: Distribution
  let first: UInt64
  let probability: @Sendable (UInt64) -> Double
  var testDescription: String { "\(distribution)" }

  static let all: [DiscreteLaw] = [
    DiscreteLaw(distribution: .geometric(p: 0.2), first: 1) { gsl_ran_geometric_pdf(UInt32($0), 0.2) },
    DiscreteLaw(distribution: .negativeBinomial(p: 0.3, n: 2.5), first: 0) {
      gsl_ran_negative_binomial_pdf(UInt32($0), 0.3, 2.5)
    },
    DiscreteLaw(distribution: .poisson(mean: 0.7), first: 0) { gsl_ran_poisson_pdf(UInt32($0), 0.7) },
    DiscreteLaw(distribution: .poisson(mean: 40), first: 0) { gsl_ran_poisson_pdf(UInt32($0), 40) },
    DiscreteLaw(distribution: .values([0, 1, 1, 4, 3, 3, 3, 2]), first: 0) {
      $0 < 5 ? [1.0, 2, 1, 3, 1][Int($0)] / 8 : 0
    },
    DiscreteLaw(
      distribution: WeightedValues([4, 0, 2, 3, 1], weights: [0.3, 0.1, 0.4, 0.2, 0]).map { .weighted($0) }
        ?? .constant(0), first: 0
    ) {
      $0 < 5 ? [0.1, 0, 0.4, 0.2, 0.3][Int($0)] : 0
    },
    DiscreteLaw(distribution: .logarithmic(p: 0.9), first: 1) { gsl_ran_logarithmic_pdf(UInt32($0), 0.9) },
  ]
}

@Suite struct DistributionLawTests {
  @Test(arguments: ContinuousLaw.all) func drawsFollowTheDistributionFunction(law: ContinuousLaw) {
    var stream = testStream()
    let sample = (0..<GoodnessOfFit.draws).map { _ in law.distribution.draw(from: &stream) }
    #expect(GoodnessOfFit.follows(sample, cdf: law.cdf))
  }

  @Test(arguments: DiscreteLaw.all) func countsFollowTheProbabilities(law: DiscreteLaw) {
    var stream = testStream()
    let sample = (0..<GoodnessOfFit.draws).map { _ in law.distribution.drawCount(from: &stream) }
    #expect(GoodnessOfFit.follows(sample, from: law.first, probability: law.probability))
  }

  @Test(arguments: [[1.0], [1, -1], [0, 0], [.infinity, 1], [.nan, 1]])
  func whatAreNoWeightsIsRefused(weights: [Double]) {
    #expect(WeightedValues([1, 2], weights: weights) == nil)
  }

  @Test func weightedValuesHaveTheirMeanAndRange() throws {
    let law = Distribution.weighted(try #require(WeightedValues([1, 2.5, 7], weights: [2, 0, 6])))
    expect(law.mean, equals: 5.5)
    expect(law.support, equals: 1...7)
    #expect(law.isDiscrete)
  }

  @Test func theTestsOfFitTellLawsApart() {
    var stream = testStream()
    let times = (0..<GoodnessOfFit.draws).map { _ in Distribution.exponential(mean: 1.03).draw(from: &stream) }
    #expect(!GoodnessOfFit.follows(times) { gsl_cdf_exponential_P($0, 1) })
    let counts = (0..<GoodnessOfFit.draws).map { _ in Distribution.poisson(mean: 4.05).drawCount(from: &stream) }
    #expect(!GoodnessOfFit.follows(counts, from: 0) { gsl_ran_poisson_pdf(UInt32($0), 4) })
    #expect(!GoodnessOfFit.isEven([10_000, 10_300, 9_500]))
  }

  /// Each place of a list is drawn as often; a value that stands there twice comes twice as often.
  @Test(arguments: [[4], [0.1, 0.2], [7, 7, 7, 1, 0.5], Array(stride(from: 1, through: 300, by: 1))])
  func measuredValuesAreDrawnByTheirPlaces(values: [Double]) {
    var stream = testStream()
    var counts = [Double: Int]()
    for _ in 0..<GoodnessOfFit.draws { counts[Distribution.values(values).draw(from: &stream), default: 0] += 1 }
    let places = Dictionary(grouping: values) { $0 }.mapValues(\.count)
    expect(Set(counts.keys), equals: Set(places.keys))
    let chiSquared = places.reduce(0.0) { sum, place in
      let expected = Double(GoodnessOfFit.draws) * Double(place.value) / Double(values.count)
      return sum + pow(Double(counts[place.key] ?? 0) - expected, 2) / expected
    }
    #expect(places.count == 1 || gsl_cdf_chisq_Q(chiSquared, Double(places.count - 1)) > GoodnessOfFit.significance)
  }

  @Test(arguments: ContinuousLaw.all)
  func theShareOutsideOfARangeIsThatOfTheDistributionFunction(law: ContinuousLaw) {
    for (low, high) in [(0.001, 1.0), (0.5, 2.5), (0.01, 0.03)] {
      let share = law.distribution.probability(below: low, orAbove: high)
      #expect(abs(share - (law.cdf(low) + 1 - law.cdf(high))) < 1e-12)
    }
    expect(law.distribution.probability(below: -1e300, orAbove: .infinity), equals: 0)
    let isPositive = law.distribution.support.lowerBound >= 0
    expect(law.distribution.probability(below: 0, orAbove: .infinity) == 0, equals: isPositive)
  }

  @Test(
    arguments: ContinuousLaw.all.map(\.distribution) + DiscreteLaw.all.map(\.distribution)
      + [.values([0.5, 2, 2, 7]), .values([3, 1])])
  func drawsAverageToTheMeanAndStayInTheSupport(distribution: Distribution) throws {
    var stream = testStream(2)
    let sample = (0..<GoodnessOfFit.draws).map { _ in distribution.draw(from: &stream) }
    let error = try #require(Sample.standardDeviation(sample)) / Double(sample.count).squareRoot()
    let mean = try #require(Sample.mean(sample))
    #expect(abs(mean - distribution.mean) < 4 * error)
    #expect(sample.allSatisfy(distribution.support.contains))
    expect(distribution.isDiscrete, equals: sample.allSatisfy { $0 == $0.rounded() })
  }

  @Test func aNegativeBinomialDrawIsGSLsOwn() {
    var stream = testStream()
    withPhilox([0, UInt32(Purpose.latency.rawValue) << 24, 1, 1], [0x5eed, 0]) { generator in
      for _ in 0..<1000 {
        let expected = UInt64(gsl_ran_negative_binomial(generator, 0.02, 3.5))
        expect(Distribution.negativeBinomial(p: 0.02, n: 3.5).drawCount(from: &stream), equals: expected)
      }
    }
  }

  /// Beyond what GSL counts in 32 bits.
  @Test(arguments: [1.1e9, 4e9, 7e12]) func hugePoissonCountsKeepMeanAndVariance(mean: Double) {
    var stream = testStream()
    let sample = (0..<GoodnessOfFit.draws).map { _ in Distribution.poisson(mean: mean).draw(from: &stream) }
    #expect(GoodnessOfFit.follows(sample) { gsl_cdf_gaussian_P($0 - mean, mean.squareRoot()) })
    #expect(sample.allSatisfy { $0 == $0.rounded() })
  }

  @Test func hugeNegativeBinomialCountsKeepTheLaw() {
    var stream = testStream()
    let distribution = Distribution.negativeBinomial(p: 1e-11, n: 2)
    let sample = (0..<GoodnessOfFit.draws).map { _ in distribution.draw(from: &stream) }
    #expect(GoodnessOfFit.follows(sample) { gsl_cdf_gamma_P($0, 2, 1e11) })
  }
}
