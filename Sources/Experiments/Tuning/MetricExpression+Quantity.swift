import Quantities

extension MetricExpression {
  /// Reads a value in the unit that the expression has: `60 s`, `1 MiB`, or a plain number for an expression without one.
  /// Expressions have factors such as `1e30`, so a number may have an exponent too: `1e30 s`.
  func quantity(_ text: String) throws(CandidateError) -> Double {
    switch unit {
    case .seconds: return try Self.quantity(text, .time, per: 1_000_000_000)
    case .bytes: return try Self.quantity(text, .size, per: 1)
    default:
      guard case .success(let number) = PlainNumber.real(text, percent: isShare) else {
        throw CandidateError("'\(text.excerpt)' is no plain number, which is what is measured here")
      }
      return number
    }
  }

  /// The number with its unit, for people.
  package func text(_ value: Double) -> String {
    switch unit {
    case .seconds: HumanUnits.text(value, in: HumanUnits.timeScale(of: value))
    case .bytes: HumanUnits.text(value, in: HumanUnits.byteScale(of: value))
    default: value.shortest
    }
  }

  private var isShare: Bool { loneMetric?.unit == .fraction }

  /// The value in units of so many base units.
  private static func quantity(
    _ text: String, _ dimension: Quantity, per unit: UInt64
  ) throws(CandidateError) -> Double {
    switch dimension.scientific(text, per: unit) ?? dimension.parse(text).map({ Double($0) / Double(unit) }) {
    case .success(let value): return value
    case .failure(let error):
      throw CandidateError(error.message + (error.suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }
}
