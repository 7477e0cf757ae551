import RunMetrics
import Quantities

/// Reads objectives by recursive descent.
///
///     expression = term {("+" | "-") term}
///     term       = factor {("*" | "/") factor}
///     factor     = "-" factor | number | metric | "(" expression ")"
struct ObjectiveParser {
  /// How deep parentheses and signs may be nested.
  private static let deepest = 100

  private let text: String
  /// What the expression is, in an error.
  private let subject: String
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private var result = MetricExpression()

  init(_ text: String, of subject: String = "objective") {
    self.text = text
    self.subject = subject
    scalars = Array(text.unicodeScalars)
  }

  mutating func parse() throws(ObjectiveError) -> MetricExpression {
    try expression()
    if let found = peek() {
      throw error(
        found == ")" ? "')' without a '(' before it" : "'\(found)' where an operator (+ - * /) or the end is expected")
    }
    guard result.hasMetric else {
      index = 0
      throw error("there is no metric in it; metrics are the columns of runs.csv, like makespan_s or server_bytes")
    }
    return result
  }

  private mutating func expression() throws(ObjectiveError) {
    try term()
    while let sign = peek(), sign == "+" || sign == "-" {
      index += 1
      try term()
      result.append(.combine(sign == "+" ? .plus : .minus))
    }
  }

  private mutating func term() throws(ObjectiveError) {
    try factor()
    while let sign = peek(), sign == "*" || sign == "/" {
      index += 1
      try factor()
      result.append(.combine(sign == "*" ? .times : .over))
    }
  }

  private mutating func factor() throws(ObjectiveError) {
    guard let next = peek() else { throw error("a number, a metric or '(' is expected at the end") }
    guard depth < Self.deepest else { throw error("nested too deep") }
    depth += 1
    defer { depth -= 1 }
    switch next {
    case "-":
      index += 1
      try factor()
      result.append(.negate)
    case "(":
      let opened = index
      index += 1
      try expression()
      guard peek() == ")" else {
        let isAtEnd = index == scalars.count
        if isAtEnd { index = opened }
        throw error(isAtEnd ? "'(' is not closed" : "an operator or ')' is expected")
      }
      index += 1
    case "0"..."9", ".": result.append(.number(try number()))
    case "a"..."z", "A"..."Z", "_": result.append(.metric(try metric()))
    default: throw error("'\(next)' where a number, a metric or '(' is expected")
    }
  }

  private mutating func number() throws(ObjectiveError) -> Double {
    let start = index
    while index < scalars.count {
      let scalar = scalars[index]
      let isSign = scalar == "+" || scalar == "-"
      let isExponentSign = isSign && index > start && (scalars[index - 1] == "e" || scalars[index - 1] == "E")
      guard Self.isDigit(scalar) || scalar == "." || scalar == "e" || scalar == "E" || isExponentSign else { break }
      index += 1
    }
    let word = Self.string(scalars[start..<index])
    guard let value = Double(word), value.isFinite else {
      index = start
      throw error("'\(word.excerpt)' is not a number")
    }
    return value
  }

  private mutating func metric() throws(ObjectiveError) -> Metric {
    let start = index
    while index < scalars.count, Self.isLetter(scalars[index]) || Self.isDigit(scalars[index]) { index += 1 }
    let word = Self.string(scalars[start..<index])
    if let metric = MetricExpression.metric(named: word) { return metric }
    index = start
    let names = Metric.ofRuns.map(\.name)
    let aliases = Metric.ofRuns.filter { $0.alias != $0.name }.map(\.alias)
    let nearest = Spelling.nearest(to: word, among: names + aliases)
    let hint = nearest.map { "did you mean '\($0)'?" } ?? "metrics are \(names.joined(separator: ", "))"
    throw error("'\(word.excerpt)' is no metric of runs.csv; \(hint)")
  }

  /// The next scalar that is no space.
  private mutating func peek() -> Unicode.Scalar? {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    return index < scalars.count ? scalars[index] : nil
  }

  private func error(_ message: String) -> ObjectiveError {
    ObjectiveError(subject: subject, text: text, column: index + 1, message: message)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
