import Quantities

/// Reads conditions on points by recursive descent.
///
///     condition  = all {"or" all}
///     all        = comparison {"and" comparison}
///     comparison = sum ("<" | "<=" | ">" | ">=" | "==" | "!=") sum
///     sum        = product {("+" | "-") product}
///     product    = factor {("*" | "/") factor}
///     factor     = "-" factor | number [unit] | key | word | "(" sum ")"
struct PointConditionParser {
  /// How deep parentheses and signs may be nested.
  private static let deepest = 100
  private static let units = [Quantity.size, .time, .rate].flatMap(\.unitNames) + ["%"]

  private let text: String
  private var rest: Substring
  private var depth = 0

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  mutating func parse() throws(QuantityError) -> [[PointCondition.Comparison]] {
    var alternatives = [try all()]
    while take(word: "or") { alternatives.append(try all()) }
    if let next = peek() {
      throw QuantityError(
        next == ")" ? "')' without a '(' before it" : "\(found) where 'and', 'or' or the end is expected")
    }
    return alternatives
  }

  private mutating func all() throws(QuantityError) -> [PointCondition.Comparison] {
    var comparisons = [try comparison()]
    while take(word: "and") { comparisons.append(try comparison()) }
    return comparisons
  }

  private mutating func comparison() throws(QuantityError) -> PointCondition.Comparison {
    let left = try sum()
    _ = peek()
    let symbol = String(rest.prefix { "<>=!".contains($0) })
    guard let relation = Expectation.Relation(rawValue: symbol) else {
      let meant = ["=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "===": "==", "!": "!="][symbol]
      let allowed = Expectation.Relation.allCases.map(\.rawValue).joined(separator: " ")
      throw QuantityError("\(found) where a relation is expected; allowed: \(allowed)", suggestion: meant)
    }
    rest.removeFirst(symbol.count)
    return PointCondition.Comparison(left: left, relation: relation, right: try sum())
  }

  private mutating func sum() throws(QuantityError) -> PointCondition.Term {
    var left = try product()
    while let sign = peek(), sign == "+" || sign == "-" {
      rest.removeFirst()
      let right = try product()
      left = sign == "+" ? .sum(left, right) : .difference(left, right)
    }
    return left
  }

  private mutating func product() throws(QuantityError) -> PointCondition.Term {
    var left = try factor()
    while let sign = peek(), sign == "*" || sign == "/" {
      rest.removeFirst()
      let right = try factor()
      left = sign == "*" ? .product(left, right) : .quotient(left, right)
    }
    return left
  }

  private mutating func factor() throws(QuantityError) -> PointCondition.Term {
    guard let next = peek() else { throw QuantityError("a key, a number or a word is expected at its end") }
    guard depth < Self.deepest else { throw QuantityError("nested too deep") }
    depth += 1
    defer { depth -= 1 }
    switch next {
    case "-":
      rest.removeFirst()
      return .negative(try factor())
    case "(":
      rest.removeFirst()
      let inner = try sum()
      guard peek() == ")" else { throw QuantityError("\(found) where an operator (+ - * /) or ')' is expected") }
      rest.removeFirst()
      return inner
    case "0"..."9": return .value(try number())
    case "'", "\"": return .value(.word(try quoted(next)))
    case _ where next.isLetter || next == "_": return name()
    default: throw QuantityError("\(found) where a key, a number or a word is expected")
    }
  }

  /// A number with its unit, if it has one.
  private mutating func number() throws(QuantityError) -> PointValue {
    guard let (_, after) = DecimalLiteral.prefix(of: String(rest)) else {
      throw QuantityError("\(found) is not a number")
    }
    let literal = rest.prefix(rest.count - after.count)
    rest.removeFirst(literal.count)
    var word = String(literal)
    if let exponent = rest.prefixMatch(of: #/[eE][+-]?[0-9]+/#) {
      word += exponent.output
      rest.removeFirst(exponent.output.count)
    }
    let unit = rest.drop(while: \.isWhitespace).prefix { $0.isLetter || $0 == "%" }
    // A rate has a slash in its unit. Elsewhere a slash divides.
    let slash = rest.drop(while: \.isWhitespace).dropFirst(unit.count).hasPrefix("/s") ? "/s" : ""
    let name = [unit + slash, String(unit)].first { Self.units.contains($0) }
    if let name {
      rest = rest.drop(while: \.isWhitespace).dropFirst(name.count)
      word += " " + name
    } else if !unit.isEmpty, !["and", "or"].contains(unit) {
      throw QuantityError(
        "'\((word + " " + unit).excerpt)' has an unknown unit; allowed units: \(Self.units.joined(separator: ", "))",
        suggestion: Spelling.nearest(to: String(unit), among: Self.units))
    }
    guard case .number(let number, let dimension) = PointValue(word) else {
      throw QuantityError("'\(word.excerpt)' is not a number that can be kept exactly")
    }
    return .number(number, dimension)
  }

  private mutating func quoted(_ quote: Character) throws(QuantityError) -> String {
    let inner = rest.dropFirst().prefix { $0 != quote }
    guard rest.dropFirst(inner.count + 1).first == quote else { throw QuantityError("\(found): a quote is not closed") }
    rest.removeFirst(inner.count + 2)
    return String(inner)
  }

  /// A path of keys, or one word. The word is a key if the scenario has one of that name.
  private mutating func name() -> PointCondition.Term {
    var end = rest.startIndex
    var bracket = false
    while end < rest.endIndex {
      let character = rest[end]
      let after = rest.index(after: end)
      let isHyphen = character == "-" && after < rest.endIndex && rest[after].isLetter
      guard bracket || character.isLetter || character.isNumber || "_.[".contains(character) || isHyphen else { break }
      if character == "[" { bracket = true }
      if character == "]" { bracket = false }
      end = after
    }
    let name = String(rest[..<end])
    rest = rest[end...]
    let isPath = name.contains(".") || name.contains("[") || ScenarioKeys.keys(of: "").contains { $0.name == name }
    return isPath ? .key(name) : .value(.word(name))
  }

  private mutating func take(word: String) -> Bool {
    _ = peek()
    guard rest.hasPrefix(word), rest.dropFirst(word.count).first.map({ $0.isWhitespace || $0 == "(" }) ?? true else {
      return false
    }
    rest.removeFirst(word.count)
    return true
  }

  /// The next character that is no space.
  private mutating func peek() -> Character? {
    rest = rest.drop(while: \.isWhitespace)
    return rest.first
  }

  /// The next part of the text, in a message.
  private var found: String {
    let next = rest.drop(while: \.isWhitespace)
    return next.isEmpty ? "nothing" : "'\(String(next.prefix { !$0.isWhitespace }).excerpt)'"
  }
}
