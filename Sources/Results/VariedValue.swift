import Quantities

/// A value of a key that a sweep varies: its text, and the number that it stands for.
package struct VariedValue: Hashable, Sendable {
  /// What a value measures.
  package enum Kind: Hashable, Sendable {
    /// A size, in bytes.
    case bytes
    /// A time, in seconds.
    case seconds
    /// A rate, in bits per second.
    case bitsPerSecond
    /// A number or a share of 1.
    case number
    /// A name: it has no number.
    case name
  }

  /// The value as in the scenario.
  package let text: String
  /// What it measures.
  package let kind: Kind
  /// The number in the unit of its kind, nil for a name.
  package let number: Double?

  /// Reads a value such as `16 KiB`, `0.1 %` or `arrival`.
  package init(_ text: String) {
    self.text = text
    if case .success(let bytes) = Quantity.size.parse(text) {
      (kind, number) = (.bytes, Double(bytes))
    } else if case .success(let nanoseconds) = Quantity.time.parse(text) {
      (kind, number) = (.seconds, Double(nanoseconds) / 1e9)
    } else if case .success(let rate) = Quantity.rate.parse(text) {
      (kind, number) = (.bitsPerSecond, Double(rate))
    } else if case .success(let number) = PlainNumber.real(text, percent: true) {
      (kind, self.number) = (.number, number)
    } else {
      (kind, number) = (.name, nil)
    }
  }
}
