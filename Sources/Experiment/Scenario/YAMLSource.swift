import Foundation
import Yams

/// Reads the text of a scenario into nodes, and says in this program's words what is wrong with it as YAML.
struct YAMLSource {
  /// The most bytes of a scenario file.
  static let largestFile = 32 << 20
  /// The deepest nesting of mappings and sequences; the format needs seven.
  static let deepest = 32
  /// More references than this could stand for more nodes than memory holds; they are refused one by one below it.
  private static let mostAliases = 32

  /// The file's name as messages show it.
  let file: String
  /// The file's text.
  let text: String

  /// Decodes a file's bytes.
  static func decode(_ data: Data, file: String) throws(ScenarioDiagnostic) -> String {
    let whole = SourceOrigin(file: file)
    guard data.count <= largestFile else {
      let limit = Dimension.size.format(UInt64(largestFile))
      throw ScenarioDiagnostic(
        .error,
        whole,
        path: "",
        "the file has \(data.count) bytes; a scenario has at most \(limit)"
      )
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      let valid = String(decoding: data, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
      let line = valid.count { $0 == "\n" } + 1
      let column = valid.reversed().prefix { $0 != "\n" }.count + 1
      let origin = SourceOrigin(file: file, line: line, column: column)
      throw ScenarioDiagnostic(.error, origin, path: "", "the file is not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  /// The root of the only document; nil when the file says nothing.
  func root() throws(ScenarioDiagnostic) -> SourceNode? {
    let text = self.text.unicodeScalars.first == "\u{FEFF}" ? String(self.text.unicodeScalars.dropFirst()) : self.text
    guard text.utf8.count <= YAMLSource.largestFile else {
      throw failure(0, 0, "the text is too long for a scenario")
    }
    guard text.matches(of: #/(?:^|[\s\[{,])\*[A-Za-z0-9_]/#).count <= YAMLSource.mostAliases else {
      throw failure(0, 0, "aliases ('*name') are not supported; write the value out where it is used")
    }
    let parsed: Result<SourceNode?, any Error> = Result {
      // The parser owns the anchors: it has to outlive the walk that looks for them.
      let parser = try Parser(yaml: text, encoding: .utf8)
      return try withExtendedLifetime(parser) { try parser.singleRoot().map { try convert($0, depth: 0) } }
    }
    switch parsed {
    case .success(let node): return node
    case .failure(let error): throw diagnostic(for: error)
    }
  }

  private func failure(_ line: Int, _ column: Int, _ message: String, path: String = "") -> ScenarioDiagnostic {
    ScenarioDiagnostic(.error, SourceOrigin(file: file, line: line, column: column), path: path, message)
  }

  private func origin(_ node: Node) -> SourceOrigin {
    SourceOrigin(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
  }

  private func convert(_ node: Node, depth: Int) throws(ScenarioDiagnostic) -> SourceNode {
    let origin = origin(node)
    if let anchor = node.anchor {
      throw ScenarioDiagnostic(
        .error,
        origin,
        path: "",
        "anchors and aliases ('&\(anchor.rawValue.excerpt)') are not supported; write the value out where it is used"
      )
    }
    guard depth < YAMLSource.deepest else {
      throw ScenarioDiagnostic(.error, origin, path: "", "nested more than \(YAMLSource.deepest) levels deep")
    }
    switch node {
    case .scalar(let scalar):
      let isNull = scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
      return SourceNode(content: .scalar(isNull ? "" : scalar.string), origin: origin)
    case .sequence(let sequence):
      var elements = [SourceNode]()
      for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
      return SourceNode(content: .sequence(elements), origin: origin)
    case .mapping(let mapping):
      var entries = [SourceNode.Entry]()
      for pair in mapping { entries.append(try entry(pair.key, pair.value, depth: depth)) }
      return SourceNode(content: .mapping(entries), origin: origin)
    case .alias:
      throw ScenarioDiagnostic(.error, origin, path: "", "aliases are not supported; write the value out")
    }
  }

  private func entry(_ key: Node, _ value: Node, depth: Int) throws(ScenarioDiagnostic) -> SourceNode.Entry {
    guard let name = key.scalar?.string else {
      throw ScenarioDiagnostic(.error, origin(key), path: "", "a key must be a plain word, not a list or a mapping")
    }
    if name == "<<" {
      throw ScenarioDiagnostic(.error, origin(key), path: "", "merge keys ('<<') are not supported; write the keys out")
    }
    return SourceNode.Entry(key: name, keyOrigin: origin(key), value: try convert(value, depth: depth + 1))
  }
}

// MARK: - Yams' errors

extension YAMLSource {
  private func diagnostic(for error: any Error) -> ScenarioDiagnostic {
    if let diagnostic = error as? ScenarioDiagnostic { return diagnostic }
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      return failure(mark.line, mark.column, "not valid YAML: \(words(problem))\(place(context, mark))")
    case .composer(_, let problem, let mark, _):
      if problem.contains("another document") {
        return failure(mark.line, mark.column, "a second document begins here; a scenario file has one")
      }
      if problem.contains("undefined alias") {
        return failure(
          mark.line,
          mark.column,
          "aliases ('*name') are not supported; put the value in quotes if it is text"
        )
      }
      return failure(mark.line, mark.column, "not valid YAML: \(words(problem))")
    case .reader(let problem, let offset, let value, _): return unreadable(problem, offset: offset, value: value)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return duplicate(duplicates.first ?? "", first: context.mark)
    default: return failure(0, 0, "not valid YAML: \(error)")
    }
  }

  /// libyaml's words, without its habit of calling everything "expected": a tab is the usual culprit.
  private func words(_ problem: String) -> String {
    switch problem {
    case "found character that cannot start any token":
      "this character cannot start a value here (a tab? indent with spaces; quote text that begins with @, ` or %)"
    case "mapping values are not allowed in this context":
      "a ': ' is not allowed here; quote text that contains one, and see the indentation"
    case _ where problem.hasPrefix("Maximum nesting level"): "nested too deeply"
    default: problem
    }
  }

  private func place(_ context: YamlError.Context?, _ mark: Mark) -> String {
    guard let context, context.mark.line != mark.line else { return "" }
    return " (\(context.text) that begins at line \(context.mark.line))"
  }

  private func unreadable(_ problem: String, offset: Int?, value: Int32) -> ScenarioDiagnostic {
    let before = text.prefix(offset ?? 0)
    let line = before.count { $0.isNewline } + 1
    let column = before.reversed().prefix { !$0.isNewline }.count + 1
    let code = String(UInt32(bitPattern: value), radix: 16, uppercase: true)
    return failure(
      offset == nil ? 0 : line,
      column,
      "not valid YAML: \(problem) (U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code))"
    )
  }

  /// Yams marks the first of two equal keys; the second one is where the eye should go.
  private func duplicate(_ key: String, first: Mark) -> ScenarioDiagnostic {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let indent = String(repeating: " ", count: first.column - 1)
    for (index, line) in lines.enumerated().dropFirst(first.line) where line.hasPrefix(indent + key) {
      let rest = line.dropFirst(indent.count + key.count)
      guard rest.first == ":" else { continue }
      return failure(
        index + 1,
        first.column,
        "the key '\(key.excerpt)' is already given on line \(first.line); keep one of the two"
      )
    }
    return failure(first.line, first.column, "the key '\(key.excerpt)' is given twice; keep one of the two")
  }
}
