import Glibc

/// What values do now and then, and what was seen need not show.
///
/// The makespans of two settings with common random numbers mostly differ by little, and in some replications by a timeout. As
/// long as no such replication came, their variance says nothing of it. But what happens in a share π of the replications stays
/// away from n of them with probability (1 − π)ⁿ ≤ e^(−πn). So with probability 1 − β, π is less than ln(1/β) / n, and the mean is
/// not farther from what was seen than `size` · ln(1/β) / n.
package enum RareJump {
  /// By how much the sum of values may miss what it would be with the jumps that were not seen.
  ///
  /// - Parameters:
  ///   - size: how far a value may jump; 0 if none does.
  ///   - error: β, the probability of an error.
  package static func sum(size: Double, error: Double) -> Double { size == 0 ? 0 : size * factor(error) }

  /// ln(1/β), rounded up: `log` differs in its last bit between processors.
  private static func factor(_ error: Double) -> Double { (-log(error) * 1e6).rounded(.up) / 1e6 }

  /// How many values without a jump it takes before a mean so far from 0 shows anything.
  package static func count(size: Double, error: Double, mean: Double) -> Int? {
    let count = sum(size: size, error: error) / mean.magnitude
    return count < 1e9 ? Int(count.rounded(.up)) : nil
  }

  /// The interval of a mean, no narrower than what jumps that were not seen may do to it at that level.
  package static func widened(_ interval: ClosedRange<Double>, mean: Double, size: Double, count: Int, level: Double)
    -> ClosedRange<Double>
  {
    let half = sum(size: size, error: level / 2) / Double(max(1, count))
    return min(interval.lowerBound, mean - half)...max(interval.upperBound, mean + half)
  }
}
