import CYAML

/// Writes values as YAML with libyaml. Keys keep their order, and no line is broken.
final class YAMLEmitter {
  /// The emitter keeps pointers to itself.
  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private var bytes: [UInt8] = []

  /// The text of a document; nil if libyaml refuses a value, or has no memory.
  static func text(of value: ScenarioValue) -> String? {
    let emitter = YAMLEmitter()
    return emitter.write(document: value) ? String(decoding: emitter.bytes, as: UTF8.self) : nil
  }

  private init() {
    emitter = .allocate(capacity: 1)
    yaml_emitter_initialize(emitter)
    yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
    yaml_emitter_set_width(emitter, -1)
    yaml_emitter_set_unicode(emitter, 1)
    yaml_emitter_set_output(
      emitter,
      { this, piece, count in
        guard let this, let piece else { return 0 }
        let emitter = Unmanaged<YAMLEmitter>.fromOpaque(this).takeUnretainedValue()
        emitter.bytes.append(contentsOf: UnsafeBufferPointer(start: piece, count: count))
        return 1
      },
      Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  private func write(document: ScenarioValue) -> Bool {
    emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
      && emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
      && write(document)
      && emit { yaml_document_end_event_initialize(&$0, 1) }
      && emit { yaml_stream_end_event_initialize(&$0) }
  }

  /// Lists of plain values stay on one line.
  private func write(_ value: ScenarioValue) -> Bool {
    switch value {
    case .literal(let text): write(text, YAML_PLAIN_SCALAR_STYLE)
    case .string(let text):
      write(text, Self.isSafe(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    case .list(let values):
      emit {
        let style = values.allSatisfy(\.isPlain) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
        return yaml_sequence_start_event_initialize(&$0, nil, nil, 1, style)
      }
        && values.allSatisfy { write($0) }
        && emit { yaml_sequence_end_event_initialize(&$0) }
    case .keys(let keys):
      emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
        && keys.allSatisfy { write($0.0, YAML_PLAIN_SCALAR_STYLE) && write($0.1) }
        && emit { yaml_mapping_end_event_initialize(&$0) }
    }
  }

  private func write(_ text: String, _ style: yaml_scalar_style_t) -> Bool {
    var text = text
    return text.withUTF8 { text in
      emit { yaml_scalar_event_initialize(&$0, nil, nil, text.baseAddress, Int32(text.count), 1, 1, style) }
    }
  }

  /// Makes an event and emits it; the emitter then owns it.
  private func emit(_ initialize: (inout yaml_event_t) -> Int32) -> Bool {
    var event = yaml_event_t()
    return initialize(&event) == 1 && yaml_emitter_emit(emitter, &event) == 1
  }

  /// Whether a text is a word or a quantity that no YAML reader takes for anything else. A manifest has hundreds of values,
  /// and a regular expression is parsed anew for each, so this is none.
  private static func isSafe(_ text: String) -> Bool {
    guard !["yes", "off", "true", "false", "null"].contains(text) else { return false }
    return isWord(text.utf8) || isQuantity(text.utf8)
  }

  private static func isWord(_ text: String.UTF8View) -> Bool {
    guard text.count > 2, let first = text.first, isLower(first) else { return false }
    return text.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  /// A whole number, a blank and a unit, perhaps one of a rate.
  private static func isQuantity(_ text: String.UTF8View) -> Bool {
    let blankAndUnit = text.drop(while: isDigit)
    let unit = blankAndUnit.dropFirst()
    guard blankAndUnit.count < text.count, blankAndUnit.first == UInt8(ascii: " ") else { return false }
    let rest = unit.drop { isLower($0 | 0x20) }
    return rest.count < unit.count && (rest.isEmpty || rest.elementsEqual("/s".utf8))
  }

  private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
