import RandomStreams
import TestSupport
import Testing
import Timebase

@Suite struct DistributionDrawTests {
  @Test(
    arguments: [
      (1.5, 1_500_000_000), (0, 0), (-1, 0), (4.9e-10, 0), (5e-10, 1), (1.5e-9, 2), (123e-6, 123_000),
      (315_360_000, 315_360_000_000_000_000), (315_360_001, 315_360_000_000_000_000), (1e300, 315_360_000_000_000_000),
      (.infinity, 315_360_000_000_000_000), (-.infinity, 0), (.nan, 0),
    ] as [(Double, Int64)])
  func secondsBecomeWholeNanosecondsFromZeroToTenYears(seconds: Double, nanoseconds: Int64) {
    var stream = testStream()
    expect(Distribution.constant(seconds).drawNanoseconds(from: &stream), equals: Nanoseconds(nanoseconds))
  }

  @Test(
    arguments: [
      (0, 0), (2.4, 2), (2.5, 3), (-3, 0), (0x1p53, 1 << 53), (1e300, 1 << 53), (.infinity, 1 << 53), (.nan, 0),
    ] as [(Double, UInt64)])
  func countsAreWholeFromZeroTo2To53(value: Double, count: UInt64) {
    var stream = testStream()
    expect(Distribution.constant(value).drawCount(from: &stream), equals: count)
  }

  @Test(
    arguments: [
      (0, 0), (1, 1), (-0.1, 0), (1.1, 1), (.nan, 0), (.infinity, 1), (0.123_456_789_4, 0.123_456_789), (4e-10, 0),
      (0.1.nextUp, 0.1), (0.1.nextDown, 0.1),
    ] as [(Double, Double)])
  func probabilitiesAreWholePartsOfABillion(value: Double, probability: Double) {
    var stream = testStream()
    expect(Distribution.constant(value).drawProbability(from: &stream), equals: probability)
  }

  @Test func aTailBelowZeroIsClampedAndNothingElseIs() {
    var (stream, twin) = (testStream(), testStream())
    let distribution = Distribution.gaussian(mean: 1, sigma: 1)
    for _ in 0..<10_000 {
      let seconds = distribution.draw(from: &twin)
      let time = distribution.drawNanoseconds(from: &stream)
      #expect(seconds < 0 ? time == .zero : abs(time.seconds - seconds) <= 5.1e-10)
    }
  }

