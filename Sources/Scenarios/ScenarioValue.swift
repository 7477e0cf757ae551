/// A value of a scenario or a schema for output. Its keys keep their order.
package indirect enum ScenarioValue: Hashable, Sendable {
  /// A number, `true` or `false`, as it is written.
  case literal(String)
  case string(String)
  case list([ScenarioValue])
  case keys([(String, ScenarioValue)])

  package static func == (left: ScenarioValue, right: ScenarioValue) -> Bool { left.json() == right.json() }
  package func hash(into hasher: inout Hasher) { hasher.combine(json()) }

  /// JSON with two spaces of indentation. Lists of plain values stay on one line.
  package func json(indent: String = "") -> String {
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

  /// Whether it is neither a list nor keys.
  package var isPlain: Bool {
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
}
