import RandomStreams

/// What became of a scenario's expectations in a directory of results.
package struct ExpectationReport: Sendable {
  /// An expectation that is not met at a point.
  struct Failure: Hashable, Sendable {
    let expectation: Expectation
    /// The point of a sweep, from 0.
    let point: Int
    /// The figures that do not meet it, in words.
    let figures: [String]
  }

  /// The expectations.
  let expectations: [Expectation]
  /// Those that are not met, by expectation, then by point.
  let failures: [Failure]
  /// Whether the results have several points.
  let hasPoints: Bool

  /// Whether results are as they were expected.
  package var isMet: Bool { failures.isEmpty }

  /// Holds the rows of `runs.csv` against expectations.
  ///
  /// - Throws: a ``CSVError`` if the file is damaged.
  package init(_ expectations: [Expectation], runs table: CSVTable) throws(CSVError) {
    self.expectations = expectations
    let (pointColumn, replicationColumn) = (try table.column("point"), try table.column("replication"))
    var points: [String] = []
    for row in table.rows where points.last != row[pointColumn] { points.append(row[pointColumn]) }
    var failures: [Failure] = []
    for expectation in expectations {
      let column = try table.column(expectation.metric)
      for point in points {
        let figures = try table.rows.indices.filter { table.rows[$0][pointColumn] == point }.map {
          row throws(CSVError) in
          Figure(
            replication: table.rows[row][replicationColumn], text: table.rows[row][column],
            value: try table.number(row, column))
        }
        let wrong = expectation.misses(figures)
        if !wrong.isEmpty {
          failures.append(Failure(expectation: expectation, point: Int(point) ?? 0, figures: wrong))
        }
      }
    }
    self.failures = failures
    hasPoints = points.count > 1
  }

  /// Holds the results in a directory against expectations.
  package init(_ expectations: [Expectation], resultsAt path: String) throws(CSVError) {
    try self.init(expectations, runs: CSVTable(contentsOf: path + "/" + ResultFile.runs.rawValue))
  }
}

/// A metric in one replication.
private struct Figure {
  let replication: String
  let text: String
  let value: Double?
}

extension Expectation {
  /// The figures that do not meet it, in words.
  fileprivate func misses(_ figures: [Figure]) -> [String] {
    switch scope {
    case .every:
      return figures.compactMap { figure in
        guard let value = figure.value else { return "replication \(figure.replication): no value" }
        return relation.holds(value, limitValue) ? nil : "replication \(figure.replication): \(figure.text)\(unit)"
      }
    case .mean:
      let values = figures.compactMap(\.value)
      let over = values.count == 1 ? "1 replication" : "\(values.count) replications"
      guard let mean = Statistics.mean(values) else { return ["mean: no replication has a value"] }
      guard !relation.holds(mean, limitValue) else { return [] }
      let decimals: Int = if case .nanoseconds = limit { FixedPoint.timeDecimals } else { FixedPoint.realDecimals }
      return ["mean over \(over): \(HumanUnits.fixed(mean, decimals: decimals))\(unit)"]
    }
  }

  private var unit: String {
    switch limit {
    case .nanoseconds: " s"
    case .bytes: " B"
    case .number: ""
    }
  }
}

extension ExpectationReport {
  /// How many figures of a failure are shown.
  private static let shown = 5

  /// What is not met, with the figures; a line end after every line.
  package var text: String {
    guard !expectations.isEmpty else { return "" }
    let failed = Set(failures.map(\.expectation)).count
    let count = expectations.count == 1 ? "1 condition" : "\(expectations.count) conditions"
    guard failed > 0 else { return "expect: \(count) met\n" }
    return "expect: \(failed) of \(count) not met\n" + failures.map(text).joined()
  }

  private func text(_ failure: Failure) -> String {
    let scope = failure.expectation.scope == .every ? "in every replication" : "in the mean"
    let point = hasPoints ? ", point \(failure.point)" : ""
    let rest = failure.figures.count - Self.shown
    return "  \(failure.expectation.condition) (\(scope)\(point))\n"
      + failure.figures.prefix(Self.shown).map { "    \($0)\n" }.joined()
      + (rest > 0 ? "    … and \(rest) more\n" : "")
  }
}
