import CGSL
import Glibc
import Testing
import Timebase

@testable import RandomStreams

/// Draws against GSL's distribution functions, with a fixed seed, at a significance of 0.001.
@Suite struct DistributionTests {
  private func stream(_ device: UInt32 = 1) -> RandomStream {
    RandomStream(StreamKey(seed: 2026, replication: 1, device: device, purpose: .latency))
  }

  /// A distribution, and its function as GSL has it.
  struct Continuous: Sendable {
    var distribution: Distribution
    var probabilityBelow: @Sendable (Double) -> Double
  }

  static let continuous: [Continuous] = [
    Continuous(distribution: .uniform(low: 2, high: 5)) { gsl_cdf_flat_P($0, 2, 5) },
    Continuous(distribution: .exponential(mean: 0.3)) { gsl_cdf_exponential_P($0, 0.3) },
    Continuous(distribution: .gaussian(mean: -1, sigma: 2)) { gsl_cdf_gaussian_P($0 + 1, 2) },
    Continuous(distribution: .gamma(shape: 2.5, scale: 0.1)) { gsl_cdf_gamma_P($0, 2.5, 0.1) },
    Continuous(distribution: .beta(a: 2, b: 98)) { gsl_cdf_beta_P($0, 2, 98) },
    Continuous(distribution: .lognormal(zeta: -2, sigma: 0.5)) { gsl_cdf_lognormal_P($0, -2, 0.5) },
    Continuous(distribution: .weibull(scale: 3, exponent: 1.5)) { gsl_cdf_weibull_P($0, 3, 1.5) },
    Continuous(distribution: .pareto(exponent: 2, scale: 0.5)) { gsl_cdf_pareto_P($0, 2, 0.5) },
  ]

  @Test(arguments: continuous.indices)
  func continuousDrawsFollowTheirDistribution(index: Int) {
    let law = Self.continuous[index]
    var stream = stream()
    let sample = (0..<5000).map { _ in law.probabilityBelow(law.distribution.draw(from: &stream)) }
    #expect(GoodnessOfFit.isUniform(sample), "\(law.distribution)")
  }

  /// A distribution of whole numbers from `start` on, and their probabilities as GSL has them.
  struct Discrete: Sendable {
    var distribution: Distribution
    var start: Int
    var probability: @Sendable (UInt32) -> Double
  }

  static let discrete: [Discrete] = [
    Discrete(distribution: .geometric(p: 0.3), start: 1) { gsl_ran_geometric_pdf($0, 0.3) },
    Discrete(distribution: .negativeBinomial(p: 0.4, n: 2.5), start: 0) { gsl_ran_negative_binomial_pdf($0, 0.4, 2.5) },
    Discrete(distribution: .poisson(mean: 4), start: 0) { gsl_ran_poisson_pdf($0, 4) },
    Discrete(distribution: .logarithmic(p: 0.7), start: 1) { gsl_ran_logarithmic_pdf($0, 0.7) },
  ]

  @Test(arguments: discrete.indices)
  func discreteDrawsFollowTheirDistribution(index: Int) {
    let law = Self.discrete[index]
    var stream = stream()
    let sample = (0..<5000).map { _ in Int(law.distribution.drawCount(from: &stream)) }
    let fit = GoodnessOfFit.chiSquared(sample, from: law.start, probability: law.probability)
    #expect(fit > GoodnessOfFit.significance, "\(law.distribution)")
  }

  @Test func aConstantIsDrawnWithoutTouchingTheStream() {
    var drawn = stream()
    let time = Distribution.constant(1.5).drawNanoseconds(from: &drawn)
    #expect(time == .milliseconds(1500))
    #expect(drawn == stream())
  }

