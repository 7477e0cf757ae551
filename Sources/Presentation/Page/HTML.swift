import Quantities

/// HTML, made safely: everything except the program's own markup is escaped.
enum HTML {
  /// Text as it stands in an element or an attribute.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default:
        escaped.unicodeScalars.append(scalar.isPrintable ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }

  /// The same for sentences: no line ends between a number and its unit.
  static func sentence(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var joined: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isAfterDigit = byte == UInt8(ascii: " ") && index > 0 && (48...57).contains(bytes[index - 1])
      if isAfterDigit, beginWithUnit(bytes[(index + 1)...]) { joined += "\u{A0}".utf8 } else { joined.append(byte) }
    }
    return escaped(String(decoding: joined, as: UTF8.self))
  }

  private static let units = [
    "%", "s", "ms", "µs", "ns", "min", "h", "d", "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB",
    "kbit/s", "Mbit/s", "Gbit/s",
  ].map { Array($0.utf8) }

  private static func beginWithUnit(_ text: ArraySlice<UInt8>) -> Bool {
    units.contains { unit in
      guard text.starts(with: unit) else { return false }
      switch text.dropFirst(unit.count).first ?? UInt8(ascii: " ") {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        return false
      default: return true
      }
    }
  }

  /// The same for a field of a table, whose text stays as it is, for it is searched and saved. Names of keys and
  /// columns break after their dots and underscores.
  static func words(_ text: String) -> String {
    let parts = sentence(text).split(separator: " ", omittingEmptySubsequences: false).map { part -> String in
      guard part.contains("\u{A0}") else { return breakingNames(part) }
      return "<span class=\"whole\">\(part.replacing("\u{A0}", with: " "))</span>"
    }
    return parts.joined(separator: " ")
  }

  private static func breakingNames(_ text: Substring) -> String {
    var (broken, last): (String, Unicode.Scalar) = ("", " ")
    for scalar in text.unicodeScalars {
      if last == "." || last == "_", ("a"..."z").contains(scalar) { broken += "<wbr>" }
      broken.unicodeScalars.append(scalar)
      last = scalar
    }
    return broken
  }

  /// An element with text in it.
  static func element(_ name: String, _ text: String, _ attributes: String = "") -> String {
    "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(text))</\(name)>"
  }

  /// A link.
  static func link(_ text: String, to target: String) -> String { element("a", text, "href=\"\(escaped(target))\"") }

  /// Text whose names of keys and columns break after their dots and underscores.
  static func breakable(_ text: String) -> String {
    escaped(text).replacing("_", with: "_<wbr>").replacing(".", with: ".<wbr>")
  }
}
