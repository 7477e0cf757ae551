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

  /// An element with text in it.
  static func element(_ name: String, _ text: String, _ attributes: String = "") -> String {
    "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(text))</\(name)>"
  }

  /// A table that scrolls by itself if it is wider than the page. Numbers are aligned to the right.
  static func table(_ table: DataTable, caption: String, limit: Int = .max) -> String {
    let shown = table.rows.prefix(limit)
    let isNumeric = table.header.indices.map { column in
      shown.contains { !$0[column].isEmpty } && shown.allSatisfy { isFigure($0[column]) }
    }
    func cell(_ element: String, _ text: String, _ column: Int) -> String {
      self.element(element, text, isNumeric[column] ? "class=\"n\"" : "")
    }
    let width = table.header.count > mostOnPaper ? "wide broad" : "wide"
    var html = "<div class=\"\(width)\" tabindex=\"0\" role=\"region\" aria-label=\"\(escaped(caption))\"><table>\n"
    html += "<caption>\(escaped(caption))</caption>\n<thead><tr>"
    html +=
      table.header.indices.map { column in
        self.element("th", table.header[column], "scope=\"col\"" + (isNumeric[column] ? " class=\"n\"" : ""))
      }.joined() + "</tr></thead>\n<tbody>\n"
    for row in shown {
      html += "<tr>" + row.indices.map { cell("td", row[$0], $0) }.joined() + "</tr>\n"
    }
    html += "</tbody></table></div>\n"
    if table.rows.count > limit {
      html += element("p", "The first \(limit) of \(table.rows.count) rows.", "class=\"note\"") + "\n"
    }
    return html
  }

  /// The most columns of a table for which paper has room.
  private static let mostOnPaper = 12

  private static func isFigure(_ text: String) -> Bool {
    text.isEmpty || text.first.map { $0.isNumber || "-–+".contains($0) } ?? true
  }

  /// A link that contains the file itself.
  static func download(_ text: String, as name: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isPlain || "-_.,".utf8.contains(byte) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return "<a download=\"\(escaped(name))\" href=\"data:text/csv;charset=utf-8,\(encoded)\">\(escaped(name))</a>"
  }
}
