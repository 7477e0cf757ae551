import Quantities
import RunMetrics
import Timebase

/// A key that a sweep varies, with its value at one point.
package struct VariedKey: Hashable, Sendable {
  /// The key's path in the scenario.
  package let name: String
  /// Its value at this point, as in the scenario.
  package let value: String
  /// The name of its column in tables.
  package let column: String
  /// The content of that column: a number in its base unit, or a word.
  package let cell: ParameterValue

  /// Names a key and its value. All values of the key share the `column`.
  package init(name: String, value: String, column: VariedColumn? = nil) {
    self.name = name
    self.value = value
    self.column = (column ?? VariedColumn(key: name, values: [value])).name
    cell = ParameterValue(value)
  }
}

/// The column of a key that a sweep varies. It has numbers in a base unit, which is the end of its name, and words as
/// they are.
package struct VariedColumn: Hashable, Sendable {
  /// The name, such as `protocol.timeout_s`.
  package let name: String
  /// The key's path in the scenario.
  package let key: String
  private let dimension: Quantity?

  /// The ends of the names of columns. The first one that fits counts.
  static let suffixes: [(dimension: Quantity, suffix: String)] = [
    (.rate, "_bits_per_s"), (.size, "_bytes"), (.time, "_s"),
  ]

  /// The column of a key with these values.
  package init(key: String, values: [String]) {
    self.key = key
    dimension = values.lazy.compactMap { VariedNumber($0)?.dimension }.first
    let dimension = dimension
    name = key + (Self.suffixes.first { $0.dimension == dimension }?.suffix ?? "")
  }

  /// The column of that name.
  package init(name: String) {
    self.name = name
    let unit = Self.suffixes.first { name.hasSuffix($0.suffix) }
    dimension = unit?.dimension
    key = String(name.dropLast(unit?.suffix.count ?? 0))
  }

  /// What its numbers measure; nil if they have no unit.
  package var unit: MetricUnit? {
    switch dimension {
    case .some(.rate): .bitsPerSecond
    case .some(.size): .bytes
    case .some(.time): .seconds
    default: nil
    }
  }

  /// The content of the column in the form of a scenario: `100 ms` for `0.100000000`; a word as it is.
  package func value(of cell: String) -> String {
    guard let dimension else { return cell }
    let unit = dimension == .time ? "s" : dimension == .size ? "B" : "bit/s"
    guard case .success(let value) = dimension.parse("\(cell) \(unit)") else { return cell }
    return dimension.format(value)
  }
}

/// The value of a varied key in tables and manifests.
package enum ParameterValue: Hashable, Sendable {
  /// A number in the base unit of its key, as it is printed: seconds with nine decimals, other numbers with as many as
  /// they have.
  case number(String)
  /// A value that is no number.
  case word(String)

  /// Reads a value such as `16 KiB`, `0.1 %` or `arrival`.
  package init(_ text: String) {
    self = VariedNumber(text).map { .number($0.printed) } ?? .word(text)
  }

  /// As it is printed.
  package var text: String {
    switch self {
    case .number(let text), .word(let text): text
    }
  }
}

extension VariedNumber {
  /// The number in seconds, bytes or bits per second, or as it is if it has no unit.
  fileprivate var printed: String {
    switch dimension {
    case .some(.time): FixedPoint(Nanoseconds(Int64(clamping: digits))).description
    case .some: FixedPoint(digits).description
    case nil: canonical
    }
  }
}
