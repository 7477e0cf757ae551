import CYAML

/// An error of libyaml, in this program's words.
struct YAMLProblem {
  private let parser: yaml_parser_t

  /// The problem that a parser has found.
  init(_ parser: yaml_parser_t) { self.parser = parser }

  func diagnostic(file: String, text: UnsafeBufferPointer<UInt8>) -> ScenarioDiagnostic {
    let problem = parser.problem.map { String(cString: $0) } ?? "it takes more memory than there is"
    if parser.error == YAML_READER_ERROR {
      let code = String(UInt32(bitPattern: parser.problem_value), radix: 16, uppercase: true)
      let origin = SourceOrigin(file: file, after: text.prefix(parser.problem_offset))
      let padding = String(repeating: "0", count: max(0, 4 - code.count))
      return ScenarioDiagnostic(.error, origin, path: "", "not valid YAML: \(problem) (U+\(padding)\(code))")
    }
    let mark = parser.problem_mark
    let origin = SourceOrigin(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    return ScenarioDiagnostic(.error, origin, path: "", "not valid YAML: \(words(problem))\(context)")
  }

  /// libyaml's words, without its habit of calling everything "expected". A tab is the usual cause.
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

  private var context: String {
    guard let context = parser.context, parser.context_mark.line != parser.problem_mark.line else { return "" }
    return " (\(String(cString: context)) that begins at line \(parser.context_mark.line + 1))"
  }
}

extension SourceOrigin {
  /// The position after some bytes of a file.
  package init(file: String, after bytes: some Collection<UInt8>) {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let column = scalars.reversed().prefix { $0 != "\n" }.count + 1
    self.init(file: file, line: scalars.count { $0 == "\n" } + 1, column: column)
  }
}
