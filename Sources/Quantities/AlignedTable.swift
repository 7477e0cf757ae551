/// Tables for a terminal: columns separated by two spaces, each line indented by two.
package enum AlignedTable {
  /// Columns of text, aligned to the left, without spaces after the last one.
  package static func text(_ rows: [[String]]) -> String {
    lines(rows) { cell, padding, column in
      column == rows[0].count - 1 ? cell : cell + padding
    }
  }

  /// A column of names to the left, and columns of numbers to the right.
  package static func numbers(_ rows: [[String]]) -> String {
    lines(rows) { cell, padding, column in column == 0 ? cell + padding : padding + cell }
  }

  /// The same with a last column of text, to the left.
  package static func numbers(_ rows: [[String]], thenText: Bool) -> String {
    guard thenText, let last = rows.first.map({ $0.count - 1 }), last > 0 else { return numbers(rows) }
    return lines(rows) { cell, padding, column in
      column == last ? cell : column == 0 ? cell + padding : padding + cell
    }
  }

  private static func lines(
    _ rows: [[String]], _ place: (_ cell: String, _ padding: String, _ column: Int) -> String
  ) -> String {
    guard let first = rows.first else { return "" }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        place(cell.0, String(repeating: " ", count: cell.1 - cell.0.count), column)
      }
      return "  " + cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
