import Comparison
import Quantities
import RunMetrics
import Statistics

/// Which of two results is sooner, and which one sends less: the sentences of the first screen.
struct OverlayVerdict: Sendable {
  let entry: ComparisonReport.Entry
  /// What the two are called.
  let first: String
  let other: String
  /// Where the page tells more.
  let place: PagePart.Place

  /// What is decided by, with the words for less and more of it.
  static let asked: [(metric: Metric, less: String, more: String, claim: String)] = [
    (.makespan, "sooner", "later", "the last device has the file after"),
    (.serverBytes, "less", "more", "the server sends"),
  ]

  /// The sentences.
  var remarks: [Remark] {
    guard case .compared(let comparison) = entry else {
      if case .failed(_, let reason) = entry {
        return [Remark(.warning, "\(other) cannot be compared with \(first): \(reason).", at: place)]
      }
      return []
    }
    if comparison.bytes.isSame {
      return [Remark(.plain, "\(other) has the same bytes as \(first).", at: place)]
    }
    let problems = comparison.problems.map { problem in
      Remark(.warning, "\(other) against \(first): cannot be compared in full: \(problem).", at: place)
    }
    return problems
      + Self.asked.compactMap { asked in
        let metrics = comparison.metrics.filter { $0.metric == asked.metric }
        guard !metrics.isEmpty else { return nil }
        let (mark, text) = comparison.hasPoints ? counted(metrics, asked) : told(metrics[0], asked)
        return Remark(mark, text, at: place)
      } + (comparison.hasPoints ? [] : further(comparison.metrics))
  }

  /// About one point.
  private func told(
    _ metric: MetricComparison, _ asked: (metric: Metric, less: String, more: String, claim: String)
  ) -> (Remark.Mark, String) {
    guard let base = metric.baseMean, let new = metric.newMean else {
      return (.plain, "\(asked.metric.title): \(alone(metric)).")
    }
    let (before, after) = (Self.text(base, asked.metric), Self.text(new, asked.metric))
    if metric.isSame {
      return (.plain, "\(other) and \(first) have the same in every replication: \(asked.claim) \(before).")
    }
    guard let interval = metric.shares, let share = metric.share else {
      return (
        .plain,
        "\(asked.metric.title): \(after) in \(other), \(before) in \(first); too few replications for an interval."
      )
    }
    func end(_ share: Double) -> String {
      "\(HumanUnits.roundedPercent(share.magnitude)) \(share < 0 ? asked.less : asked.more)"
    }
    if metric.isNegligible {
      return (
        .plain,
        "\(other) and \(first) differ by less than \(Self.negligible): \(asked.claim) \(after)."
      )
    }
    let sure =
      "95 % interval: \(end(interval.lowerBound)) to \(end(interval.upperBound))"
      + (metric.isPartial ? "; in the \(HumanUnits.plural(metric.baseCount, "replication")) in common" : "")
    let verb = asked.metric == .serverBytes ? "sends" : "is"
    switch metric.verdict {
    case .improved, .regressed, .worse:
      return (
        metric.verdict == .improved ? .good : .bad,
        "\(other) \(verb) \(end(share)) than \(first): \(asked.claim) \(after) instead of \(before) (\(sure))."
      )
    default:
      return (
        .plain,
        "Whether \(other) \(verb) \(asked.less) or \(asked.more) than \(first) cannot be told: "
          + "\(asked.claim) \(after), against \(before) (\(sure))."
      )
    }
  }

  /// What is known of a metric that has no value in common.
  private func alone(_ metric: MetricComparison) -> String {
    let sides = [(metric.baseValues, first), (metric.newValues, other)]
    guard sides.contains(where: { $0.0.count == 0 }), let one = sides.first(where: { $0.0.count > 0 }),
      let mean = one.0.mean
    else { return "no value in common" }
    return "\(Self.text(mean, metric.metric)) in \(one.1), none in \(one.1 == first ? other : first)"
  }

  /// Other metrics that are told apart and have a worse way.
  private func further(_ metrics: [MetricComparison]) -> [Remark] {
    let verdicts: [(Verdict, String)] = [(.regressed, "worse"), (.improved, "better")]
    return verdicts.compactMap { verdict, word in
      let moved = metrics.filter { metric in
        metric.verdict == verdict && !Self.asked.contains { $0.metric == metric.metric }
      }
      guard !moved.isEmpty else { return nil }
      let list = moved.map { "\($0.metric.title) (\($0.share.map(OverlayPage.percent) ?? $0.differenceWords))" }.joined(
        separator: ", ")
      return Remark(verdict.mark ?? .plain, "\(other) is \(word) than \(first) also in: \(list).", at: place)
    }
  }

  /// About all points of a sweep.
  private func counted(
    _ metrics: [MetricComparison], _ asked: (metric: Metric, less: String, more: String, claim: String)
  ) -> (Remark.Mark, String) {
    let apart = metrics.filter { !$0.isSame && !$0.isNegligible }
    let less = apart.count { $0.verdict == .improved }
    let more = apart.count { $0.verdict == .regressed || $0.verdict == .worse }
    let isExact = metrics.allSatisfy { $0.isSame || !$0.isNegligible }
    let mark: Remark.Mark = less > 0 && more == 0 ? .good : more > 0 && less == 0 ? .bad : .plain
    let verb = asked.metric == .serverBytes ? "sends" : "is"
    return (
      mark,
      "\(other) \(verb) \(asked.less) than \(first) at \(less) of \(metrics.count) points, "
        + "\(asked.more) at \(more), has the same\(isExact ? "" : " (within \(Self.negligible))") at \(metrics.count - apart.count), "
        + "and cannot be told apart at \(apart.count - less - more)."
    )
  }

  private static let negligible = HumanUnits.percent(MeanDifference.negligible)

  static func text(_ value: Double, _ metric: Metric) -> String {
    metric.text(Estimate(mean: value, low: value, high: value))
  }
}

extension MetricComparison {
  /// Whether the difference is too little to matter, wherever it lies in its interval.
  fileprivate var isNegligible: Bool {
    shares.map { max($0.lowerBound.magnitude, $0.upperBound.magnitude) <= MeanDifference.negligible } ?? false
  }
}
