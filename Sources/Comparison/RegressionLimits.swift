import RunMetrics
import Quantities

/// By how much metrics may get worse: `makespan_s=2%,server_bytes=1%`.
package struct RegressionLimits: Hashable, Sendable {
  /// The name for every metric that has a worse way.
  package static let all = "all"

  /// The share of the base's mean, by metric, and that of ``all`` if it is given.
  private var shares: [String: Double] = [:]

  /// Reads a list of metrics with a share each.
  ///
  /// - Throws: a ``ComparisonError`` that says what is wrong with it.
  package init(_ text: String) throws(ComparisonError) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map({ String($0).trimmed }) {
      let sides = part.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      guard sides.count == 2 else {
        throw ComparisonError("'\(part.excerpt)' is no limit; write a metric and a share, like 'makespan_s=2%'")
      }
      let name = sides[0]
      guard Metric.named(name) != nil || name == Self.all else {
        let nearest = Spelling.nearest(to: name, among: Metric.ofRuns.map(\.name))
        throw ComparisonError(
          "'\(name.excerpt)' is no metric of runs.csv" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      guard name == Self.all || Metric.named(name)?.direction != .neutral else {
        throw ComparisonError("'\(name)' gets worse neither way, so that it can have no limit")
      }
      guard sides[1].hasSuffix("%"), case .success(let share) = PlainNumber.real(sides[1], percent: true), share >= 0
      else { throw ComparisonError("'\(sides[1].excerpt)' is no share; write it like '2%'") }
      guard shares.updateValue(share, forKey: name) == nil else {
        throw ComparisonError("'\(name)' has two limits; give it one")
      }
    }
  }

  /// The share of the base's mean by which a metric may get worse; nil if it has no limit.
  package func share(of metric: Metric) -> Double? {
    shares[metric.name] ?? (metric.direction == .neutral ? nil : shares[Self.all])
  }
}
