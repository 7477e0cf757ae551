import Quantities

/// A whole CSV file, with its fields as text. ``CSVReader`` reads files that are too large for that.
package struct CSVTable: Sendable {
  /// The file.
  package let path: String
  /// The names of the columns.
  package let header: [String]
  /// The rows, each with as many fields as the header.
  package private(set) var rows: [[String]] = []
  /// The line that each row begins on, from 1.
  private var lines: [Int] = []

  /// Reads a file.
  package init(contentsOf path: String) throws(CSVError) {
    try self.init(CSVReader(contentsOf: path)) { _ in true }
  }

  /// Reads the rows that are wanted.
  package init(_ reader: consuming CSVReader, where isWanted: ([String]) -> Bool) throws(CSVError) {
    path = reader.path
    header = reader.header
    while let (line, fields) = try reader.next() {
      guard isWanted(fields) else { continue }
      rows.append(fields)
      lines.append(line)
    }
  }

  /// The line that a row begins on, from 1.
  package func line(ofRow row: Int) -> Int { lines[row] }

  /// The position of a column.
  package func column(_ name: String) throws(CSVError) -> Int {
    try Self.column(name, in: header, of: path)
  }

  /// The position of a column in a header.
  package static func column(_ name: String, in header: [String], of path: String) throws(CSVError) -> Int {
    if let index = header.firstIndex(of: name) { return index }
    let nearest = Spelling.nearest(to: name, among: header).map { "; is it called '\($0)'?" } ?? ""
    throw CSVError(path: path, line: 1, column: name, "the column is missing\(nearest)")
  }

  /// The number in a field; nil if the field is empty.
  package func number(_ row: Int, _ column: Int) throws(CSVError) -> Double? {
    let field = rows[row][column]
    if field.isEmpty { return nil }
    guard let number = Self.number(field) else {
      throw CSVError(path: path, line: lines[row], column: header[column], "'\(field.excerpt)' is not a number")
    }
    return number
  }

  /// A decimal number as in results: digits, and perhaps a sign, a point or an exponent.
  package static func number(_ field: String) -> Double? { Double.decimal(field) }
}
