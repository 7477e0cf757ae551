import CYAML

/// Reads a YAML text as an editor does that knows nothing of scenarios: by libyaml alone, and by the types of YAML 1.1.
struct PlainYAML: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// What libyaml says of a text that is no YAML.
  struct Failure: Error { let problem: String }

  /// The value of the only document: text, numbers, `true` and `false`, lists and dictionaries.
  static func value(of text: String) throws -> Any {
    var text = text
    return try text.withUTF8 { text in
      let reader = PlainYAML()
      yaml_parser_set_input_string(reader.parser, text.baseAddress, text.count)
      return try reader.document()
    }
  }

  private init() {
    parser = .allocate(capacity: 1)
    yaml_parser_initialize(parser)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private enum Node {
    case value(Any)
    case end
  }

  private func document() throws -> Any {
    guard case .value(let value) = try node() else { throw Failure(problem: "no value") }
    return value
  }

  /// The next value, or the end of what it would stand in.
  private func node() throws -> Node {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      throw Failure(problem: parser.pointee.problem.map { String(cString: $0) } ?? "no memory")
    }
    defer { yaml_event_delete(&event) }
    switch event.type {
    case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: return try node()
    case YAML_STREAM_END_EVENT: throw Failure(problem: "no document")
    case YAML_SCALAR_EVENT:
      let text = String(cString: event.data.scalar.value)
      return .value(event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? Self.plain(text) : text)
    case YAML_SEQUENCE_START_EVENT: return .value(try values())
    case YAML_MAPPING_START_EVENT:
      let values = try values()
      let pairs = stride(from: 0, to: values.count, by: 2).map { ("\(values[$0])", values[$0 + 1]) }
      return .value(Dictionary(uniqueKeysWithValues: pairs))
    default: return .end
    }
  }

  private func values() throws -> [Any] {
    var values: [Any] = []
    while case .value(let value) = try node() { values.append(value) }
    return values
  }

  /// What a scalar without quotes is.
  private static func plain(_ text: String) -> Any {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    case "", "~", "null": [Int]?.none as Any
    default: number(text) ?? text
    }
  }

  private static func number(_ text: String) -> Any? {
    guard let first = text.utf8.first, "+-0123456789".utf8.contains(first) else { return nil }
    guard text.wholeMatch(of: #/[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/#) != nil else { return nil }
    return Int(text) ?? Double(text)
  }
}
