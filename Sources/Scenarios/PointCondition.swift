import FoundationEssentials
import Quantities
import Results

/// A condition that the points of a sweep must meet: `protocol.session_timeout >= 6 * protocol.timeout`.
package struct PointCondition: Hashable, Sendable {
  /// Why a condition cannot be decided: what is wrong, and the nearest right spelling.
  package typealias Problem = QuantityError

  /// Two terms, and the relation that they must have.
  package struct Comparison: Hashable, Sendable {
    package var left: Term
    package var relation: Expectation.Relation
    package var right: Term
  }

  /// What is compared.
  package indirect enum Term: Hashable, Sendable {
    case value(PointValue)
    /// The value of a key of the scenario at the point.
    case key(String)
    case negative(Term)
    case sum(Term, Term)
    case difference(Term, Term)
    case product(Term, Term)
    case quotient(Term, Term)
  }

  /// The condition as it was written, with single spaces.
  package let text: String
  /// One of them must hold. Each holds if all its comparisons do.
  let alternatives: [[Comparison]]

  /// Reads a condition.
  init(_ text: String) throws(Problem) {
    var parser = PointConditionParser(text)
    alternatives = try parser.parse()
    self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The paths of the keys that it uses, in the order of the text.
  package var keys: [String] {
    alternatives.joined().flatMap { $0.left.keys + $0.right.keys }
  }

  /// Whether it holds if the keys have these values.
  package func holds(_ value: (String) throws(Problem) -> PointValue) throws(Problem) -> Bool {
    for comparisons in alternatives {
      var all = true
      // Each comparison is decided even if one does not hold, so that an error shows at every point or at none, if
      // possible.
      for comparison in comparisons {
        let left = try comparison.left.value(value)
        if try !comparison.relation.holds(left, try comparison.right.value(value)) { all = false }
      }
      if all { return true }
    }
    return false
  }
}

extension PointCondition.Term {
  fileprivate var keys: [String] {
    switch self {
    case .value: []
    case .key(let path): [path]
    case .negative(let term): term.keys
    case .sum(let left, let right), .difference(let left, let right), .product(let left, let right),
      .quotient(let left, let right):
      left.keys + right.keys
    }
  }

  fileprivate func value(
    _ key: (String) throws(PointCondition.Problem) -> PointValue
  ) throws(PointCondition.Problem) -> PointValue {
    switch self {
    case .value(let value): return value
    case .key(let path): return try key(path)
    case .negative(let term): return try PointValue.number(-1, nil).times(try term.value(key))
    case .sum(let left, let right): return try left.value(key).plus(try right.value(key))
    case .difference(let left, let right):
      return try left.value(key).plus(try PointValue.number(-1, nil).times(try right.value(key)))
    case .product(let left, let right): return try left.value(key).times(try right.value(key))
    case .quotient(let left, let right): return try left.value(key).divided(by: try right.value(key))
    }
  }
}

/// The value of a key at a point: a number, in base units if it has a unit, or a word. Numbers are decimal, and nothing
/// is rounded.
package enum PointValue: Hashable, Sendable {
  case number(Decimal, Quantity?)
  case word(String)

  /// Reads a value as in a scenario.
  init(_ text: String) {
    if let number = VariedNumber(text),
      let value = Decimal(string: number.dimension == nil ? number.canonical : "\(number.digits)", locale: nil)
    {
      self = .number(value, number.dimension)
    } else {
      self = .word(text.trimmed)
    }
  }

  /// The name of its kind in a message.
  var kind: String {
    switch self {
    case .number(_, let dimension): dimension?.name ?? "a number without a unit"
    case .word(let word): "the word '\(word.excerpt)'"
    }
  }

  fileprivate func plus(_ other: PointValue) throws(PointCondition.Problem) -> PointValue {
    let (left, right) = (try measured, try other.measured)
    let dimension = try Self.common(self, other, "added to")
    return try Self.checked(left.number + right.number, dimension)
  }

  fileprivate func times(_ other: PointValue) throws(PointCondition.Problem) -> PointValue {
    let (left, right) = (try measured, try other.measured)
    guard left.dimension == nil || right.dimension == nil else {
      throw QuantityError("\(kind) times \(other.kind) measures nothing that a key can be held against")
    }
    return try Self.checked(left.number * right.number, left.dimension ?? right.dimension)
  }

  fileprivate func divided(by other: PointValue) throws(PointCondition.Problem) -> PointValue {
    let (left, right) = (try measured, try other.measured)
    guard right.dimension == nil || left.dimension == right.dimension else {
      throw QuantityError("\(kind) divided by \(other.kind) measures nothing that a key can be held against")
    }
    guard right.number != 0 else { throw QuantityError("it divides by zero") }
    return try Self.checked(left.number / right.number, right.dimension == nil ? left.dimension : nil)
  }

  private var measured: (number: Decimal, dimension: Quantity?) {
    get throws(PointCondition.Problem) {
      guard case .number(let number, let dimension) = self else { throw QuantityError("\(kind) is no number") }
      return (number, dimension)
    }
  }

  /// The dimension that two numbers share. 0 has any dimension.
  fileprivate static func common(
    _ left: PointValue, _ right: PointValue, _ words: String
  ) throws(PointCondition.Problem) -> Quantity? {
    let (first, second) = (try left.measured, try right.measured)
    if first.dimension == second.dimension { return first.dimension }
    if first.dimension == nil, first.number == 0 { return second.dimension }
    if second.dimension == nil, second.number == 0 { return first.dimension }
    throw QuantityError("\(left.kind) cannot be \(words) \(right.kind)")
  }

  private static func checked(_ number: Decimal, _ dimension: Quantity?) throws(PointCondition.Problem) -> PointValue {
    guard number.isFinite else { throw QuantityError("a number in it becomes too large") }
    return .number(number, dimension)
  }
}

extension Expectation.Relation {
  /// Whether two values have this relation. Words can only be equal or not.
  fileprivate func holds(_ left: PointValue, _ right: PointValue) throws(PointCondition.Problem) -> Bool {
    if case .number(let first, _) = left, case .number(let second, _) = right {
      _ = try PointValue.common(left, right, "held against")
      return holds(first < second ? -1 : first > second ? 1 : 0, 0)
    }
    switch self {
    case .equal: return left == right
    case .notEqual: return left != right
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let word = if case .word = left { left } else { right }
      throw QuantityError("\(word.kind) is neither more nor less than something; words take == and !=")
    }
  }
}