  /// Parameters at the far ends of what is allowed: every draw ends, and in range.
  @Test(
    arguments: [
      .uniform(low: -.greatestFiniteMagnitude, high: .greatestFiniteMagnitude), .uniform(low: 3, high: 3),
      .exponential(mean: .greatestFiniteMagnitude), .exponential(mean: .leastNonzeroMagnitude),
      .gaussian(mean: .greatestFiniteMagnitude, sigma: .greatestFiniteMagnitude),
      .gamma(shape: .leastNonzeroMagnitude, scale: .greatestFiniteMagnitude),
      .gamma(shape: .greatestFiniteMagnitude, scale: .greatestFiniteMagnitude),
      .beta(a: .leastNonzeroMagnitude, b: .leastNonzeroMagnitude),
      .beta(a: .greatestFiniteMagnitude, b: .greatestFiniteMagnitude),
      .lognormal(zeta: .greatestFiniteMagnitude, sigma: .greatestFiniteMagnitude),
      .lognormal(zeta: -1e300, sigma: 1e-300),
      .weibull(scale: .greatestFiniteMagnitude, exponent: .leastNonzeroMagnitude),
      .pareto(exponent: 1e-9, scale: 1e300),
      .geometric(p: .leastNonzeroMagnitude), .geometric(p: 1), .negativeBinomial(p: 1, n: 5),
      .negativeBinomial(p: .leastNonzeroMagnitude, n: .leastNonzeroMagnitude),
      .negativeBinomial(p: 1e-300, n: .greatestFiniteMagnitude), .poisson(mean: .greatestFiniteMagnitude),
      .poisson(mean: .leastNonzeroMagnitude), .logarithmic(p: 0.999_999_99), .logarithmic(p: .leastNonzeroMagnitude),
    ] as [Distribution])
  func extremeParametersStillDrawInRange(distribution: Distribution) {
    var stream = testStream()
    for _ in 0..<100 {
      let (time, count) = (distribution.drawNanoseconds(from: &stream), distribution.drawCount(from: &stream))
      #expect(time >= .zero && time <= Distribution.longestTime)
      #expect(count <= Distribution.largestCount)
      #expect((0...1).contains(distribution.drawProbability(from: &stream)))
      if distribution.isDiscrete { #expect(Double(count) >= distribution.support.lowerBound) }
    }
  }
}

@Suite struct GeometricLawTests {
  /// A law that is drawn from again and again gives the very numbers of GSL's own draws.
  @Test(arguments: [1e-6, 1e-3, 0.01, 0.25, 0.5, 0.999, 1, 0, 1e-9, -1, 2, Double.nan])
  func drawsAreGSLs(p: Double) {
    let law = GeometricLaw(p: p)
    var (stream, twin) = (
      RandomStream(StreamKey(seed: 5, replication: 1, device: 2, purpose: .downLoss)),
      RandomStream(StreamKey(seed: 5, replication: 1, device: 2, purpose: .downLoss))
    )
    for _ in 0..<10_000 {
      let (byLaw, direct) = (stream.geometric(law), twin.geometric(p: p))
      expect(byLaw, equals: direct)
    }
    expect(stream, equals: twin)
  }

  /// Many draws at once are those that one after the other would give, in whatever portions and from whatever place in a block.
  @Test(arguments: [1e-6, 1e-3, 0.01, 0.25, 0.999])
  func drawsAtOnceAreDrawsOneByOne(p: Double) {
    let law = GeometricLaw(p: p)
    var stream = RandomStream(StreamKey(seed: 5, replication: 1, device: 2, purpose: .downLoss))
    var twin = stream
    for count in [1, 8, 7, 16, 2, 32, 5, 0, 24, 31, 9, 64] + Array(repeating: 32, count: 2000) {
      var trials = [UInt32](repeating: 0, count: count)
      trials.withUnsafeMutableBufferPointer { stream.geometrics(law, into: $0) }
      let expected = (0..<count).map { _ in UInt32(twin.geometric(law)) }
      expect(trials, equals: expected)
      expect(stream, equals: twin)
    }
  }

  /// Many exponential times at once are those of single draws, and the stream goes on behind them. Hardly any mean rounds as
  /// often as one of some nanoseconds; at the largest one of ten draws is made anew.
  @Test(arguments: [
    (1e-9, 1e-9), (3.7e-9, 3.7e-9), (1e-7, 20e-6), (1e-3, 1e-3), (0.198, 0.002), (0.002, 0.198), (1, 1), (1e-9, 1),
  ])
  func exponentialTimesAreDrawnManyAtOnce(means: (Double, Double)) {
    let key = StreamKey(seed: 11, replication: 3, device: 9, purpose: .downJitter)
    var (single, many) = (RandomStream(key), RandomStream(key))
    let laws = (Distribution.exponential(mean: means.0), Distribution.exponential(mean: means.1))
    for count in [16, 16, 5, 16, 33] + Array(repeating: 64, count: 500) {
      var times = [UInt64](repeating: 0, count: count)
      times.withUnsafeMutableBufferPointer { many.exponentials(means: means, into: $0) }
      let expected = (0..<count).map { index in
        let law = index.isMultiple(of: 2) ? laws.0 : laws.1
        return UInt64(law.drawNanoseconds(from: &single).count)
      }
      expect(times, equals: expected)
      expect(single, equals: many)
    }
  }
}
