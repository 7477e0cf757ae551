import Quantities

/// The metrics that a comparison decides by first: `makespan_s,server_bytes`.
package struct PrimaryMetrics: Hashable, Sendable {
  /// Their names, in the order in which they were given.
  let names: [String]

  /// Reads a list of metrics.
  ///
  /// - Throws: a ``ComparisonError`` that says what is wrong with it.
  package init(_ text: String) throws(ComparisonError) {
    var names: [String] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map({ String($0).trimmed }) {
      guard Expectation.metrics.contains(name) else {
        let nearest = Spelling.nearest(to: name, among: Expectation.metrics)
        throw ComparisonError(
          "'\(name.excerpt)' is no metric of runs.csv" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      guard !names.contains(name) else { throw ComparisonError("'\(name)' stands there twice") }
      names.append(name)
    }
    self.names = names
  }
}
