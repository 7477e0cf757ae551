/// CSV as in RFC 4180, but with `\n` line ends. A field is quoted only if it must be.
package struct CSVBuffer {
  /// The UTF-8 text so far.
  package private(set) var bytes: [UInt8] = []

  /// Nothing yet.
  package init() {}

  /// Appends the names of the columns.
  package mutating func appendHeader<Row>(_ columns: [Column<Row>]) {
    appendLine(columns) { .text($0.name) }
  }

  /// Appends the fields of `row`.
  package mutating func append<Row>(_ row: Row, columns: [Column<Row>]) {
    appendLine(columns) { $0.value(row) }
  }

  /// Appends lines that are written already, each with its line end.
  package mutating func append(lines: [UInt8]) { bytes += lines }

  /// Empties the buffer but keeps its memory.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func appendLine<Row>(_ columns: [Column<Row>], _ field: (Column<Row>) -> Field) {
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(field(column))
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func append(_ field: Field) {
    switch field {
    case .empty: break
    case .text(let text): append(text)
    case .number(let number): number.appendDigits(to: &bytes)
    case .floating(let number): bytes.append(contentsOf: number.description.utf8)
    }
  }

  private mutating func append(_ text: String) {
    let quote = UInt8(ascii: "\"")
    guard text.utf8.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }) else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
