extension [MetricComparison] {
  /// The probability with which anything at all is called another one when nothing is.
  static let level = 0.05
  /// The probability with which any limit is called broken when none is: that of one end of a 95 % interval.
  static let limitLevel = 0.025

  /// Decides what is to be said of each metric, all of them together.
  ///
  /// The tests of the means and of the distributions, of all metrics at all points that are not the same anyway, are one
  /// family for Holm's procedure; those of the limits are another.
  mutating func decide(hasLimits: Bool) {
    let tested = indices.filter { !self[$0].isSame && self[$0].difference != nil && self[$0].distribution != nil }
    var values: [Double] = []
    for index in tested {
      values.append(self[index].difference?.p ?? 1)
      values.append(self[index].distribution?.p ?? 1)
    }
    let adjusted = Holm.adjusted(values)
    for (rank, index) in tested.enumerated() {
      self[index].adjustedMean = adjusted[2 * rank]
      self[index].adjustedDistribution = adjusted[2 * rank + 1]
    }
    let limited = tested.filter { self[$0].pBeyondLimit != nil }
    let adjustedLimits = Holm.adjusted(limited.map { self[$0].pBeyondLimit ?? 1 })
    for (index, value) in zip(limited, adjustedLimits) { self[index].adjustedLimit = value }
    for index in indices { self[index].verdict = self[index].decision(hasLimits: hasLimits) }
  }
}

extension MetricComparison {
  fileprivate func decision(hasLimits: Bool) -> Verdict {
    if isSame { return .same }
    guard let difference, let adjustedMean, let adjustedDistribution else { return .untested }
    if let adjustedLimit, adjustedLimit <= [MetricComparison].limitLevel { return .regressed }
    guard adjustedMean <= [MetricComparison].level else {
      return adjustedDistribution <= [MetricComparison].level ? .changed : .noEvidence
    }
    switch (direction, difference.difference > 0) {
    case (.neutral, _): return .changed
    case (.largerIsWorse, false), (.smallerIsWorse, true): return .improved
    case (.largerIsWorse, true), (.smallerIsWorse, false): return hasLimits ? .worse : .regressed
    }
  }
}
