import Quantities

/// What a tuning makes small: an expression in the metrics of `runs.csv`.
package struct Objective: Sendable {
  /// The expression as the user wrote it, without space at its ends.
  package let text: String
  let expression: MetricExpression
  /// What the expression measures: seconds, bytes, or ``Unit/number`` for all else.
  let unit: Unit

  /// Reads an expression.
  ///
  /// - Throws: An ``ObjectiveError`` that says where it is wrong.
  package init(_ text: String) throws(ObjectiveError) {
    self.text = text.trimmed
    var parser = ObjectiveParser(text)
    expression = try parser.parse()
    unit = expression.unit ?? .number
  }

  /// The name for people: the alias of a lone metric, or the expression.
  var title: String {
    guard let index = expression.loneMetric else { return text }
    let name = RunsTable.metrics[index].name
    let plain = name.hasSuffix("_s") ? String(name.dropLast(2)) : name
    return plain.replacing("_", with: " ")
  }

  /// The decimals of its statistics in CSV: as those of the metric in `summary.csv`.
  var decimals: Int { unit == .seconds ? FixedPoint.timeDecimals : FixedPoint.realDecimals }

  /// The value for one run, made of the metrics as they are printed; nil where one of them is empty, or for a result that is
  /// not finite.
  func value(of row: Row<RunFigures>) -> Double? {
    expression.value(of: row)
  }
}

/// Why an objective cannot be read: what is wrong with it, and where.
package struct ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The objective.
  let text: String
  /// The column from 1, in Unicode scalars.
  let column: Int
  /// What was found, and what is allowed.
  let message: String

  package var description: String {
    let line = text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : String($0) }
    return """
      objective, column \(column): \(message)
        \(line.joined())
        \(String(repeating: " ", count: min(column, 201) - 1))^
      """
  }
}
