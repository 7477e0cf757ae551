import RunMetrics
import Quantities
import Timebase

/// The content of one field of a table.
package enum Field: Hashable, Sendable {
  /// Nothing: there is no such figure.
  case empty
  case text(String)
  case number(FixedPoint)
}

/// One column of a table, defined once. The header, the rows and the reference page all come from here.
package struct Column<Row>: Sendable {
  /// The name in the header.
  package let name: String
  /// What is counted or measured.
  package let unit: MetricUnit
  /// One line for the reference page.
  package let documentation: String
  /// The content of the column.
  package let value: @Sendable (Row) -> Field

  /// A column whose fields `value` gives.
  package init(name: String, unit: MetricUnit, documentation: String, value: @escaping @Sendable (Row) -> Field) {
    self.name = name
    self.unit = unit
    self.documentation = documentation
    self.value = value
  }
}

extension Column {
  /// The column of a metric.
  package init(_ metric: Metric, _ value: @escaping @Sendable (Row) -> FixedPoint?) {
    self.init(name: metric.name, unit: metric.unit, documentation: metric.documentation) {
      value($0).map(Field.number) ?? .empty
    }
  }

  /// A column of text.
  package static func text(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> String)
    -> Self
  {
    Column(name: name, unit: .text, documentation: documentation) { .text(value($0)) }
  }

  /// A column of whole numbers; nil leaves the field empty.
  package static func count<Integer: BinaryInteger & SendableMetatype>(
    _ name: String,
    _ unit: MetricUnit,
    _ documentation: String,
    _ value: @escaping @Sendable (Row) -> Integer?
  ) -> Self {
    Column(name: name, unit: unit, documentation: documentation) { row in
      value(row).map { .number(FixedPoint(Int128($0))) } ?? .empty
    }
  }

  /// A column of times in seconds, nine decimals; nil leaves the field empty.
  package static func time(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> Nanoseconds?)
    -> Self
  {
    Column(name: name, unit: .seconds, documentation: documentation) { row in
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
    Column(name: name, unit: unit, documentation: documentation) { row in
      value(row).flatMap { FixedPoint(real: $0) }.map(Field.number) ?? .empty
    }
  }
}
