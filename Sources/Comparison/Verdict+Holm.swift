import RunMetrics
import Statistics

extension [MetricComparison] {
  /// The probability that anything is called changed when nothing has changed.
  package static let level = 0.05
  /// The probability that any limit is called broken when none is: that of one end of a 95 % interval.
  static let limitLevel = 0.025

  /// Decides the verdicts of all metrics together.
  ///
  /// The tests of the means and of the distributions, of all metrics at all points where they are not equal, are one
  /// family for Holm's procedure. The tests of the limits are another.
  ///
  /// With primary metrics there are two families, one after the other (Westfall and Krishen, "Optimally weighted, fixed
  /// sequence and gatekeeper multiple testing procedures", Journal of Statistical Planning and Inference 99 (2001)):
  /// first the means of the primary metrics, then everything else, which counts only if all of the first differ. An
  /// adjusted *p* of the second family is at least the largest of the first. So the probability of calling anything
  /// changed that has not changed stays 5 % over both.
  mutating func decide(hasLimits: Bool, primary: [Metric] = []) {
    let tested = indices.filter { !self[$0].isSame && self[$0].difference != nil && self[$0].distribution != nil }
    func isPrimary(_ index: Int) -> Bool { primary.contains(self[index].metric) }
    let first = tested.filter(isPrimary)
    let firstAdjusted = Holm.adjusted(first.map { self[$0].difference?.p ?? 1 })
    for (index, p) in zip(first, firstAdjusted) {
      self[index].adjustedMean = p
      self[index].level = Self.level / Double(first.count)
    }
    // A primary metric that is the same, or has no test, is not shown to differ.
    let isGated = indices.contains { isPrimary($0) && !first.contains($0) }
    let gate = isGated ? 1 : firstAdjusted.max() ?? 0
    let rest = tested.flatMap { index -> [(index: Int, isMean: Bool)] in
      isPrimary(index) ? [(index, false)] : [(index, true), (index, false)]
    }
    let adjusted = Holm.adjusted(
      rest.map { ($0.isMean ? self[$0.index].difference?.p : self[$0.index].distribution?.p) ?? 1 })
    var unconfirmed: Set<Int> = []
    for ((index, isMean), p) in zip(rest, adjusted) {
      if p <= Self.level, gate > Self.level { unconfirmed.insert(index) }
      if isMean {
        self[index].adjustedMean = Swift.max(p, gate)
        self[index].level = Self.level / Double(rest.count)
      } else {
        self[index].adjustedDistribution = Swift.max(p, gate)
      }
    }
    let limited = tested.filter { self[$0].pBeyondLimit != nil }
    let adjustedLimits = Holm.adjusted(limited.map { self[$0].pBeyondLimit ?? 1 })
    for (index, value) in zip(limited, adjustedLimits) { self[index].adjustedLimit = value }
    var power = StudentPower()
    for index in tested {
      guard let difference = self[index].difference, let level = self[index].level else { continue }
      self[index].detectable = Swift.max(
        power.detectable(freedom: difference.freedom, level: level) * difference.error, difference.unseen(level: level))
    }
    for index in indices {
      self[index].verdict = self[index].decision(hasLimits: hasLimits)
      if self[index].verdict == .noEvidence, unconfirmed.contains(index) { self[index].verdict = .unconfirmed }
    }
  }
}

extension MetricComparison {
  fileprivate func decision(hasLimits: Bool) -> Verdict {
    // What one replication has in common may be chance.
    if isSame { return replications > 1 ? .same : .untested }
    guard let difference, let adjustedMean, let adjustedDistribution else { return .untested }
    if let adjustedLimit, adjustedLimit <= [MetricComparison].limitLevel { return .regressed }
    guard adjustedMean <= [MetricComparison].level else {
      return adjustedDistribution <= [MetricComparison].level ? .changed : .noEvidence
    }
    switch (metric.direction, difference.difference > 0) {
    case (.neutral, _): return .changed
    case (.largerIsWorse, false), (.smallerIsWorse, true): return .improved
    case (.largerIsWorse, true), (.smallerIsWorse, false): return hasLimits ? .worse : .regressed
    }
  }
}
