import Metrics
import Statistics

/// What a comparison says of a metric.
enum Verdict: String, Hashable, Sendable {
  /// The same value in every replication.
  case same
  /// What differs may be chance.
  case noEvidence = "no evidence"
  /// It is another one, and no way is worse; or its distribution is another one, and its mean may not be.
  case changed
  case improved
  /// It got worse, but by no more than it may, or it has no limit while others have.
  case worse
  /// It got worse by more than it may.
  case regressed
  /// It would be another one by Holm's p among its own, but a primary metric that goes before it is not shown to be.
  case unconfirmed
  /// There are too few values to say.
  case untested
}

/// One metric at one point, in two results.
package struct MetricComparison: Hashable, Sendable {
  /// The point, from 0.
  let point: Int
  let metric: Metric
  /// The mean of the values that were compared; nil if there are none.
  let baseMean: Double?
  let newMean: Double?
  /// How many values were compared on each side; pairs count once on each.
  let baseCount: Int
  let newCount: Int
  /// Replications that have a value on one side alone.
  let unmatched: Int
  /// Whether every replication has the same value; of runs that are not paired, one value for all.
  let isSame: Bool
  /// The difference of the means; nil for fewer than two values.
  let difference: MeanDifference?
  /// The test of the distributions; nil for fewer than two values.
  let distribution: KolmogorovSmirnov?
  /// By what share it may get worse; nil if it has no limit.
  let allowed: Double?
  /// The probability of the values if it did not get worse by more than that; nil without a limit or values.
  let pBeyondLimit: Double?
  /// The probability of the values if it got worse by as much as it may, or by ``standardShare`` without a limit; nil if it
  /// gets worse neither way, or without values.
  let pWithinShare: Double?

  /// Holm's p of the difference of the means, over all tests of the comparison.
  var adjustedMean: Double?
  /// Holm's p of the distributions, over the same.
  var adjustedDistribution: Double?
  /// Holm's p of the limit, over all limits.
  var adjustedLimit: Double?
  /// The level at which its mean is tested if no other mean is shown to differ: what Holm's procedure begins with.
  var level: Double?
  /// The difference that the test would show with a probability of 80 %, in the metric's unit; nil if it is not tested.
  var detectable: Double?
  /// What is to be said.
  var verdict = Verdict.untested

  /// The share of a mean that is taken to matter where nobody says another.
  static let standardShare = 0.05

  /// The difference that the test would show, as a share of the base's mean; nil if that is 0.
  var detectableShare: Double? {
    guard let detectable, let baseMean, baseMean != 0 else { return nil }
    return detectable / baseMean.magnitude
  }

  /// The difference as a share of the base's mean; nil if that is 0.
  var share: Double? {
    guard let difference, let baseMean, baseMean != 0 else { return nil }
    return difference.difference / baseMean
  }
}

extension MetricComparison {
  /// Compares a metric at a point; pairs by replication if both have the same seed.
  init(_ metric: Metric, _ base: RunSamples.Point, _ new: RunSamples.Point, limits: RegressionLimits?) {
    point = base.point
    self.metric = metric
    let isPaired = base.seed == new.seed
    let pairs = isPaired ? Self.pairs(metric, base, new) : []
    let complete = pairs.compactMap { pair in pair.base.flatMap { base in pair.new.map { (base: base, new: $0) } } }
    let baseValues = isPaired ? complete.map(\.base) : base.values[metric, default: []].compactMap(\.self)
    let newValues = isPaired ? complete.map(\.new) : new.values[metric, default: []].compactMap(\.self)
    let resolution = min(base.resolutions[metric] ?? 1, new.resolutions[metric] ?? 1)
    func difference(scale: Double) -> MeanDifference? {
      isPaired
        ? .paired(complete, resolution: resolution, scale: scale)
        : .welch(base: baseValues, new: newValues, resolution: resolution, scale: scale)
    }
    (baseCount, newCount) = (baseValues.count, newValues.count)
    baseMean = baseValues.isEmpty ? nil : baseValues.reduce(0, +) / Double(baseValues.count)
    newMean = newValues.isEmpty ? nil : newValues.reduce(0, +) / Double(newValues.count)
    unmatched = isPaired ? pairs.count { ($0.base == nil) != ($0.new == nil) } : 0
    isSame =
      isPaired
      ? !pairs.isEmpty && pairs.allSatisfy { $0.base == $0.new }
      : Set(base.values[metric, default: []] + new.values[metric, default: []]).count == 1
    self.difference = difference(scale: 1)
    distribution = self.difference == nil ? nil : KolmogorovSmirnov(baseValues, newValues)
    let share = limits?.share(of: metric)
    allowed = share
    let matters = share ?? Self.standardShare
    let (beyond, within) =
      switch metric.direction {
      case .largerIsWorse: (difference(scale: 1 + matters)?.pLarger, difference(scale: 1 + matters)?.pSmaller)
      case .smallerIsWorse: (difference(scale: 1 - matters)?.pSmaller, difference(scale: 1 - matters)?.pLarger)
      case .neutral: (nil, nil)
      }
    pBeyondLimit = share == nil ? nil : beyond
    pWithinShare = within
  }

  /// The values of the replications that both have.
  private static func pairs(
    _ metric: Metric, _ base: RunSamples.Point, _ new: RunSamples.Point
  ) -> [(base: Double?, new: Double?)] {
    let position = Dictionary(new.replications.enumerated().map { ($1, $0) }) { first, _ in first }
    let (baseValues, newValues) = (base.values[metric, default: []], new.values[metric, default: []])
    return base.replications.enumerated().compactMap { index, replication in
      position[replication].map { (baseValues[index], newValues[$0]) }
    }
  }
}
