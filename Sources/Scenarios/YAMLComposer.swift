import CYAML
import Quantities

/// Makes nodes from libyaml's events, one after the other. Features that this format does not have are refused at their
/// position.
///
/// There are no aliases: a few hundred bytes of them can keep a composer busy for ever.
final class YAMLComposer {
  private let file: String
  /// The parser keeps a pointer to itself.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var nodes = 0

  /// The parts of one event that matter here.
  private enum Event {
    case scalar(String)
    case sequence
    case mapping
    /// The end of a sequence, a mapping or a document, or of all of them.
    case end, endOfStream
    case document
  }

  /// The root of the only document of a text in UTF-8; nil if it is empty.
  static func root(of text: UnsafeBufferPointer<UInt8>, file: String) throws(ScenarioDiagnostic) -> SourceNode? {
    let composer = YAMLComposer(file: file)
    yaml_parser_set_input_string(composer.parser, text.baseAddress, text.count)
    return try composer.document(text)
  }

  private init(file: String) {
    self.file = file
    parser = .allocate(capacity: 1)
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private func document(_ text: UnsafeBufferPointer<UInt8>) throws(ScenarioDiagnostic) -> SourceNode? {
    do throws(Failure) {
      guard case (.document, _) = try next() else { return nil }
      let (event, origin) = try next()
      let root = try node(event, origin, depth: 0)
      _ = try next()
      let (after, place) = try next()
      guard case .document = after else { return root }
      throw refusal(place, "a second document begins here; a scenario file has one")
    } catch {
      switch error {
      case .syntax: throw YAMLProblem(parser.pointee).diagnostic(file: file, text: text)
      case .unsupported(let diagnostic): throw diagnostic
      }
    }
  }

  // MARK: - Nodes

  /// Why there is no tree.
  private enum Failure: Error {
    case syntax
    case unsupported(ScenarioDiagnostic)
  }

  private func refusal(_ origin: SourceOrigin, _ message: String) -> Failure {
    .unsupported(ScenarioDiagnostic(.error, origin, path: "", message))
  }

  private func node(_ event: Event, _ origin: SourceOrigin, depth: Int) throws(Failure) -> SourceNode {
    guard depth < YAMLSource.deepest else {
      throw refusal(origin, "nested more than \(YAMLSource.deepest) levels deep")
    }
    nodes += 1
    guard nodes <= YAMLSource.mostNodes else {
      throw refusal(origin, "more than \(UInt64(YAMLSource.mostNodes).grouped) values are too many for a scenario")
    }
    switch event {
    case .scalar(let text): return SourceNode(content: .scalar(text), origin: origin)
    case .sequence: return SourceNode(content: .sequence(try elements(depth: depth + 1)), origin: origin)
    default: return SourceNode(content: .mapping(try entries(depth: depth + 1)), origin: origin)
    }
  }

  private func elements(depth: Int) throws(Failure) -> [SourceNode] {
    var elements = [SourceNode]()
    while true {
      let (event, origin) = try next()
      if case .end = event { return elements }
      elements.append(try node(event, origin, depth: depth))
    }
  }

  private func entries(depth: Int) throws(Failure) -> [SourceNode.Entry] {
    var entries = [SourceNode.Entry]()
    var lines = [String: Int]()
    while true {
      let (event, origin) = try next(isKey: true)
      if case .end = event { return entries }
      guard case .scalar(let name) = event else {
        throw refusal(origin, "a key must be a plain word, not a list or a mapping")
      }
      guard name != "<<" else {
        throw refusal(origin, "merge keys ('<<') are not supported; write the keys out")
      }
      if let line = lines.updateValue(origin.line, forKey: name) {
        throw refusal(origin, "the key '\(name.excerpt)' is already given on line \(line); keep one of the two")
      }
      let (value, place) = try next()
      entries.append(SourceNode.Entry(key: name, keyOrigin: origin, value: try node(value, place, depth: depth)))
      try refuseDecimalComma(in: entries.suffix(2))
    }
  }

  /// In `{p: 0,01}` a key `01` without a value follows after `p: 0`.
  private func refuseDecimalComma(in entries: ArraySlice<SourceNode.Entry>) throws(Failure) {
    guard entries.count == 2, let before = entries.first?.value, let after = entries.last,
      let whole = before.scalar, let first = after.key.unicodeScalars.first, ("0"..."9").contains(first),
      after.value.scalar == "", before.origin.line == after.keyOrigin.line,
      before.origin.column + whole.unicodeScalars.count + 1 == after.keyOrigin.column,
      DecimalLiteral.prefix(of: whole)?.rest == ""
    else { return }
    throw refusal(
      before.origin,
      "'\(whole.excerpt),\(after.key.excerpt)' has a comma, which ends a value here; write decimals with a point, like"
        + " '\(whole.excerpt).\(after.key.excerpt)'"
    )
  }

  // MARK: - Events

  /// The next event with content, and its position.
  private func next(isKey: Bool = false) throws(Failure) -> (event: Event, origin: SourceOrigin) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw .syntax }
    defer { yaml_event_delete(&event) }
    let origin = SourceOrigin(
      file: file, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    let data = event.data
    switch event.type {
    case YAML_SCALAR_EVENT:
      try refuse(anchor: data.scalar.anchor, tag: data.scalar.tag, origin)
      let text = String(
        decoding: UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length), as: UTF8.self)
      let isNull =
        !isKey && data.scalar.style == YAML_PLAIN_SCALAR_STYLE && ["~", "null", "Null", "NULL"].contains(text)
      return (.scalar(isNull ? "" : text), origin)
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: data.sequence_start.anchor, tag: data.sequence_start.tag, origin)
      return (.sequence, origin)
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: data.mapping_start.anchor, tag: data.mapping_start.tag, origin)
      return (.mapping, origin)
    case YAML_ALIAS_EVENT:
      let name = String(cString: data.alias.anchor)
      throw refusal(
        origin,
        "aliases ('*\(name.excerpt)') are not supported; write the value out where it is used, or quote it if it is text"
      )
    case YAML_DOCUMENT_START_EVENT: return (.document, origin)
    case YAML_STREAM_START_EVENT: return try next()
    case YAML_STREAM_END_EVENT: return (.endOfStream, origin)
    default: return (.end, origin)
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<yaml_char_t>?,
    tag: UnsafeMutablePointer<yaml_char_t>?,
    _ origin: SourceOrigin
  ) throws(Failure) {
    if let anchor {
      throw refusal(
        origin,
        "anchors and aliases ('&\(String(cString: anchor).excerpt)') are not supported; write the value out where it is"
          + " used"
      )
    }
    if let tag {
      let name = String(cString: tag)
      let core = "tag:yaml.org,2002:"
      let written = name.hasPrefix(core) ? "!!\(name.dropFirst(core.count))" : name
      throw refusal(
        origin, "tags ('\(written.excerpt)') are not supported; write the value itself, or quote it if it is text")
    }
  }
}
