import Quantities

/// A table of a page. Scripts make it sortable and searchable (`tables.js`); without them it is as it stands.
struct PageTable: Sendable {
  /// A field.
  struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
    /// What it shows.
    var text: String
    /// What it is sorted by, if that is not what it shows: a number in the unit of its column.
    var value: Double?
    /// Where it leads.
    var link: String?
    /// A small drawing before the text, which the text says in words: markup of the program.
    var drawing = ""

    init(_ text: String, value: Double? = nil, link: String? = nil, drawing: String = "") {
      (self.text, self.value, self.link, self.drawing) = (text, value, link, drawing)
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  /// The most rows that stand in the page's markup. Of a longer table the first ones do, and the scripts get all of them
  /// as data.
  static let most = 100
  /// How many rows of a longer table stand in the markup.
  static let first = 20
  /// The most bytes of the data of a table.
  static let largest = 500_000

  /// Its id, which is unique on the page.
  var id: String
  var caption: String
  var header: [String]
  var rows: [[Cell]]
  /// What its rows are called in their ids, and the columns whose fields follow: `devices-2-17`. `tables.js` gives the
  /// same ids to rows that it makes.
  var anchor: (name: String, columns: [String])?
  /// How many rows there are; those of ``rows`` may be the first of them.
  var total: Int
  /// Whether fields are sentences, which break into lines.
  private(set) var isWrapping = false
  /// The most rows that stand in the markup. The scripts know no drawings, so a table with drawings has more.
  var limit = Self.most
  /// What is said below the table if not all rows are on the page.
  var elsewhere = ""

  init(id: String, caption: String, header: [String], rows: [[Cell]]) {
    (self.id, self.caption, self.header, self.rows) = (id, caption, header, rows)
    total = rows.count
  }

  init(id: String, caption: String, _ table: DataTable) {
    self.init(id: id, caption: caption, header: table.header, rows: table.rows.map { $0.map { Cell($0) } })
  }

  /// Takes a column away.
  mutating func leaveOut(_ column: String) {
    guard let index = header.firstIndex(of: column) else { return }
    header.remove(at: index)
    for row in rows.indices { rows[row].remove(at: index) }
  }

  /// The same table with fields that break into lines.
  func wrapping() -> PageTable {
    var table = self
    table.isWrapping = true
    return table
  }

  /// The rows that stand in the markup.
  var shown: ArraySlice<[Cell]> { rows.count > limit ? rows.prefix(Self.first) : rows[...] }

  /// The id of a row; nil if rows have none. Replication 1 is left out of it, as the one that readers mean.
  func anchor(of row: [Cell]) -> String? {
    anchor.map { anchor in
      let parts = anchor.columns.compactMap { header.firstIndex(of: $0) }.map { row[$0].text }
      return ([anchor.name] + (parts.count > 1 && parts[0] == "1" ? Array(parts.dropFirst()) : parts))
        .joined(separator: "-")
    }
  }

  /// Whether the fields of each column are numbers.
  var isNumeric: [Bool] {
    header.indices.map { column in
      rows.contains { !$0[column].text.isEmpty } && rows.allSatisfy { $0[column].isFigure }
    }
  }
}

extension PageTable.Cell {
  /// Whether it is a number, or empty as a number that is not known.
  fileprivate var isFigure: Bool {
    guard value == nil, let first = text.unicodeScalars.first else { return true }
    // A longer text is a sentence that begins with a number.
    return text.count <= 40 && (("0"..."9").contains(first) || "-−–+≈<".unicodeScalars.contains(first))
  }
}

extension PagePart {
  /// A table that scrolls by itself if it is wider than the page. Numbers are aligned to the right.
  static func table(_ table: PageTable) -> PagePart {
    let isNumeric = table.isNumeric
    let shown = table.shown
    var part = PagePart()
    if shown.count < table.rows.count, let island = table.island { part.islands.append(island) }
    let width = (table.header.count > mostOnPaper ? "wide broad" : "wide") + (table.isWrapping ? " words" : "")
    let attributes =
      "class=\"data\" id=\"\(HTML.escaped(table.id))\""
      + (table.anchor.map { " data-row=\"\($0.name)\" data-key=\"\($0.columns.joined(separator: " "))\"" } ?? "")
      + (part.islands.first.map { " data-rows=\"\(HTML.escaped($0.id))\"" } ?? "")
    part.html = "<div class=\"\(width)\" tabindex=\"0\" role=\"region\" aria-label=\"\(HTML.escaped(table.caption))\">"
    part.html += "<table \(attributes)>\n<caption><span>\(HTML.escaped(table.caption))</span></caption>\n<thead><tr>"
    part.html += table.header.indices.map { column in
      // The names of columns are long, and break where they have a line.
      "<th scope=\"col\"\(isNumeric[column] ? " class=\"n\"" : "")>"
        + HTML.breakable(table.header[column]) + "</th>"
    }.joined()
    part.html += "</tr></thead>\n<tbody>\n"
    for row in shown {
      part.html += table.anchor(of: row).map { "<tr id=\"\(HTML.escaped($0))\">" } ?? "<tr>"
      part.html += zip(row, isNumeric).map(cell).joined() + "</tr>\n"
    }
    part.html += "</tbody></table></div>\n"
    // The scripts take the first note away, but not the second.
    if shown.count < table.rows.count {
      part += .text(
        "The first \(shown.count) of \(HumanUnits.plural(table.rows.count, "row")).",
        part.islands.isEmpty ? .note : .cut)
    }
    if table.rows.count < table.total || shown.count < table.rows.count && part.islands.isEmpty {
      let count = part.islands.isEmpty ? shown.count : table.rows.count
      part += .text(
        "\(HumanUnits.plural(count, "row")) of \(HumanUnits.grouped(Double(table.total), decimals: 0)) are on this page. "
          + table.elsewhere, .note)
    }
    return part
  }

  /// The most columns of a table for which paper has room.
  static let mostOnPaper = 12

  private static func cell(_ cell: PageTable.Cell, isNumeric: Bool) -> String {
    let attributes =
      (isNumeric ? " class=\"n\"" : "") + (cell.value.map { " data-v=\"\(GnuplotScript.number($0))\"" } ?? "")
    let text = cell.link.map { HTML.link(cell.text, to: $0) } ?? (isNumeric ? HTML.escaped : HTML.words)(cell.text)
    return "<td\(attributes)>\(cell.drawing)\(text)</td>"
  }
}

extension PageTable {
  /// All rows for the scripts, column by column; nil if they are too many bytes for a page.
  ///
  /// A column with few different fields is a list of them, and which of them each row has.
  fileprivate var island: PagePart.Island? {
    let columns = header.indices.map { column in Self.json(of: rows.map { $0[column] }) }
    let json = "{\"columns\":[\(columns.joined(separator: ","))]}"
    guard json.utf8.count <= Self.largest else { return nil }
    return PagePart.Island(id: id + "-rows", json: json, kind: "rows")
  }

  private static func json(of cells: [Cell]) -> String {
    var places: [String: Int] = [:]
    var words: [String] = []
    var at: [Int] = []
    for cell in cells {
      if let place = places[cell.text] {
        at.append(place)
      } else {
        guard words.count < fewWords else { return "[\(cells.map { JSONText.field($0.text) }.joined(separator: ","))]" }
        places[cell.text] = words.count
        at.append(words.count)
        words.append(cell.text)
      }
    }
    let list = words.map(JSONText.field).joined(separator: ",")
    return "{\"words\":[\(list)],\"at\":[\(at.map(String.init).joined(separator: ","))]}"
  }

  /// The most different fields of a column of few.
  private static let fewWords = 10
}