  @Test func timesAreRoundedToNanosecondsAndBounded() {
    var stream = stream()
    func time(_ seconds: Double) -> Nanoseconds { Distribution.constant(seconds).drawNanoseconds(from: &stream) }
    #expect(time(1.4e-9) == Nanoseconds(1))
    #expect(time(1.6e-9) == Nanoseconds(2))
    #expect(time(-1) == .zero)
    #expect(time(1e300) == Distribution.longestTime)
    #expect(time(.infinity) == Distribution.longestTime)
    #expect(time(.nan) == .zero)
  }

  @Test func countsAndProbabilitiesAreRoundedAndBounded() {
    var stream = stream()
    func count(_ value: Double) -> UInt64 { Distribution.constant(value).drawCount(from: &stream) }
    func probability(_ value: Double) -> Double { Distribution.constant(value).drawProbability(from: &stream) }
    #expect(count(2.6) == 3)
    #expect(count(-2) == 0)
    #expect(count(.infinity) == 1 << 53)
    #expect(probability(0.1234567894) == 0.123456789)
    #expect(probability(7) == 1)
    #expect(probability(-7) == 0)
  }

  // MARK: - Geometric and uniform

  /// Below 1 − (1 − p)ᵏ lies the probability of at most `k` trials; for small `p` that is as good as continuous.
  @Test(arguments: [1e-12, 1e-9, 9.99e-7, 1e-6, 1e-4, 1e-3])
  func rareSuccessesTakeGeometricallyManyTrials(p: Double) {
    var stream = stream()
    let perTrial = log1p(-p)
    let sample = (0..<5000).map { _ in -expm1(Double(stream.geometric(p: p)) * perTrial) }
    #expect(GoodnessOfFit.isUniform(sample))
  }

  @Test(arguments: [0.05, 0.5, 0.9, 0.999])
  func frequentSuccessesTakeGeometricallyManyTrials(p: Double) {
    var stream = stream()
    let sample = (0..<20_000).map { _ in Int(stream.geometric(p: p)) }
    #expect(GoodnessOfFit.chiSquared(sample, from: 1) { gsl_ran_geometric_pdf($0, p) } > GoodnessOfFit.significance)
  }

  @Test func certaintiesAreNotDrawn() {
    var drawn = stream()
    let trials = [1, 2, 0, -1].map { drawn.geometric(p: $0) }
    #expect(trials == [1, 1, .max, .max])
    #expect(drawn == stream())
  }

  @Test(arguments: [UInt64(0), 1, 2, 9, 255])
  func uniformWholeNumbersAreEquallyLikely(bound: UInt64) {
    var stream = stream()
    let sample = (0..<8000).map { _ in Int(stream.uniform(upTo: bound)) }
    #expect(sample.allSatisfy { (0...Int(bound)).contains($0) })
    guard bound > 0 else { return }
    let fit = GoodnessOfFit.chiSquared(sample, from: 0) { $0 <= bound ? 1 / Double(bound + 1) : 0 }
    #expect(fit > GoodnessOfFit.significance)
  }

  @Test func uniformWholeNumbersReachTheWholeRange() {
    var stream = stream()
    let sample = (0..<4000).map { _ in Double(stream.uniform(upTo: .max)) / 0x1p64 }
    #expect(GoodnessOfFit.isUniform(sample))
  }

  @Test func doublesAreUniformAndNeverOne() {
    var stream = stream()
    let sample = (0..<5000).map { _ in stream.withGenerator { gsl_rng_uniform($0) } }
    #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(GoodnessOfFit.isUniform(sample))
  }

  /// Streams of neighbouring devices are independent: pairs of their draws fill the unit square evenly.
  @Test func neighbouringStreamsAreIndependent() {
    var left = stream(1)
    var right = stream(2)
    let cells = (0..<16_000).map { _ in Int(left.uniform(upTo: 7) * 8 + right.uniform(upTo: 7)) }
    #expect(GoodnessOfFit.chiSquared(cells, from: 0) { $0 < 64 ? 1 / 64 : 0 } > GoodnessOfFit.significance)
  }
}
