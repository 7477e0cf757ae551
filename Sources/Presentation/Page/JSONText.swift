import Quantities

/// JSON within a page: no text in it can end the element that it stands in.
enum JSONText {
  /// A string.
  static func string(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": json += "\\\(scalar)"
      case "<": json += "\\u003c"
      case "\n", "\t": json += scalar == "\n" ? "\\n" : "\\t"
      default: json.unicodeScalars.append(scalar.isPrintable ? scalar : "\u{FFFD}")
      }
    }
    return json + "\""
  }

  /// The field of a table: a number if it is one that JavaScript keeps, without the zeros at its end.
  static func field(_ text: String) -> String { number(text).map(String.init) ?? string(text) }

  /// JSON that an encoder wrote.
  static func safe(_ json: String) -> String { json.replacing("<", with: "\\u003c") }

  /// A decimal number as JSON has it; nil of another text, and of more digits than JavaScript keeps.
  private static func number(_ text: String) -> Substring? {
    let bytes = text.utf8
    var digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    let whole = digits.prefix { isDigit($0) }
    guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else { return nil }
    digits = digits.dropFirst(whole.count)
    var end = bytes.endIndex
    if digits.first == UInt8(ascii: ".") {
      let places = digits.dropFirst()
      guard !places.isEmpty, places.allSatisfy(isDigit) else { return nil }
      while bytes[bytes.index(before: end)] == UInt8(ascii: "0") { end = bytes.index(before: end) }
      if bytes[bytes.index(before: end)] == UInt8(ascii: ".") { end = bytes.index(before: end) }
    } else if !digits.isEmpty {
      return nil
    }
    return bytes.distance(from: bytes.startIndex, to: end) <= longest ? text[..<end] : nil
  }

  /// The most characters of a number: its sign, its point, and fifteen digits.
  private static let longest = 16

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
