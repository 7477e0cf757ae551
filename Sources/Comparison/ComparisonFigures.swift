import Quantities
import Statistics

// Numbers of a comparison for people.
extension MetricComparison {
  /// The metric, with its point if it is not the only one.
  package func name(withPoint: Bool) -> String { withPoint ? "point \(point) \(metric.name)" : metric.name }

  /// `+7.58 [5.1, 10.1]`: the difference of the means with its interval.
  package var differenceText: String {
    guard let difference, !isSame else { return isSame ? "0" : "–" }
    let interval = difference.interval
    return "\(Self.signed(difference.difference)) [\(Self.short(interval.lowerBound)), "
      + "\(Self.short(interval.upperBound))]"
  }

  /// `+1.88 %`: the difference as a share of the base's mean.
  package var shareText: String {
    share.map { ($0 > 0 ? "+" : "") + HumanUnits.fixed(100 * $0, decimals: 2) + " %" } ?? "–"
  }

  package var baseText: String { Self.text(baseMean, of: baseValues, beside: newValues) }
  package var newText: String { Self.text(newMean, of: newValues, beside: baseValues) }

  /// The mean of what was compared; where the other side has no value at all, the mean of all.
  private static func text(_ mean: Double?, of values: Values, beside others: Values) -> String {
    if let mean { return short(mean) }
    guard let own = values.mean else { return "none" }
    return others.count == 0 ? short(own) : "none in common"
  }

  /// Holm's two p: of the mean and of the distribution.
  package var evidenceText: String {
    guard let adjustedMean, let adjustedDistribution else { return "–" }
    return "\(Self.probability(adjustedMean)) / \(Self.probability(adjustedDistribution))"
  }

  /// `±1.2 %`: the change that would be shown with a probability of 80 %. If the mean is 0, the difference instead of a
  /// share.
  package var detectableText: String {
    guard let detectable else { return "–" }
    return "±" + (detectableShare.map(HumanUnits.roundedPercent) ?? Self.short(detectable))
  }

  /// What the replications could show, and how many another share would need:
  /// `8 replications can show a change of 38 % of makespan_s; 5 % would need 460`.
  func powerText(withPoint: Bool) -> String? {
    guard let detectableShare, let difference, let level, let baseMean else { return nil }
    let share = allowed ?? Self.standardShare
    let needed = difference.replications(toShow: share * baseMean.magnitude, level: level)
    let counts = baseCount == newCount ? "\(baseCount)" : "\(baseCount) and \(newCount)"
    let need = needed.map { HumanUnits.grouped(Double($0), decimals: 0) } ?? "more than a billion"
    return "\(counts) replications can show a change of \(HumanUnits.roundedPercent(detectableShare)) of "
      + "\(name(withPoint: withPoint)); \(HumanUnits.roundedPercent(share)) would need \(need)"
  }

  /// The verdict with the notes that it needs.
  package var verdictText: String {
    var notes: [String] = []
    if verdict == .changed, let adjustedMean, adjustedMean > [MetricComparison].level {
      notes.append("its distribution")
    }
    if let allowed, verdict == .regressed || verdict == .worse {
      notes.append("allowed \(HumanUnits.fixed(100 * allowed, decimals: 2)) %")
    }
    if allowed == nil, verdict == .worse { notes.append("no limit") }
    if verdict == .unconfirmed { notes.append("a primary metric shows no change") }
    if unmatched > 0 {
      let common = min(baseCount, newCount)
      notes.append(
        "no value in \(unmatched) of one side"
          + (common > 0 ? ", the means are of the \(HumanUnits.plural(common, "replication")) in common" : ""))
    }
    return verdict.rawValue + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")")
  }

  /// A number with about six digits.
  package static func short(_ value: Double) -> String {
    var decimals = 5
    var bound = 10.0
    while decimals > 0, value.magnitude >= bound {
      decimals -= 1
      bound *= 10
    }
    bound = 1
    while decimals < FixedPoint.timeDecimals, value != 0, value.magnitude < bound {
      decimals += 1
      bound /= 10
    }
    let text = HumanUnits.fixed(value, decimals: decimals)
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(trimmed.reversed())
  }

  private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + short(value) }

  /// A probability with four decimals, or a bound for very small ones.
  package static func probability(_ p: Double) -> String {
    if p >= 0.0995 { return HumanUnits.fixed(p, decimals: 2) }
    return p < 0.00005 ? "< 0.0001" : HumanUnits.fixed(p, decimals: 4)
  }
}
