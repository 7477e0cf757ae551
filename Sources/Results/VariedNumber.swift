import Glibc
import Quantities

/// A number that a sweep varies, kept exactly: `digits` × 10^`-decimals`, of base units if it has a unit.
package struct VariedNumber: Hashable, Sendable {
  /// All digits as one whole number, negative if the number is.
  package private(set) var digits: Int128
  /// How many of them come after the point. The last one is not 0.
  package private(set) var decimals: Int
  /// What it measures; nil for a plain number and for a share, which is one.
  package private(set) var dimension: Quantity?
  /// Whether it was written as a whole number. A range between two such numbers has whole numbers.
  package let isWhole: Bool

  /// The most digits, and decimals, of the ends of a range: more would not leave room for the arithmetic.
  private static let longestEnd = (digits: 19, decimals: 12)

  private init(digits: Int128, decimals: Int, dimension: Quantity? = nil, isWhole: Bool) {
    self.digits = digits
    self.decimals = decimals
    self.dimension = dimension
    self.isWhole = isWhole
    while self.decimals > 0, self.digits.isMultiple(of: 10) {
      self.digits /= 10
      self.decimals -= 1
    }
  }

  /// Reads a number, a share or a quantity; nil if the text is none.
  package init?(_ text: String) {
    guard let (literal, rest) = DecimalLiteral.prefix(of: text.trimmed), !literal.isTooLong else { return nil }
    let digits = literal.negative ? -Int128(literal.digits) : Int128(literal.digits)
    let unit = rest.trimmed
    if unit.isEmpty {
      self.init(digits: digits, decimals: literal.decimals, isWhole: literal.decimals == 0)
    } else if unit == "%" {
      self.init(digits: digits, decimals: literal.decimals + 2, isWhole: false)
    } else if rest.first?.lowercased() == "e", let exponent = Int(rest.dropFirst()),
      (-99...99).contains(exponent)
    {
      let decimals = literal.decimals - exponent
      let scale = (0..<max(0, -decimals)).reduce((Int128(1), false)) { power, _ in
        let (product, overflow) = power.0.multipliedReportingOverflow(by: 10)
        return (product, power.1 || overflow)
      }
      let (scaled, overflow) = digits.multipliedReportingOverflow(by: scale.0)
      guard !overflow, !scale.1 else { return nil }
      self.init(digits: scaled, decimals: max(0, decimals), isWhole: false)
    } else if let (dimension, value) = Self.quantity(text) {
      self.init(digits: Int128(value), decimals: 0, dimension: dimension, isWhole: true)
    } else {
      return nil
    }
  }

  private static func quantity(_ text: String) -> (Quantity, UInt64)? {
    for dimension in [Quantity.size, .time, .rate] {
      if case .success(let value) = dimension.parse(text) { return (dimension, value) }
    }
    return nil
  }

  /// Whether it is 0 without a unit, which counts as 0 of any unit.
  package var isBareZero: Bool { digits == 0 && dimension == nil && isWhole }

  /// The same number with another dimension.
  package func measured(in dimension: Quantity) -> VariedNumber {
    VariedNumber(digits: digits, decimals: decimals, dimension: dimension, isWhole: isWhole)
  }

  /// The one way in which this number is written: the largest unit that leaves a whole number, or plain decimals.
  package var canonical: String {
    if let dimension { return dimension.format(UInt64(clamping: digits)) }
    let text = String(digits.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - text.count)) + text
    let whole = padded.dropLast(decimals)
    return (digits < 0 ? "-" : "") + whole + (decimals > 0 ? "." + padded.suffix(decimals) : "")
  }

  /// Whether it can be an end of a range.
  package var isShortEnough: Bool {
    String(digits.magnitude).count <= Self.longestEnd.digits && decimals <= Self.longestEnd.decimals
      && (dimension != nil || digits.magnitude < 1_000_000_000_000_000)
  }
}

// MARK: - Ranges

extension VariedNumber {
  private func scaled(to decimals: Int) -> Int128 { digits * Self.power(decimals - self.decimals) }

  private static func power(_ exponent: Int) -> Int128 { (0..<max(0, exponent)).reduce(1) { power, _ in power * 10 } }

  /// Whether it is less than another number of the same dimension.
  package func isLess(than other: VariedNumber) -> Bool {
    let decimals = max(decimals, other.decimals)
    return scaled(to: decimals) < other.scaled(to: decimals)
  }

  /// `count` numbers, at least two, at equal distances from this one to `end`.
  ///
  /// Between whole numbers they are rounded to whole ones, else to six decimals more than the ends have.
  package func linear(to end: VariedNumber, count: Int) -> [VariedNumber] {
    let whole = isWhole && end.isWhole
    let decimals = max(decimals, end.decimals) + (whole ? 0 : 6)
    let (first, last) = (scaled(to: decimals), end.scaled(to: decimals))
    let steps = Int128(count - 1)
    return (0...steps).map { step in
      let sum = first * (steps - step) + last * step
      let half = sum < 0 ? -steps / 2 : steps / 2
      return VariedNumber(digits: (sum + half) / steps, decimals: decimals, dimension: dimension, isWhole: whole)
    }
  }

  /// This number, and each further one `base` times the one before, up to `end`. This number must be more than 0.
  package func powers(of base: Int, to end: VariedNumber) -> [VariedNumber] {
    var numbers = [self]
    while let last = numbers.last {
      let next = VariedNumber(
        digits: last.digits * Int128(base), decimals: last.decimals, dimension: dimension, isWhole: isWhole)
      if end.isLess(than: next) { break }
      numbers.append(next)
    }
    return numbers
  }

  /// `count` numbers, at least two, with equal ratios. Both ends must be more than 0.
  ///
  /// `pow` differs in its last bit between processors, so the numbers between the ends are rounded to far fewer digits:
  /// whole numbers to whole numbers of at most 13 digits, others to six digits.
  package func geometric(to end: VariedNumber, count: Int) -> [VariedNumber] {
    let whole = isWhole && end.isWhole
    let (first, last) = (value, end.value)
    return (0..<count).map { index in
      if index == 0 { return self }
      if index == count - 1 { return end }
      let exact = first * pow(last / first, Double(index) / Double(count - 1))
      let magnitude = Int(log10(exact).rounded(.down))
      let decimals = whole ? min(0, 12 - magnitude) : 5 - magnitude
      let digits = Int128((exact * pow(10, Double(decimals))).rounded())
      return VariedNumber(
        digits: digits * Self.power(-decimals), decimals: max(0, decimals), dimension: dimension, isWhole: whole)
    }
  }

  private var value: Double { Double("\(digits)e-\(decimals)") ?? .nan }
}
