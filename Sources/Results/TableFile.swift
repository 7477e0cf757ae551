/// The file of a table. Rows are added one by one, and the memory does not grow.
package final class TableFile<Row> {
  /// Bytes that are gathered before they are written.
  private static var chunk: Int { 1 << 16 }

  private let table: Table<Row>
  private let file: OutputFile
  private var buffer = CSVBuffer()
  private var rows: UInt64 = 0

  /// Creates the file and writes the header.
  package init(_ table: Table<Row>, in directory: ResultsDirectory) throws {
    self.table = table
    file = try directory.create(table.file)
    buffer.appendHeader(table.columns)
  }

  /// Appends a row.
  package func append(_ row: Row) throws {
    buffer.append(row, columns: table.columns)
    rows += 1
    if buffer.bytes.count >= Self.chunk { try flush() }
  }

  /// Appends rows in the form of the file, each with its line end.
  package func append(_ lines: Lines) throws {
    try lines.forEachPiece { piece in
      rows += UInt64(piece.count { $0 == UInt8(ascii: "\n") })
      buffer.append(lines: piece)
      if buffer.bytes.count >= Self.chunk { try flush() }
    }
  }

  /// Writes what is still in memory, and returns the file's entry for the manifest.
  package func close() throws -> Manifest.File {
    try flush()
    return Manifest.File(name: table.file.rawValue, rows: rows, sha256: try file.close())
  }

  private func flush() throws {
    guard !buffer.bytes.isEmpty else { return }
    try file.append(buffer.bytes)
    buffer.removeAll()
  }
}
