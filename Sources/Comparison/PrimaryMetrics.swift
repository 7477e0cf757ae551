import RunMetrics
import Quantities

/// The metrics by which a comparison decides first: `makespan_s,server_bytes`.
package struct PrimaryMetrics: Hashable, Sendable {
  /// In the order in which they were given.
  package let metrics: [Metric]

  /// Reads a list of metrics.
  ///
  /// - Throws: a ``ComparisonError`` that says what is wrong with it.
  package init(_ text: String) throws(ComparisonError) {
    var metrics: [Metric] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map({ String($0).trimmed }) {
      guard let metric = Metric.named(name) else {
        let nearest = Spelling.nearest(to: name, among: Metric.ofRuns.map(\.name))
        throw ComparisonError(
          "'\(name.excerpt)' is no metric of runs.csv" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      guard !metrics.contains(metric) else { throw ComparisonError("'\(name)' stands there twice") }
      metrics.append(metric)
    }
    self.metrics = metrics
  }
}
