import Glibc
import Quantities

/// Numbers of a fit, with as many digits as they deserve.
package enum FitNumber {
  /// The decimals that show this many digits of a value, at most nine.
  package static func decimals(_ value: Double, digits: Int) -> Int {
    guard value != 0, value.isFinite else { return 0 }
    return min(9, max(0, digits - 1 - Int(log10(value.magnitude).rounded(.down))))
  }

  /// A value with its standard error to two digits, both in `unit`; without an error the value to four digits.
  package static func text(_ value: Double, error: Double?, unit: String) -> String {
    guard let error, error > 0, error.isFinite else {
      return trimmed(HumanUnits.fixed(value, decimals: decimals(value, digits: 4))) + unit
    }
    let decimals = decimals(error, digits: 2)
    return HumanUnits.fixed(value, decimals: decimals) + " ± " + HumanUnits.fixed(error, decimals: decimals) + unit
  }

  /// A probability to two digits; a very small one by its bound.
  package static func probability(_ p: Double) -> String {
    p < 1e-4 ? "< 0.0001" : HumanUnits.fixed(p, decimals: p < 0.001 ? 5 : p < 0.01 ? 4 : p < 0.1 ? 3 : 2)
  }

  /// A decimal number without zeros at its end.
  static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}
