import RunMetrics
import Statistics

/// The verdict of a comparison on a metric.
package enum Verdict: String, Hashable, Sendable {
  /// The same value in every replication.
  case same
  /// The difference may be chance.
  case noEvidence = "no evidence"
  /// It has changed, and no way is worse; or its distribution has changed, and its mean may not have.
  case changed
  case improved
  /// It got worse, but by no more than allowed, or it has no limit while others have one.
  case worse
  /// It got worse by more than allowed.
  case regressed
  /// It would have changed by Holm's p among its own, but a primary metric before it is not shown to have changed.
  case unconfirmed
  /// There are too few values to tell.
  case untested
}

/// One metric at one point, in two results.
package struct MetricComparison: Hashable, Sendable {
  /// The point, from 0.
  package let point: Int
  package let metric: Metric
  /// The mean of the values that were compared; nil if there are none.
  package let baseMean: Double?
  package let newMean: Double?
  /// How many values were compared on each side. A pair counts once on each side.
  package let baseCount: Int
  package let newCount: Int
  /// All values of each side, compared or not.
  package let baseValues: Values
  package let newValues: Values
  /// Replications that have a value on only one side. In runs that are not paired: all of the one side, if the other has no
  /// value at all.
  let unmatched: Int
  /// How many replications were compared, at least on each side.
  let replications: Int
  /// Whether every replication has the same value; for runs that are not paired, one value for all.
  package let isSame: Bool
  /// The difference of the means; nil for fewer than two values.
  package let difference: MeanDifference?
  /// The test of the distributions; nil for fewer than two values.
  let distribution: KolmogorovSmirnov?
  /// The share by which it may get worse; nil if it has no limit.
  let allowed: Double?
  /// The probability of the values if it did not get worse by more than that share; nil without a limit or values.
  let pBeyondLimit: Double?
  /// The probability of the values if it got worse by as much as allowed, or by ``standardShare`` without a limit. Nil
  /// if neither way is worse, or without values.
  let pWithinShare: Double?

  /// Holm's p of the difference of the means, over all tests of the comparison.
  var adjustedMean: Double?
  /// Holm's p of the distributions, over the same.
  var adjustedDistribution: Double?
  /// Holm's p of the limit, over all limits.
  var adjustedLimit: Double?
  /// The level at which its mean is tested if no other mean is shown to differ. Holm's procedure begins with it.
  var level: Double?
  /// The difference that the test would show with a probability of 80 %, in the metric's unit; nil if it is not tested.
  var detectable: Double?
  /// The verdict.
  package internal(set) var verdict = Verdict.untested

  /// The values of one side.
  package struct Values: Hashable, Sendable {
    package let count: Int
    /// Nil if there are none.
    package let mean: Double?

    init(_ values: [Double]) { (count, mean) = (values.count, Sample.mean(values)) }
  }

  /// Whether values were left out, because the other side has none to compare them with.
  package var isPartial: Bool { baseCount < baseValues.count || newCount < newValues.count }

  /// The share of a mean that matters by default.
  static let standardShare = 0.05

  /// The difference that the test would show, as a share of the base's mean; nil if that is 0.
  var detectableShare: Double? {
    guard let detectable, let baseMean, baseMean != 0 else { return nil }
    return detectable / baseMean.magnitude
  }

  /// The difference as a share of the base's mean; nil if that is 0.
  package var share: Double? {
    guard let difference, let baseMean, baseMean != 0 else { return nil }
    return difference.difference / baseMean
  }
}

extension MetricComparison {
  /// Compares a metric at a point; pairs by replication if both have the same seed.
  ///
  /// - Parameter jump: how far it may jump in rare replications (`RareJump`).
  init(
    _ metric: Metric, _ base: RunSamples.Point, _ new: RunSamples.Point, jump: RareJump, limits: RegressionLimits?
  ) {
    point = base.point
    self.metric = metric
    let isPaired = base.isPaired(with: new)
    let pairs = isPaired ? Self.pairs(metric, base, new) : []
    let complete = pairs.compactMap { pair in pair.base.flatMap { base in pair.new.map { (base: base, new: $0) } } }
    let (baseAll, newAll) = (base.known(metric), new.known(metric))
    (self.baseValues, self.newValues) = (Values(baseAll), Values(newAll))
    let baseValues = isPaired ? complete.map(\.base) : baseAll
    let newValues = isPaired ? complete.map(\.new) : newAll
    let resolution = min(base.resolutions[metric] ?? 1, new.resolutions[metric] ?? 1)
    func difference(scale: Double) -> MeanDifference? {
      isPaired
        ? .paired(complete, resolution: resolution, jump: jump, scale: scale)
        : .welch(base: baseValues, new: newValues, resolution: resolution, jump: jump, scale: scale)
    }
    (baseCount, newCount) = (baseValues.count, newValues.count)
    baseMean = baseValues.isEmpty ? nil : baseValues.reduce(0, +) / Double(baseValues.count)
    newMean = newValues.isEmpty ? nil : newValues.reduce(0, +) / Double(newValues.count)
    unmatched =
      isPaired
      ? pairs.count { ($0.base == nil) != ($0.new == nil) }
      : min(baseAll.count, newAll.count) == 0 ? max(baseAll.count, newAll.count) : 0
    isSame =
      isPaired
      ? !pairs.isEmpty && pairs.allSatisfy { $0.base == $0.new }
      : Set(base.values[metric, default: []] + new.values[metric, default: []]).count == 1
    replications = isPaired ? pairs.count : min(base.replications.count, new.replications.count)
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
