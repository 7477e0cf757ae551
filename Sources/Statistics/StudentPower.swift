import CGSL
import RandomStreams

/// The power of a two-sided *t* test, by the noncentral *t* distribution.
///
/// If the true difference is λ standard errors, the statistic is T = (Z + λ) / S with Z standard normal and νS² an
/// independent χ² of ν degrees of freedom (Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions*, volume 2,
/// second edition, 1995, chapter 31). |T| exceeds the critical value t just when νS² < ν(Z + λ)²/t², or when Z + λ is farther
/// from 0 than tS, so that
///
///     power(λ) = ∫ φ(z) F(ν(z + λ)² / t²) dz = ∫ (Φ(λ − ts) + Φ(−λ − ts)) f(s) ds
///
/// with φ and Φ of the normal distribution, F the distribution function of χ² and f the density of S (GSL). The
/// trapezoidal rule gives many digits of either integral: of the first as long as F is no step, of the second as long
/// as f is nearly a normal density. λ comes from the measured spread, so the result is as uncertain as that.
package struct StudentPower: Sendable {
  /// The required power.
  package static let wanted = 0.8
  /// The most replications that are counted.
  package static let mostReplications = 1_000_000_000

  private struct Key: Hashable {
    let freedom: Double
    let level: Double
  }

  /// Earlier results: a comparison asks for the same values again and again.
  private var known: [Key: Double] = [:]

  /// Nothing computed yet.
  package init() {}

  /// The probability that a test at `level` shows a difference of `noncentrality` standard errors.
  package static func power(noncentrality: Double, freedom: Double, level: Double) -> Double {
    GSL.prepare()
    let critical = gsl_cdf_tdist_Qinv(level / 2, freedom)
    guard freedom > 20 else {
      let step = 0.125
      return (-72...72).reduce(0) { sum, index in
        let z = Double(index) * step
        let ratio = (z + noncentrality) / critical
        return sum + step * gsl_ran_ugaussian_pdf(z) * gsl_cdf_chisq_P(freedom * ratio * ratio, freedom)
      }
    }
    let step = 0.25 / (2 * freedom).squareRoot()
    return (-40...40).reduce(0) { sum, index in
      let s = 1 + Double(index) * step
      guard s > 0 else { return sum }
      let shown =
        gsl_cdf_ugaussian_P(noncentrality - critical * s) + gsl_cdf_ugaussian_P(-noncentrality - critical * s)
      return sum + step * shown * 2 * freedom * s * gsl_ran_chisq_pdf(freedom * s * s, freedom)
    }
  }

  /// How many standard errors a difference must have to be shown with the required power.
  package mutating func detectable(freedom: Double, level: Double) -> Double {
    let key = Key(freedom: freedom, level: level)
    if let known = known[key] { return known }
    GSL.prepare()
    // S is at most 1.3 in four cases of five, whatever its degrees of freedom.
    var (low, high) = (0.0, 2 * gsl_cdf_tdist_Qinv(level / 2, freedom) + 10)
    while high - low > 1e-9 * high {
      let middle = (low + high) / 2
      if Self.power(noncentrality: middle, freedom: freedom, level: level) < Self.wanted {
        low = middle
      } else {
        high = middle
      }
    }
    known[key] = high
    return high
  }

  /// How many replications it takes to show a difference; nil if more than ``mostReplications``.
  ///
  /// - Parameters:
  ///   - ratio: the difference ÷ the standard deviation of what a replication contributes to it.
  ///   - samples: the degrees of freedom ÷ the number of replications less one: 1 for pairs, 2 for independent samples of
  ///     as many replications each with the same variance.
  package static func replications(ratio: Double, level: Double, samples: Double = 1) -> Int? {
    GSL.prepare()
    func suffices(_ count: Int) -> Bool {
      power(
        noncentrality: ratio * Double(count).squareRoot(), freedom: samples * Double(count - 1), level: level)
        >= wanted
    }
    // The normal distribution asks for no more than t does.
    let normal = (gsl_cdf_ugaussian_Qinv(level / 2) + gsl_cdf_ugaussian_Pinv(wanted)) / ratio
    guard normal * normal < Double(mostReplications) else { return nil }
    var low = max(1, Int(normal * normal) - 1)
    var high = low + 1
    while !suffices(high) {
      (low, high) = (high, 2 * high)
      guard high <= mostReplications else { return nil }
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
