import FoundationEssentials
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

  /// The field of a table: a whole number as such, and all else as its text, so that no digit gets lost.
  static func field(_ text: String) -> String { isWhole(text) ? text : string(text) }

  /// A value; nil if it has a number that JSON cannot say.
  static func encoded(_ value: some Encodable) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { safe(String(decoding: $0, as: UTF8.self)) }
  }

  /// JSON that an encoder wrote.
  static func safe(_ json: String) -> String { json.replacing("<", with: "\\u003c") }

  /// Whether it is a whole number as JSON has it, of no more digits than JavaScript keeps.
  private static func isWhole(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, digits.count <= 15 else { return false }
    return digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (first != UInt8(ascii: "0") || text == "0")
  }
}
