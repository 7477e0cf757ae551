import Quantities

extension MetricExpression {
  /// Reads a value in the unit that the expression has: `60 s`, `1 MiB`, or a plain number for an expression without one.
  func quantity(_ text: String) throws(CandidateError) -> Double {
    switch unit {
    case .seconds: return Double(try Self.quantity(text, .time)) / 1e9
    case .bytes: return Double(try Self.quantity(text, .size))
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

  private static func quantity(_ text: String, _ dimension: Quantity) throws(CandidateError) -> UInt64 {
    switch dimension.parse(text) {
    case .success(let value): return value
    case .failure(let error):
      throw CandidateError(error.message + (error.suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }
}
