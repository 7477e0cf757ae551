/// A number as in a file, kept exactly: `digits` × 10^`-decimals`.
///
/// There is no `Double` on the way: `6.5 s` is 6 500 000 000 ns because 65 × 10⁹ / 10 is, not by a lucky rounding.
package struct DecimalLiteral: Hashable {
  /// Whether it has a minus sign.
  package var negative = false
  /// All digits as one whole number.
  package var digits: UInt128 = 0
  /// How many of the digits come after the point.
  package var decimals = 0
  /// Whether it has more digits than are kept.
  package var isTooLong = false

  /// The longest number that is read: 30 digits fit `UInt128`; a unit's factor is checked separately.
  package static let longest = 30

  /// Reads the number at the start of `text`, and returns the rest too; nil if there is no number.
  ///
  /// Digits may be grouped by single `_` or spaces (`10_000_000`).
  package static func prefix(of text: some StringProtocol) -> (number: DecimalLiteral, rest: String)? {
    var scan = Scan(scalars: Array(text.unicodeScalars))
    return scan.number().map { ($0, scan.rest) }
  }

  /// This number times `factor`, when that is a whole number that fits.
  package func whole(times factor: UInt64) -> WholeResult {
    let (product, overflow) = digits.multipliedReportingOverflow(by: UInt128(factor))
    guard !overflow, !isTooLong else { return .tooLarge }
    let divisor = (0..<decimals).reduce(UInt128(1)) { power, _ in power * 10 }
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
    guard remainder == 0 else { return .lossy }
    guard let value = UInt64(exactly: quotient) else { return .tooLarge }
    return .value(value)
  }

  /// The outcome of a conversion to a whole number.
  package enum WholeResult: Hashable {
    case value(UInt64)
    case lossy
    case tooLarge
  }

  /// The nearest `Double` of this number divided by 10^`shift`, rounded once.
  func double(dividedByPowerOfTen shift: Int = 0) -> Double {
    (negative ? -1 : 1) * (Double("\(digits)e\(-decimals - shift)") ?? .nan)
  }

  /// Reads the exponent at the start of what follows a number, and returns the rest too; nil if there is none. No unit begins
  /// with an `e` and a digit.
  static func exponent(of text: String) -> (exponent: Int, rest: String)? {
    guard let letter = text.first, letter == "e" || letter == "E" else { return nil }
    var rest = text.dropFirst()
    let sign = rest.first == "-" ? -1 : 1
    if let first = rest.first, first == "-" || first == "+" { rest = rest.dropFirst() }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    // Beyond that every number is 0, or too large.
    return (sign * min(Int(digits) ?? .max, 10_000), String(rest.dropFirst(digits.count)))
  }
}

extension Double {
  /// Reads a number such as `12.5` or `1e-5`. Swift reads `0x3`, `inf` and `nan` too, which no file means.
  package static func decimal(_ text: some StringProtocol) -> Double? {
    guard text.utf8.allSatisfy("0123456789.+-eE".utf8.contains), let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }
}

/// A reader of one number.
private struct Scan {
  let scalars: [Unicode.Scalar]
  var index = 0

  init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  var rest: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[index...])
    return String(text)
  }

  mutating func number() -> DecimalLiteral? {
    var literal = DecimalLiteral()
    if let sign = peek(), sign == "-" || sign == "+" {
      literal.negative = sign == "-"
      index += 1
    }
    var count = 0
    guard digits(into: &literal, count: &count, separators: true) > 0 else { return nil }
    if peek() == ".", let next = peek(1), isDigit(next) {
      index += 1
      literal.decimals = digits(into: &literal, count: &count, separators: false)
    }
    literal.isTooLong = count > DecimalLiteral.longest
    return literal
  }

  private mutating func digits(into literal: inout DecimalLiteral, count: inout Int, separators: Bool) -> Int {
    let before = count
    while let scalar = peek() {
      if isDigit(scalar) {
        count += 1
        if count <= DecimalLiteral.longest { literal.digits = literal.digits * 10 + UInt128(scalar.value - 48) }
      } else if !(separators && count > before && (scalar == "_" || scalar == " ") && peek(1).map(isDigit) == true) {
        break
      }
      index += 1
    }
    return count - before
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
