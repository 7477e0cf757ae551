import Yams

/// A value of a scenario or a schema that is written out: its keys keep their order.
indirect enum ScenarioValue: Hashable {
  /// A number or `true` and `false`, as it stands.
  case literal(String)
  case string(String)
  case list([ScenarioValue])
  case keys([(String, ScenarioValue)])

  static func == (left: ScenarioValue, right: ScenarioValue) -> Bool { left.json() == right.json() }
  func hash(into hasher: inout Hasher) { hasher.combine(json()) }

  /// JSON with two spaces of indentation; lists of plain values stay on one line.
  func json(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .literal(let text): return text
    case .string(let text): return ScenarioValue.quoted(text)
    case .list(let values) where values.allSatisfy(\.isPlain):
      return "[" + values.map { $0.json() }.joined(separator: ", ") + "]"
    case .list(let values):
      return "[\n" + values.map { inner + $0.json(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .keys(let keys) where keys.isEmpty: return "{}"
    case .keys(let keys):
      let lines = keys.map { "\(inner)\(ScenarioValue.quoted($0.0)): \($0.1.json(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .literal, .string: true
    case .list, .keys: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The same as a node of Yams; what is long and plain stays on one line.
  var node: Node {
    switch self {
    case .literal(let text): Node(text)
    case .string(let text): Node(text, Tag(.str), ScenarioValue.isSafe(text) ? .plain : .doubleQuoted)
    case .list(let values): Node(values.map(\.node), .implicit, values.allSatisfy(\.isPlain) ? .flow : .block)
    case .keys(let keys): Node(keys.map { (Node($0.0), $0.1.node) }, .implicit, .block)
    }
  }

  /// Whether a text is a word or a quantity that no YAML reader takes for something else.
  private static func isSafe(_ text: String) -> Bool {
    text.wholeMatch(of: #/[0-9]+ (?:[A-Za-z]+(?:\/s)?)|[a-z][a-z0-9_-]{2,}/#) != nil
      && !["yes", "off", "true", "false", "null"].contains(text)
  }
}
