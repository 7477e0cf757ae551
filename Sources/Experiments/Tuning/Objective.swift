import RunMetrics
import Quantities

/// What a tuning minimises: an expression in the metrics of `runs.csv`.
package struct Objective: Sendable {
  /// The expression as the user wrote it, without space at its ends.
  package let text: String
  package let expression: MetricExpression
  /// What the expression measures: seconds, bytes, or ``MetricUnit/number`` for all else.
  package let unit: MetricUnit

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
  package var title: String {
    expression.loneMetric?.alias.replacing("_", with: " ") ?? text
  }

  /// The decimals of its statistics in CSV, as for the metric in `summary.csv`.
  package var decimals: Int { unit == .seconds ? FixedPoint.timeDecimals : FixedPoint.realDecimals }

  /// The value for one run, from the metrics as they are printed; nil if one of them is empty, or if the result is not
  /// finite.
  package func value(of run: RunFigures) -> Double? { expression.value(of: run) }
}

/// Why an objective, or the left side of a requirement, cannot be read: what is wrong with it, and where.
package struct ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the expression is: `objective`, or `requirement`.
  package let subject: String
  /// The expression.
  package let text: String
  /// The column from 1, in Unicode scalars.
  package let column: Int
  /// What was found, and what is allowed.
  package let message: String

  package var description: String {
    let line = text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : String($0) }
    return """
      \(subject), column \(column): \(message)
        \(line.joined())
        \(String(repeating: " ", count: min(column, 201) - 1))^
      """
  }
}
