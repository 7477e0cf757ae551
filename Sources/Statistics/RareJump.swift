import Glibc

/// What values do now and then, and what was seen need not show.
///
/// The makespans of two settings with common random numbers mostly differ by little, and in some replications by a timeout. As
/// long as no such replication came, their variance says nothing of it. But what happens in a share π of the replications stays
/// away from n of them with probability (1 − π)ⁿ ≤ e^(−πn). So with probability 1 − β, π is less than ln(1/β) / n, and the mean is
/// not farther from what was seen than `size` · ln(1/β) / n.
package struct RareJump: Hashable, Sendable {
  /// Jumps of which it is known in how many replications they come at most.
  package struct Known: Hashable, Sendable {
    /// How far a value jumps then; 0 if it does not.
    package var size: Double
    /// The share of the replications, at most.
    package var share: Double

    package init(size: Double, share: Double) { (self.size, self.share) = (size, share) }

    /// There are none.
    package static let none = Known(size: 0, share: 0)

    /// By how much they may move a mean at most: n of them move a sum by no more than n times that, however few came.
    var mean: Double { size * share }

    /// By how much they may move a mean at most if none of n values was one, for J ln(1/β) = `sum`.
    fileprivate func shift(among count: Double, sum: Double) -> Double { min(sum / count, mean) }

    /// The probability that none of n values was one, though they make up for a mean so far from 0.
    fileprivate func chance(of mean: Double, among count: Double) -> Double {
      size > 0 && mean.magnitude <= self.mean ? exp(-mean.magnitude * count / size) : 0
    }

    /// How many values it takes until those that were not seen do not matter for a mean so far from 0.
    fileprivate func count(mean: Double, sum: Double) -> Double { self.mean > mean ? sum / mean : 0 }
  }

  /// How far a value may jump nobody knows how often; 0 if it does not.
  package var size: Double
  /// The same, where it is known how often at most.
  package var late: Known
  /// What a loss does. It counts as long as there may have been none: see ``isLossUnseen(among:spread:error:)``.
  package var loss: Known
  /// The share of the replications that lose nothing, at most.
  package var lossFree: Double

  package init(size: Double = 0, late: Known = .none, loss: Known = .none, lossFree: Double = 0) {
    (self.size, self.late, self.loss, self.lossFree) = (size, late, loss, lossFree)
  }

  /// Nothing jumps.
  package static let none = RareJump()

  /// The same if the first kind is at least so large.
  package func with(sizeOfAtLeast least: Double) -> RareJump {
    RareJump(size: max(size, least), late: late, loss: loss, lossFree: lossFree)
  }

  /// ln(1/β), rounded up: `log` differs in its last bit between processors.
  static func factor(_ error: Double) -> Double { (-log(error) * 1e6).rounded(.up) / 1e6 }

  /// ln 4: a quarter of β is left for the case that no replication had a loss, for the test has other errors too.
  private static let otherErrors = 1.386295

  /// Whether n values that lie so far apart may all be of replications without a loss: none jumped half as far, and that there
  /// was none is not less likely than β / 4.
  package func isLossUnseen(among count: Int, spread: Double, error: Double) -> Bool {
    isLossUnseen(among: count, spread: spread, factor: Self.factor(error))
  }

  private func isLossUnseen(among count: Int, spread: Double, factor: Double) -> Bool {
    guard loss.mean > 0, spread < loss.size / 2 else { return false }
    return lossFree > 0 && Double(count) * Self.factor(lossFree) < factor + Self.otherErrors
  }

  /// By how much the mean of n values may miss what it would be with the jumps that were not seen.
  ///
  /// - Parameters:
  ///   - spread: how far the values lie apart.
  ///   - error: β, the probability of an error.
  package func shift(among count: Int, spread: Double, error: Double) -> Double {
    shift(among: count, spread: spread, factor: Self.factor(error))
  }

  /// The same for a ``factor(_:)`` that is known.
  func shift(among count: Int, spread: Double, factor: Double) -> Double {
    let values = Double(max(1, count))
    let known = max(size * factor / values, late.shift(among: values, sum: late.size * factor))
    guard isLossUnseen(among: count, spread: spread, factor: factor) else { return known }
    return max(known, loss.shift(among: values, sum: loss.size * factor))
  }

  /// The probability that jumps the other way make up for a mean so far from 0, and none of n values was one.
  ///
  /// - Parameter countsLoss: what ``isLossUnseen(among:spread:error:)`` says.
  func chance(of mean: Double, among count: Double, countsLoss: Bool) -> Double {
    max(
      size > 0 ? exp(-mean.magnitude * count / size) : 0, late.chance(of: mean, among: count),
      countsLoss ? loss.chance(of: mean, among: count) : 0)
  }

  /// How many values without a jump it takes before a mean so far from 0 shows anything; nil if more than a billion.
  package func count(mean: Double, error: Double, countsLoss: Bool = false) -> Int? {
    let (factor, mean) = (Self.factor(error), mean.magnitude)
    let count = max(
      size * factor / mean, late.count(mean: mean, sum: late.size * factor),
      countsLoss ? loss.count(mean: mean, sum: loss.size * factor) : 0)
    return count < 1e9 ? Int(count.rounded(.up)) : nil
  }

  /// The interval of a mean, no narrower than what jumps that were not seen may do to it at that level.
  package func widened(
    _ interval: ClosedRange<Double>, mean: Double, spread: Double, count: Int, level: Double
  ) -> ClosedRange<Double> {
    let half = shift(among: count, spread: spread, error: level / 2)
    return min(interval.lowerBound, mean - half)...max(interval.upperBound, mean + half)
  }
}
