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
    let unit = /([0-9]) (%|[mµn]?s|min|h|d|[KMGT]?i?B|kB|[kMG]bit\/s)(?![A-Za-z0-9])/
    return escaped(text.replacing(unit) { "\($0.1)\u{A0}\($0.2)" })
  }

  /// The same for a field of a table, whose text stays as it is, for it is searched and saved. Names of keys and
  /// columns break after their dots and underscores.
  static func words(_ text: String) -> String {
    // Patterns take long.
    guard text.utf8.contains(where: { " ._".utf8.contains($0) }) else { return escaped(text) }
    let name = /([._])(?=[a-z])/
    let parts = sentence(text).split(separator: " ", omittingEmptySubsequences: false).map { part -> Substring in
      guard part.contains("\u{A0}") else { return part.replacing(name) { "\($0.1)<wbr>" } }
      return "<span class=\"whole\">\(part.replacing("\u{A0}", with: " "))</span>"
    }
    return parts.joined(separator: " ")
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
