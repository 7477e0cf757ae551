import Glibc

/// What values do now and then, and what was seen need not show.
///
/// The makespans of two settings with common random numbers mostly differ by little, and in some replications by a timeout. As
/// long as no such replication came, their variance says nothing of it. But what happens in a share π of the replications stays
/// away from n of them with probability (1 − π)ⁿ ≤ e^(−πn). So with probability 1 − β, π is less than ln(1/β) / n, and the mean is
/// not farther from what was seen than `size` · ln(1/β) / n.
package enum RareJump {
  /// Jumps of which it is known in how many replications they come at most.
  package struct Late: Hashable, Sendable, Codable {
    /// How far a value jumps then; 0 if it does not.
    package var size: Double
    /// The share of the replications, at most.
    package var share: Double

    package init(size: Double, share: Double) { (self.size, self.share) = (size, share) }

    /// There are none.
    package static let none = Late(size: 0, share: 0)

    /// By how much they may move a mean at most.
    var mean: Double { size * share }
  }

  /// The size of jumps of which it is not known how often they come, that would mean as much as both kinds do: those of
  /// `size`, and those that come late. These move the sum of n values by no more than n times their mean, however few came.
  package static func size(_ size: Double, _ late: Late, among count: Int, error: Double) -> Double {
    late.size == 0 ? size : max(size, min(late.size, Double(count) * late.mean / factor(error)))
  }

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
  package static func widened(
    _ interval: ClosedRange<Double>, mean: Double, size: Double, late: Late = .none, count: Int, level: Double
  ) -> ClosedRange<Double> {
    let size = self.size(size, late, among: count, error: level / 2)
    let half = sum(size: size, error: level / 2) / Double(max(1, count))
    return min(interval.lowerBound, mean - half)...max(interval.upperBound, mean + half)
  }
}
