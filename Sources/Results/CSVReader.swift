import Quantities

/// Reads a CSV file row by row: RFC 4180, UTF-8, with a header; lines end with `\n` or `\r\n`.
///
/// A file is read in pieces, so that a large one takes no more memory than a small one.
package struct CSVReader {
  /// The file.
  package let path: String
  /// The names of the columns, none of them twice.
  package private(set) var header: [String] = []
  /// A part of the text, at least from the beginning of the next record on.
  private var bytes: [UInt8]
  private var position = 0
  /// Where the text goes on behind the part; nil if nothing is left.
  private var rest: (file: InputFile, offset: UInt64)?
  private let piece: Int
  private var line = 1

  /// Opens a file and reads its header.
  package init(contentsOf path: String) throws(CSVError) {
    let file: InputFile
    do { file = try InputFile(path) } catch { throw CSVError(unreadable: path, error) }
    try self.init(file)
  }

  /// Reads the header of a file that is open.
  ///
  /// - Parameter piece: how many bytes are read at a time, at least.
  package init(_ file: InputFile, piece: Int = InputFile.piece) throws(CSVError) {
    path = file.path
    self.piece = max(piece, 3)  // as many as a mark of the byte order has
    bytes = []
    rest = (file, 0)
    try extend()
    try readHeader()
  }

  /// Reads text in memory; messages name it `path`.
  package init(path: String, bytes: [UInt8]) throws(CSVError) {
    self.path = path
    self.bytes = bytes
    piece = 0
    try readHeader()
  }

  private mutating func readHeader() throws(CSVError) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    guard let header = try record() else {
      throw CSVError(path: path, line: 1, "the file is empty; a line with the names of the columns is expected")
    }
    var seen: Set<String> = []
    for name in header where !seen.insert(name).inserted {
      throw CSVError(path: path, line: 1, column: name.excerpt, "the column stands there twice")
    }
    self.header = header
  }

  /// The next row, with the line on which it begins; nil after the last one.
  package mutating func next() throws(CSVError) -> (line: Int, fields: [String])? {
    let start = line
    guard let fields = try record() else { return nil }
    guard fields.count == header.count else {
      let found = fields.count == 1 ? "1 field" : "\(fields.count) fields"
      throw CSVError(path: path, line: start, "the row has \(found), the header \(header.count)")
    }
    return (start, fields)
  }
}

extension CSVReader {
  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The fields up to the end of a line that is not within quotes.
  private mutating func record() throws(CSVError) -> [String]? {
    while true {
      let start = (position, line)
      do throws(CSVError) {
        let fields = try recordOfPart()
        guard rest != nil, position == bytes.count else { return fields }
      } catch {
        // What is wrong at the end of a part may be right with what follows.
        guard rest != nil, position >= bytes.count - 1 else { throw error }
      }
      (position, line) = start
      try extend()
    }
  }

  /// Adds the next piece of the file to the part, and takes the records away that are read. A record that does not end in
  /// it makes the next piece as large as the part, so that long records are not read over and over.
  private mutating func extend() throws(CSVError) {
    guard let (file, offset) = rest else { return }
    bytes.removeFirst(position)
    position = 0
    let more: [UInt8]
    do { more = try file.read(at: offset, count: max(piece, bytes.count)) } catch {
      throw CSVError(unreadable: path, error)
    }
    bytes += more
    let end = offset + UInt64(more.count)
    rest = more.isEmpty || end >= file.size ? nil : (file, end)
  }

  /// The same, as far as the part goes.
  private mutating func recordOfPart() throws(CSVError) -> [String]? {
    guard position < bytes.count else { return nil }
    var fields: [String] = []
    fields.reserveCapacity(header.count)
    while true {
      let isQuoted = position < bytes.count && bytes[position] == Self.quote
      fields.append(isQuoted ? try quotedField() : try plainField())
      guard position < bytes.count else { return fields }
      let end = bytes[position]
      position += end == Self.carriageReturn ? 2 : 1
      if end != Self.comma {
        line += 1
        return fields
      }
    }
  }

  /// A field without quotes, up to its end.
  private mutating func plainField() throws(CSVError) -> String {
    let start = position
    while position < bytes.count, bytes[position] != Self.comma, !isAtLineEnd {
      guard bytes[position] != Self.quote else {
        throw CSVError(path: path, line: line, "a quote within a field that does not begin with one")
      }
      guard bytes[position] != Self.carriageReturn else {
        throw CSVError(path: path, line: line, "a carriage return that no line feed follows")
      }
      position += 1
    }
    return try text(bytes[start..<position])
  }

  /// A field within quotes, in which two quotes stand for one.
  private mutating func quotedField() throws(CSVError) -> String {
    let opened = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else {
          guard position == bytes.count || bytes[position] == Self.comma || isAtLineEnd else {
            throw CSVError(path: path, line: line, "text after the quote that ends a field")
          }
          return try text(content[...])
        }
        position += 1
      } else if byte == Self.lineFeed {
        line += 1
      }
      content.append(byte)
    }
    throw CSVError(path: path, line: opened, "a quote that is not closed")
  }

  private var isAtLineEnd: Bool {
    bytes[position] == Self.lineFeed
      || bytes[position] == Self.carriageReturn && position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed
  }

  private func text(_ field: ArraySlice<UInt8>) throws(CSVError) -> String {
    guard let text = String(validating: field, as: UTF8.self) else {
      throw CSVError(path: path, line: line, "a field that is not UTF-8 text")
    }
    return text
  }
}
