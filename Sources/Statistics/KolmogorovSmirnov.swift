import Glibc

/// The two-sample test of Kolmogorov and Smirnov: whether two samples come from one distribution.
///
/// It sees what a difference of means does not: another spread or shape. That is why it complements the t test here.
/// The test of Mann and Whitney would, like the t test, look for a shift. It treats the samples as independent. Common
/// random numbers make them alike, so it errs on the safe side: it finds less, and is wrong less often. Ties, which
/// counts have, do the same.
package struct KolmogorovSmirnov: Hashable, Sendable {
  /// The largest distance between the two empirical distribution functions.
  package let statistic: Double
  /// The probability of a distance at least this large if both samples come from one continuous distribution.
  package let p: Double

  /// The most lattice points that the exact probability visits.
  private static let exactUpTo = 1_000_000

  /// Tests two samples; nil if either is empty.
  package init?(_ left: [Double], _ right: [Double]) {
    guard !left.isEmpty, !right.isEmpty else { return nil }
    let (m, n) = (left.count, right.count)
    let reach = Self.reach(left.sorted(), right.sorted())
    statistic = Double(reach) / (Double(m) * Double(n))
    if m * n <= Self.exactUpTo {
      p = Self.exact(reach, m, n)
    } else {
      p = Self.asymptotic((Double(m) * Double(n) / Double(m + n)).squareRoot() * statistic)
    }
  }

  /// The statistic times m × n, which is a whole number.
  private static func reach(_ left: [Double], _ right: [Double]) -> Int {
    var (i, j, reach) = (0, 0, 0)
    while i < left.count, j < right.count {
      let value = min(left[i], right[j])
      while i < left.count, left[i] == value { i += 1 }
      while j < right.count, right[j] == value { j += 1 }
      reach = max(reach, abs(i * right.count - j * left.count))
    }
    return reach
  }

  /// The exact probability of a distance of at least `reach` / (m × n).
  ///
  /// Merged and sorted, the two samples are a path of m steps one way and n the other, each path as likely as any (Hodges,
  /// "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3 (1958)). `inside` is the
  /// probability of getting to a point without having strayed; what strays is added up, which keeps small p exact.
  package static func exact(_ reach: Int, _ m: Int, _ n: Int) -> Double {
    guard reach > 0 else { return 1 }
    var inside = [Double](repeating: 0, count: n + 1)
    var strayed = 0.0
    for i in 0...m {
      for j in 0...n {
        var mass = i == 0 && j == 0 ? 1 : 0.0
        if i > 0 { mass += inside[j] * Double(m - i + 1) / Double(m - i + 1 + n - j) }
        if j > 0 { mass += inside[j - 1] * Double(n - j + 1) / Double(m - i + n - j + 1) }
        if abs(i * n - j * m) >= reach {
          strayed += mass
          mass = 0
        }
        inside[j] = mass
      }
    }
    return min(1, strayed)
  }

  /// Kolmogorov's limit distribution, the probability beyond `x` (Smirnov, Annals of Mathematical Statistics 19 (1948)):
  /// 2 Σ (−1)ᵏ⁻¹ exp(−2k²x²), and for small x, where that converges slowly, its other form by Jacobi's theta function.
  static func asymptotic(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    if x < 1 {
      let factor = (2 * Double.pi).squareRoot() / x
      let exponent = -Double.pi * Double.pi / (8 * x * x)
      var sum = 0.0
      for k in 1...10 {
        let odd = Double(2 * k - 1)
        sum += exp(exponent * odd * odd)
      }
      return max(0, 1 - factor * sum)
    }
    var sum = 0.0
    for k in 1...10 {
      let term = exp(-2 * Double(k * k) * x * x)
      sum += k.isMultiple(of: 2) ? -term : term
    }
    return min(1, max(0, 2 * sum))
  }
}
