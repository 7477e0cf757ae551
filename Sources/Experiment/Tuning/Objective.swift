/// What a tuning makes small: an expression in the metrics of `runs.csv`.
package struct Objective: Sendable {
  indirect enum Expression: Hashable, Sendable {
    case number(Double)
    /// An index into ``RunsTable/metrics``.
    case metric(Int)
    case negated(Expression)
    case sum(Expression, Expression)
    case difference(Expression, Expression)
    case product(Expression, Expression)
    case quotient(Expression, Expression)
  }

  /// The expression as the user wrote it, without space at its ends.
  package let text: String
  let expression: Expression
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
    guard case .metric(let index) = expression else { return text }
    let name = RunsTable.metrics[index].name
    let plain = name.hasSuffix("_s") ? String(name.dropLast(2)) : name
    return plain.replacing("_", with: " ")
  }

  /// The decimals of its statistics in CSV: as those of the metric in `summary.csv`.
  var decimals: Int { unit == .seconds ? FixedPoint.timeDecimals : FixedPoint.realDecimals }

  /// The value for one run, made of the metrics as they are printed; nil where one of them is empty, or for a result that is
  /// not finite.
  func value(of row: Row<RunFigures>) -> Double? {
    guard let value = expression.value(of: row), value.isFinite else { return nil }
    return value
  }

  /// The column of `runs.csv` that a word means: its name, or its name without the unit `_s`.
  static func metric(named word: String) -> Int? {
    RunsTable.metrics.firstIndex { $0.name == word } ?? RunsTable.metrics.firstIndex { $0.name == word + "_s" }
  }
}

extension Objective.Expression {
  fileprivate func value(of row: Row<RunFigures>) -> Double? {
    func both(_ left: Self, _ right: Self, _ combine: (Double, Double) -> Double) -> Double? {
      guard let left = left.value(of: row), let right = right.value(of: row) else { return nil }
      return combine(left, right)
    }
    switch self {
    case .number(let number): return number
    case .metric(let index):
      guard case .number(let number) = RunsTable.metrics[index].value(row) else { return nil }
      return number.value
    case .negated(let operand): return operand.value(of: row).map { -$0 }
    case .sum(let left, let right): return both(left, right, +)
    case .difference(let left, let right): return both(left, right, -)
    case .product(let left, let right): return both(left, right, *)
    case .quotient(let left, let right): return both(left, right, /)
    }
  }

  /// Seconds or bytes where that is plain; ``Unit/number`` for anything else that has a metric; nil for a mere number.
  fileprivate var unit: Unit? {
    switch self {
    case .number: nil
    case .metric(let index): [.seconds, .bytes].first { $0 == RunsTable.metrics[index].unit } ?? .number
    case .negated(let operand): operand.unit
    case .sum(let left, let right), .difference(let left, let right): left.unit == right.unit ? left.unit : .number
    case .product(let left, let right):
      switch (left.unit, right.unit) {
      case (nil, let unit), (let unit, nil): unit
      case (_?, _?): .number
      }
    case .quotient(let left, let right): right.unit == nil ? left.unit : .number
    }
  }

  /// Whether it depends on a run at all.
  var hasMetric: Bool { unit != nil }
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
