import Timebase
import Quantities

/// What stands in one place of a table.
package enum Field: Hashable, Sendable {
  /// Nothing: there is no such figure.
  case empty
  case text(String)
  case number(FixedPoint)
}

/// What a column counts or measures, as the reference page says it.
package enum Unit: String, Sendable {
  case text
  case number
  case seconds = "s"
  case bytes
  case blocks
  case packets
  case devices
  case sessions
  case gaps
  case chains
  case fraction = "fraction of 1"
  case metric = "the metric's"
  case parameter = "the key's"
  case objective = "the objective's"
}

/// One column of a table, defined once: the header, the rows and the reference page all come from here.
package struct Column<Row>: Sendable {
  /// The name in the header.
  let name: String
  /// What is counted or measured.
  let unit: Unit
  /// One line for the reference page.
  let documentation: String
  /// What stands in the column.
  let value: @Sendable (Row) -> Field
}

extension Column {
  /// A column of text.
  static func text(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> String) -> Self {
    Column(name: name, unit: .text, documentation: documentation) { .text(value($0)) }
  }

  /// A column of whole numbers; nil leaves the field empty.
  static func count<Integer: BinaryInteger & SendableMetatype>(
    _ name: String,
    _ unit: Unit,
    _ documentation: String,
    _ value: @escaping @Sendable (Row) -> Integer?
  ) -> Self {
    Column(name: name, unit: unit, documentation: documentation) { row in
      value(row).map { .number(FixedPoint($0)) } ?? .empty
    }
  }

  /// A column of times in seconds, nine decimals; nil leaves the field empty.
  static func time(_ name: String, _ documentation: String, _ value: @escaping @Sendable (Row) -> Nanoseconds?) -> Self
  {
    Column(name: name, unit: .seconds, documentation: documentation) { row in
      value(row).map { .number(FixedPoint($0)) } ?? .empty
    }
  }

  /// A column of times derived in nanoseconds, rounded to whole ones; nil leaves the field empty.
  static func derivedTime(
    _ name: String,
    _ documentation: String,
    nanoseconds: @escaping @Sendable (Row) -> Double?
  ) -> Self {
    .time(name, documentation) { row in
      nanoseconds(row).map { Nanoseconds(Int64($0.rounded(.toNearestOrEven))) }
    }
  }

  /// A column of derived numbers, six decimals; nil, or what is not finite, leaves the field empty.
  static func real(
    _ name: String,
    _ unit: Unit,
    _ documentation: String,
    _ value: @escaping @Sendable (Row) -> Double?
  ) -> Self {
    Column(name: name, unit: unit, documentation: documentation) { row in
      value(row).flatMap { FixedPoint(rounding: $0, decimals: FixedPoint.realDecimals) }.map(Field.number) ?? .empty
    }
  }
}
