import Timebase

/// A number exactly as it is printed: a whole number of units of the last decimal.
///
/// A statistic is computed from what a reader finds in the file, so it can be made again from the file. There is no
/// negative zero, and no value that is not a number.
package struct FixedPoint: Hashable, Sendable {
  /// The decimals of a time in seconds.
  package static let timeDecimals = 9
  /// The decimals of every other derived number.
  package static let realDecimals = 6

  private static let powersOfTen: [Int128] = (0...timeDecimals).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// The number in units of its last decimal.
  package let units: Int128
  /// The digits after the point, 0 to 9.
  package let decimals: Int

  /// A whole number. It is not generic: what is generic in another module is not specialised, and every field of a
  /// table of devices would pay for that.
  package init(_ integer: Int128) {
    units = integer
    decimals = 0
  }

  /// A time in seconds; nothing is rounded.
  package init(_ time: Nanoseconds) {
    units = Int128(time.count)
    decimals = Self.timeDecimals
  }

  /// The nearest number with so many decimals; nil if `value` is not finite, or at least 10²⁷.
  package init?(rounding value: Double, decimals: Int) {
    guard value.magnitude < 1e27 else { return nil }
    let scale = Self.powersOfTen[decimals]
    // The whole part is kept as it is. If it were scaled, a large number would lose its last digits.
    let whole = value.rounded(.towardZero)
    units = Int128(whole) * scale + Int128(((value - whole) * Double(scale)).rounded(.toNearestOrEven))
    self.decimals = decimals
  }

  /// A derived number with ``realDecimals``; nil if it is not finite, or too large.
  package init?(real value: Double) { self.init(rounding: value, decimals: Self.realDecimals) }

  /// Reads a number as ``appendDigits(to:)`` writes it; nil if it is none.
  package init?(digits text: some Sequence<UInt8>) {
    var (units, count, decimals): (Int128, Int, Int?) = (0, 0, nil)
    var isNegative = false
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where index == 0: isNegative = true
      case UInt8(ascii: ".") where decimals == nil && count > 0: decimals = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        units = units * 10 + Int128(byte - UInt8(ascii: "0"))
        count += 1
        decimals = decimals.map { $0 + 1 }
      default: return nil
      }
      guard count <= 36, decimals ?? 0 <= Self.timeDecimals else { return nil }
    }
    guard count > 0 else { return nil }
    self.units = isNegative ? -units : units
    self.decimals = decimals ?? 0
  }

  /// The nearest binary number: what a reader of the printed number gets.
  package var value: Double { Double(units) / Double(Self.powersOfTen[decimals]) }
}

extension FixedPoint: CustomStringConvertible {
  package var description: String {
    var text: [UInt8] = []
    appendDigits(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the number in ASCII: a minus sign if it is negative, at least one digit before the point, no grouping.
  package func appendDigits(to text: inout [UInt8]) {
    if units < 0 { text.append(UInt8(ascii: "-")) }
    let start = text.count
    var position = 0
    func append(digit: UInt8) {
      if position == decimals, decimals > 0 { text.append(UInt8(ascii: ".")) }
      text.append(UInt8(ascii: "0") + digit)
      position += 1
    }
    if let narrow = UInt64(exactly: units.magnitude) {
      Self.forEachDigit(of: narrow, atLeast: decimals + 1, append)
    } else {
      Self.forEachDigit(of: units.magnitude, atLeast: decimals + 1, append)
    }
    text[start...].reverse()
  }

  /// The digits, the last one first, with zeros up to a least number of digits.
  private static func forEachDigit<Integer: FixedWidthInteger>(
    of magnitude: Integer,
    atLeast count: Int,
    _ body: (UInt8) -> Void
  ) {
    var rest = magnitude
    var written = 0
    while rest > 0 || written < count {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      body(UInt8(truncatingIfNeeded: digit))
      rest = quotient
      written += 1
    }
  }
}
