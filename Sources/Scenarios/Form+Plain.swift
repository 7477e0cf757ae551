import Quantities
import Timebase

/// Numbers and quantities.
extension Form where Value: FixedWidthInteger {
  /// A whole number.
  static func integer(_ range: ClosedRange<Value>) -> Form {
    let bounds = UInt64(range.lowerBound)...UInt64(range.upperBound)
    return Form<UInt64>.number(
      "a whole number", bounds, shown: "\(bounds.lowerBound.grouped) … \(bounds.upperBound.grouped)",
      schema: { ScenarioSchema.integer(bounds) }, parse: { PlainNumber.integer($0) }, write: { .literal(String($0)) },
      say: \.grouped
    ).map({ Value($0) }, from: { UInt64($0) })
  }

  /// A number of blocks, with or without its unit.
  static func blocks(_ range: ClosedRange<Value>) -> Form {
    let bounds = UInt64(range.lowerBound)...UInt64(range.upperBound)
    return Form<UInt64>.number(
      "a number of blocks, like '1000 blocks'", bounds,
      shown: "\(bounds.lowerBound.grouped) … \(bounds.upperBound.grouped)",
      schema: {
        ScenarioSchema.any([
          ScenarioSchema.integer(bounds),
          [("type", .string("string")), ("pattern", .string("^[0-9]+([_ ][0-9]+)*\\s*blocks?$"))],
        ])
      }, parse: { PlainNumber.integer($0.withoutUnit("blocks", "block")) }, write: { .literal(String($0)) },
      say: \.grouped
    ).map({ Value($0) }, from: { UInt64($0) })
  }

  /// Bytes.
  static func size(_ range: ClosedRange<Value>) -> Form { quantity(.size, range) }

  /// Bits per second.
  static func rate(_ range: ClosedRange<Value>) -> Form { quantity(.rate, range) }

  private static func quantity(_ dimension: Quantity, _ range: ClosedRange<Value>) -> Form {
    Form<UInt64>.baseUnits(dimension, UInt64(range.lowerBound)...UInt64(range.upperBound)).map(
      { Value($0) }, from: { UInt64($0) })
  }
}

extension String {
  /// A number without its unit, if it has one of these.
  fileprivate func withoutUnit(_ units: String...) -> String {
    let text = trimmed
    return units.first(where: text.hasSuffix).map { String(text.dropLast($0.count)).trimmed } ?? text
  }
}

extension Form where Value == Nanoseconds {
  /// A time of at most a year. With `saysRange` a message about a wrong text also names the range.
  static func time(from least: Nanoseconds = .zero, saysRange: Bool = true) -> Form {
    Form<UInt64>.baseUnits(.time, UInt64(least.count)...ScenarioKeys.longestTime, saysRange: saysRange).map(
      { Nanoseconds(Int64($0)) }, from: { UInt64(clamping: $0.count) })
  }
}

extension Form where Value == UInt64 {
  /// A number with a unit, in base units.
  fileprivate static func baseUnits(_ dimension: Quantity, _ range: ClosedRange<UInt64>, saysRange: Bool = true) -> Form
  {
    number(
      "\(dimension.name), like '\(dimension.example)'", range,
      shown: "\(dimension.format(range.lowerBound)) … \(dimension.format(range.upperBound))", saysRange: saysRange,
      schema: { ScenarioSchema.reference(dimension) }, parse: { dimension.parse($0) },
      write: { .string(dimension.format($0)) }, say: { dimension.spoken($0) })
  }

  /// A number in a range, with or without a unit.
  static func number(
    _ expectation: String, _ range: ClosedRange<UInt64>, shown: String, saysRange: Bool = true,
    schema: @escaping @Sendable () -> ScenarioSchema.Keys,
    parse: @escaping @Sendable (String) -> Result<UInt64, QuantityError>,
    write: @escaping @Sendable (UInt64) -> ScenarioValue, say: @escaping @Sendable (UInt64) -> String
  ) -> Form {
    Form(
      description: FormDescription(expectation: expectation, range: shown, schema: schema),
      read: { node, place in
        guard let text = node.scalar else { return place.mismatch(node, expected: expectation) }
        guard let value = place.unwrap(parse(text), node, allowed: saysRange ? shown : nil) else { return nil }
        guard range.contains(value) else {
          return place.refuse(node, "\(node.found) is out of range; allowed: \(shown)")
        }
        return value
      }, write: write, say: say)
  }
}

extension Quantity {
  /// A value as a person writes it: `6.5 s`, `24 h`.
  fileprivate func spoken(_ value: UInt64) -> String {
    // A reader expects 24 h for a day, and a point for half a second.
    let fitting = units.filter { $0.name != "d" && value >= $0.factor && (value * 10).isMultiple(of: $0.factor) }
    guard self == .time, let unit = fitting.max(by: { $0.factor < $1.factor }) else { return format(value) }
    let tenths = value * 10 / unit.factor
    return tenths.isMultiple(of: 10) ? "\(tenths / 10) \(unit.name)" : "\(tenths / 10).\(tenths % 10) \(unit.name)"
  }
}

