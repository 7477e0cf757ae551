import Quantities

extension String {
  /// A field of CSV without white space and quotes around it (RFC 4180). It has no comma and no line's end within.
  package var unquoted: String {
    let text = trimmed
    guard text.utf8.first == UInt8(ascii: "\""), text.utf8.last == UInt8(ascii: "\""), text.utf8.count > 1 else {
      return text
    }
    return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"").trimmed
  }
}
