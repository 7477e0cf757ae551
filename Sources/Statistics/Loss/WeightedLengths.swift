import Glibc

/// A length of a run, and how likely it is.
package struct WeightedLength: Hashable, Sendable {
  package let length: Int
  package let weight: Double

  package init(_ length: Int, weight: Double) { (self.length, self.weight) = (length, weight) }
}

/// Lengths that occur again and again, and no others: each is as likely as it is often.
struct WeightedLengths {
  /// The most different lengths: more of them are no law but a list.
  private static let most = 16
  /// How often each of them occurs at least.
  private static let least = 3

  /// Ascending.
  let counts: [LengthCount]

  /// Nil if there is only one length, or if there are too many, or if one of them is rare.
  init?(_ counts: [LengthCount]) {
    guard (2...Self.most).contains(counts.count), counts.allSatisfy({ $0.count >= Self.least }) else { return nil }
    self.counts = counts
  }

  /// What is estimated: the lengths, and the weights of all but the last one.
  var freeParameters: Int { 2 * counts.count - 1 }

  /// The logarithms of the weights, against that of the last one.
  var point: [Double] {
    counts.dropLast().map { log(Double($0.count) / Double(counts[counts.count - 1].count)) }
  }

  /// The law at a point.
  func law(_ point: some Collection<Double>) -> RunLengthLaw {
    let odds = point.map { exp($0) } + [1]
    let sum = odds.reduce(0, +)
    return .weighted(zip(counts, odds).map { WeightedLength($0.length, weight: $1 / sum) })
  }

  /// The weights with the standard errors of shares.
  func parameters(_ name: String) -> [FittedParameter] {
    let runs = Double(counts.reduce(0) { $0 + $1.count })
    return counts.map { count in
      let share = Double(count.count) / runs
      return FittedParameter(
        "\(name) \(count.length)", share, .probability, error: (share * (1 - share) / runs).squareRoot())
    }
  }
}
