import FoundationEssentials
import Glibc
import Quantities
import Results

/// How the statistics of an objective are printed, so that nothing of them is lost: with the decimals of its unit, or as
/// floating-point numbers where all of its values are too small or too large for these.
struct ObjectiveNumbers: Hashable, Sendable {
  /// A statistic as it is printed.
  enum Printed: Encodable {
    case fixed(FixedPoint)
    case floating(Double)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .fixed(let number): try container.encode(Decimal(string: number.description))
      case .floating(let number): try container.encode(number)
      }
    }

    /// The field of a table.
    var field: Field {
      switch self {
      case .fixed(let number): .number(number)
      case .floating(let number): .floating(number)
      }
    }
  }

  /// Where fixed decimals say enough: at least four digits, and no more than a `Double` has.
  private static func fixed(_ decimals: Int) -> Range<Double> { Glibc.pow(10, Double(4 - decimals))..<1e15 }

  private let decimals: Int
  private let areFixed: Bool

  /// - Parameter values: the objective's values.
  init(_ objective: Objective, of values: some Sequence<Double>) {
    decimals = objective.decimals
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    areFixed = largest == 0 || Self.fixed(decimals).contains(largest)
  }

  /// A statistic in print; nil if there is none.
  func printed(_ value: Double?) -> Printed? {
    guard let value, value.isFinite else { return nil }
    // A zero has no sign in print.
    return areFixed ? FixedPoint(rounding: value, decimals: decimals).map(Printed.fixed) : .floating(value + 0)
  }
}

extension Tuning.Answer {
  /// How the statistics of its objective are printed.
  func numbers(of objective: Objective) -> ObjectiveNumbers {
    ObjectiveNumbers(objective, of: candidates.lazy.flatMap { $0.runs.lazy.compactMap(\.objective) })
  }
}