/// Words.
extension Form {
  /// One of several words, each for a value.
  ///
  /// - Parameter meant: the right words for wrong ones whose nearest spelling would be another; by the wrong ones, in
  ///   lower case.
  static func words(
    _ words: [(word: String, value: Value)], meant: [String: String] = [:]
  ) -> Form where Value: Equatable {
    let names = words.map(\.word)
    let listed = names.joined(separator: ", ")
    // Editors take a word of digits for a number.
    let written = { @Sendable (word: String) in
      UInt64(word) == nil ? ScenarioValue.string(word) : ScenarioValue.literal(word)
    }
    let say = { @Sendable (value: Value) in words.first { $0.value == value }?.word }
    return Form(
      description: FormDescription(
        expectation: "one of: \(listed)",
        schema: {
          let choices = names.flatMap { UInt64($0) == nil ? [written($0)] : [written($0), .string($0)] }
          return [("enum", .list(choices))]
        }),
      read: { node, place in
        if let word = words.first(where: { $0.word == node.scalar }) { return word.value }
        return place.refuse(
          node, "\(node.found) is not allowed; allowed: \(listed)",
          suggestion: node.scalar.flatMap { meant[$0.lowercased()] ?? Spelling.nearest(to: $0, among: names) })
      }, write: { say($0).map(written) }, say: say)
  }

  /// One of the cases of an enumeration, by its raw value.
  static func choice() -> Form where Value: CaseIterable & RawRepresentable & Equatable, Value.RawValue == String {
    words(Value.allCases.map { ($0.rawValue, $0) })
  }
}

extension Form where Value == Bool {
  /// `on` or `off`. `true` and `false` mean the same: readers of YAML 1.1, as editors and scripts have them, take the words
  /// for booleans, and write them back as such.
  static var onOff: Form {
    var form = words([("on", true), ("off", false)], meant: ["yes": "on", "no": "off"])
    let readWord = form.read
    form.read = { node, place in
      switch node.scalar {
      case "true": true
      case "false": false
      default: readWord(node, place)
      }
    }
    form.description.expectation = "one of: on, off (true and false mean the same)"
    form.description.schema = {
      [("enum", .list([.string("on"), .string("off"), .literal("true"), .literal("false")]))]
    }
    return form
  }

  /// `true` or `false`.
  static var flag: Form {
    Form(
      description: FormDescription(expectation: "true or false", schema: { [("type", .string("boolean"))] }),
      read: { node, place in
        switch node.scalar {
        case "true": return true
        case "false": return false
        default:
          let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][node.scalar?.lowercased() ?? ""]
          return place.refuse(node, "\(node.found) is neither true nor false", suggestion: meant)
        }
      }, write: { .literal($0 ? "true" : "false") }, say: { $0 ? "true" : "false" })
  }
}

extension Form where Value == String {
  /// Text of several lines.
  static func text(longest: Int) -> Form {
    plain(
      "text", longest: longest, lines: true,
      schema: { [("type", .string("string")), ("maxLength", .literal(String(longest)))] })
  }

  /// Text on one line.
  static func name(longest: Int) -> Form {
    plain("text on one line", longest: longest, lines: false) {
      [
        ("type", .list([.string("string"), .string("number")])), ("minLength", .literal("1")),
        ("maxLength", .literal(String(longest))), ("pattern", .string("^\\s*[^\\s=+@-]")),
      ]
    }
  }

  /// Text of at most `longest` characters, without control characters (except line ends, if it may have several lines).
  private static func plain(
    _ expectation: String, longest: Int, lines: Bool, schema: @escaping @Sendable () -> ScenarioSchema.Keys
  ) -> Form {
    Form(
      description: FormDescription(expectation: expectation, schema: schema, takesEmpty: true),
      read: { node, place in
        guard let text = node.scalar else { return place.mismatch(node, expected: expectation) }
        let control = text.unicodeScalars.contains {
          $0.properties.generalCategory == .control && !(lines && ($0 == "\n" || $0 == "\t"))
        }
        if control {
          place.error(
            node.origin, "\(node.found) has a control character; write plain text\(lines ? "" : " on one line")")
        }
        let count = text.unicodeScalars.count
        if count > longest { place.error(node.origin, "has \(count) characters; allowed: at most \(longest)") }
        if text.trimmed.isEmpty, !lines { place.error(node.origin, "has no value; give a name or remove the key") }
        return text
      },
      // An empty text is left open.
      write: { $0.isEmpty ? nil : .string($0) })
  }
}
