/// Which of several systems may be the best, as far as samples with common random numbers can tell.
///
/// The paired differences of each system to the one with the least mean are tested, one-sided, by Student's *t* at α /
/// (k − 1) for k systems. A system that is worse by this test, and by more than ``MeanDifference/negligible``, is left
/// out. The others cannot be told apart from the best. The best of all is among them with a probability of at least
/// 1 − α, however the samples depend on each other:
/// to be left out it must lose one of k − 1 comparisons that it should win (Bonferroni). It is the screening of Nelson,
/// Swann, Goldsman and Song, "Simple procedures for selecting the best simulated system when the number of alternatives
/// is large", Operations Research 49 (2001), with the variance of each difference instead of independent samples.
package enum SubsetSelection {
  /// The probability with which the best system may be left out.
  package static let level = 0.05

  /// The level of each comparison with the best.
  package static func level(systems: Int, statements: Int) -> Double {
    level / Double(max(1, systems - 1) * statements)
  }

  /// What samples say about their systems.
  package struct Result: Hashable, Sendable {
    /// The system with the least mean; the first of several.
    package let best: Int
    /// The systems that cannot be told apart from the best, in their order. The best is one of them.
    package let kept: [Int]
  }

  /// Finds the least mean.
  ///
  /// - Parameters:
  ///   - samples: a value for each replication, the same replications for each system, at least two; none negative.
  ///   - resolution: the step in which values are printed; see ``MeanDifference/paired(_:resolution:scale:)``.
  ///   - jump: how far a value may jump in rare replications; see ``RareJump``.
  ///   - statements: how many such statements are made at once: the best is kept in all of them with probability 1 − α.
  package static func least(
    of samples: [[Double]], resolution: Double, jump: RareJump = .none, statements: Int = 1
  ) -> Result? {
    let means = samples.map { $0.reduce(0, +) / Double($0.count) }
    guard let best = samples.indices.min(by: { means[$0] < means[$1] }), samples[best].count >= 2 else { return nil }
    let each = level(systems: samples.count, statements: statements)
    let kept = samples.indices.filter { index in
      guard index != best else { return true }
      let pairs = zip(samples[best], samples[index]).map { (base: $0, new: $1) }
      let difference = MeanDifference.paired(
        pairs, resolution: resolution, jump: jump, scale: 1 + MeanDifference.negligible)
      return difference.map { $0.pLarger > each } ?? true
    }
    return Result(best: best, kept: kept)
  }
}
