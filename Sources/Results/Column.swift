import RunMetrics
import Quantities
import Timebase

/// The content of one field of a table.
package enum Field: Hashable, Sendable {
  /// Nothing: there is no such figure.
  case empty
  case text(String)
  case number(FixedPoint)
  /// A number with a power of ten where it has too many digits: `1.25e+30`.
  case floating(Double)
}

/// What kind of values a column has, for readers that give each column a type.
package enum ColumnType: String, Hashable, Sendable {
  case text
  /// Whole numbers of 64 bits, with a sign.
  case integer
  /// Whole numbers of 64 bits, without a sign.
  case unsigned
  case real
  /// Whatever the values of a varied key are: numbers in its base unit, or words.
  case varied
}

/// One column of a table, defined once. The header, the rows and the reference page all come from here.
package struct Column<Row>: Sendable {
  /// The name in the header.
  package let name: String
  /// What is counted or measured.
  package let unit: MetricUnit
  /// The kind of its values.
  package let type: ColumnType
  /// One line for the reference page.
  package let documentation: String
  /// The content of the column.
  package let value: @Sendable (Row) -> Field

  /// A column whose fields `value` gives.
  package init(
    name: String, unit: MetricUnit, type: ColumnType, documentation: String,
    value: @escaping @Sendable (Row) -> Field
  ) {
    self.name = name
    self.unit = unit
    self.type = type
    self.documentation = documentation
    self.value = value
  }
}

extension Column {
  /// The column of a metric.
  package init(_ metric: Metric, _ value: @escaping @Sendable (Row) -> FixedPoint?) {
    self.init(
      name: metric.name, unit: metric.unit, type: metric.isWhole ? .integer : .real, documentation: metric.documentation
    ) {
      value($0).map(Field.number) ?? .empty
    }
  }

  /// A column of text.
  package static func text(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> String)
    -> Self
  {
    Column(name: name, unit: .text, type: .text, documentation: documentation) { .text(value($0)) }
  }

  /// A column of whole numbers; nil leaves the field empty.
  package static func count<Integer: BinaryInteger & SendableMetatype>(
    _ name: String,
    _ unit: MetricUnit,
    _ documentation: String,
    _ value: @escaping @Sendable (Row) -> Integer?
  ) -> Self {
    Column(name: name, unit: unit, type: .integer, documentation: documentation) { row in
      value(row).map { .number(FixedPoint(Int128($0))) } ?? .empty
    }
  }

  /// A column of times in seconds, nine decimals; nil leaves the field empty.
  package static func time(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> Nanoseconds?)
    -> Self
  {
    Column(name: name, unit: .seconds, type: .real, documentation: documentation) { row in
      value(row).map { .number(FixedPoint($0)) } ?? .empty
    }
  }

  /// A column of derived numbers, six decimals. Nil, or a number that is not finite, leaves the field empty.
  package static func real(
    _ name: String,
    _ unit: MetricUnit,
    _ documentation: String,
    _ value: @escaping @Sendable (Row) -> Double?
  ) -> Self {
    Column(name: name, unit: unit, type: .real, documentation: documentation) { row in
      value(row).flatMap { FixedPoint(real: $0) }.map(Field.number) ?? .empty
    }
  }
}
