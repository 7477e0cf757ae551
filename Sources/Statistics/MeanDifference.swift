import CGSL
import Glibc
import RandomStreams

/// The difference of two means, new minus base, with its interval and the evidence that there is one.
package struct MeanDifference: Hashable, Sendable {
  /// How it was computed.
  package enum Method: String, Hashable, Sendable {
    /// Student's t of the differences of pairs with common random numbers.
    case paired
    /// Welch's t of two independent samples.
    case welch
  }

  package let method: Method
  /// The difference of the means.
  package let difference: Double
  /// Its standard error.
  package let error: Double
  /// The degrees of freedom of its *t*.
  package let freedom: Double
  /// The standard deviation of what a pair contributes to the difference, or one run of each sample.
  private let spread: Double
  /// The degrees of freedom of so many replications, or of so many in each sample, less one, ÷ their number less one: 1
  /// for pairs, up to 2 for samples.
  private let samples: Double
  /// How far a value may jump in rare replications.
  private let jump: RareJump
  /// The number of pairs, or of the values of the smaller sample.
  private let count: Int
  /// How far the differences of the pairs lie apart, or those of independent samples may.
  package let range: Double
  /// Its 95 % confidence interval.
  package let interval: ClosedRange<Double>
  /// The probability of a difference at least this far from 0, either way, if there is none.
  package let p: Double
  /// The probability of a difference at least this large if there is none.
  package let pLarger: Double
  /// The probability of a difference at least this small if there is none.
  package let pSmaller: Double
}

extension MeanDifference {
  /// The share of a mean, a hundredth of a percent, that is too little to be a difference between two settings. Runs with
  /// common random numbers can differ by a constant: one more digit in an option takes 8 ns more in every replication.
  /// That is certain, and nobody chooses by it.
  package static let negligible = 1e-4
  /// No comparison is made at a lower level: what is less likely is not reckoned with.
  private static let leastLevel = 1e-4

  /// From pairs of values with common random numbers; nil for fewer than two.
  ///
  /// - Parameters:
  ///   - resolution: the step in which the values are printed. Printed values are rounded or counted, and so uncertain.
  ///     So the variance is taken to be at least that of a rounding, resolution² / 12 a value (Sheppard). Otherwise
  ///     three pairs that happen to differ by the same count would prove anything.
  ///   - jump: how far a value may jump in rare replications (``RareJump``): such ones may not be among the pairs. Pairs that
  ///     are all equal are runs of the same, which have none.
  ///   - scale: a factor for the base values. 1.02 asks whether the new mean is more than 2 % larger, without treating
  ///     the base mean as a constant.
  package static func paired(
    _ pairs: [(base: Double, new: Double)], resolution: Double, jump: RareJump = .none, scale: Double = 1
  ) -> MeanDifference? {
    let differences = pairs.map { $0.new - scale * $0.base }
    guard let mean = Sample.mean(differences), let deviation = Sample.standardDeviation(differences) else {
      return nil
    }
    let count = Double(differences.count)
    let variance = max(deviation * deviation, resolution * resolution / 6)
    guard mean.isFinite, variance.isFinite else { return nil }
    let isSame = pairs.allSatisfy { $0.base == $0.new }
    return MeanDifference(
      .paired, mean, error: (variance / count).squareRoot(), freedom: count - 1, spread: variance.squareRoot(),
      samples: 1, jump: isSame ? .none : jump, among: differences.count,
      range: (differences.max() ?? 0) - (differences.min() ?? 0))
  }

  /// From two independent samples whose variances may differ; nil if either has fewer than two values.
  ///
  /// The degrees of freedom are those of Welch, "The generalization of Student's problem when several different population
  /// variances are involved", Biometrika 34 (1947).
  package static func welch(
    base: [Double], new: [Double], resolution: Double, jump: RareJump = .none, scale: Double = 1
  ) -> MeanDifference? {
    let base = base.map { scale * $0 }
    guard let mean = Sample.mean(base), let deviation = Sample.standardDeviation(base),
      let newMean = Sample.mean(new), let newDeviation = Sample.standardDeviation(new)
    else { return nil }
    let least = resolution * resolution / 12
    let (variance, newVariance) = (max(deviation * deviation, least), max(newDeviation * newDeviation, least))
    let (one, other) = (variance / Double(base.count), newVariance / Double(new.count))
    guard (newMean - mean).isFinite, (one + other).isFinite else { return nil }
    let freedom =
      (one + other) * (one + other) / (one * one / Double(base.count - 1) + other * other / Double(new.count - 1))
    let sum = variance + newVariance
    return MeanDifference(
      .welch, newMean - mean, error: (one + other).squareRoot(), freedom: freedom, spread: sum.squareRoot(),
      samples: sum / (variance / sum * variance + newVariance / sum * newVariance), jump: jump,
      among: min(base.count, new.count), range: Self.range(base) + Self.range(new))
  }

  private static func range(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

  /// The confidence interval that leaves the true difference out with a probability of `level`.
  package func interval(level: Double) -> ClosedRange<Double> {
    GSL.prepare()
    let half = max(gsl_cdf_tdist_Qinv(level / 2, freedom) * error, unseen(level: level))
    return (difference - half)...(difference + half)
  }

  /// How far rare jumps that did not come may shift the difference, either way, at that level. A smaller one shows nothing.
  package func unseen(level: Double) -> Double { jump.shift(among: count, spread: range, error: level / 2) }

  /// How many replications, of independent samples in each, would show such a difference with the power
  /// ``StudentPower/wanted``, if they spread as these do; nil if too many to count.
  package func replications(toShow difference: Double, level: Double) -> Int? {
    StudentPower.replications(ratio: difference / spread, level: level, samples: samples).flatMap { needed in
      let countsLoss = jump.isLossUnseen(among: count, spread: range, error: level / 2)
      return jump.count(mean: difference, error: level / 2, countsLoss: countsLoss).map { max(needed, $0) }
    }
  }

  /// From the standard error of the difference, which is not 0, and its degrees of freedom.
  private init(
    _ method: Method, _ difference: Double, error: Double, freedom: Double, spread: Double, samples: Double,
    jump: RareJump, among count: Int, range: Double
  ) {
    GSL.prepare()
    self.method = method
    (self.difference, self.error, self.freedom) = (difference, error, freedom)
    (self.spread, self.samples, self.jump, self.count, self.range) = (spread, samples, jump, count, range)
    let shift = jump.shift(among: count, spread: range, error: 0.025)
    let half = max(gsl_cdf_tdist_Pinv(0.975, freedom) * error, shift)
    let t = difference / error
    interval = (difference - half)...(difference + half)
    let countsLoss = jump.isLossUnseen(among: count, spread: range, error: Self.leastLevel)
    let unseen = jump.chance(of: difference, among: Double(count), countsLoss: countsLoss)
    p = min(1, 2 * max(gsl_cdf_tdist_Q(t.magnitude, freedom), unseen))
    pLarger = max(gsl_cdf_tdist_Q(t, freedom), difference > 0 ? unseen : 0)
    pSmaller = max(gsl_cdf_tdist_P(t, freedom), difference < 0 ? unseen : 0)
  }
}
