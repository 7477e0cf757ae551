/// How a journal is written: a line with the length and the digest of the design, the design, and the records.
///
/// A record is a line (the word `record`, the key, length and SHA-256 of each part, and the SHA-256 of the line up to here)
/// with the bytes of its parts after it.
enum JournalFormat {
  /// A record that was found.
  struct Record {
    let key: String
    let parts: [Lines]
    /// Where the next one begins.
    let end: UInt64
  }

  /// The content of a journal.
  struct Survey {
    /// The text of its design; empty if not even that was written to the end.
    var design = ""
    /// The records that are whole.
    var places: [String: Journal.Place] = [:]
    /// Where the last record ends.
    var end: UInt64 = 0
  }

  /// The most bytes of a key.
  static let longestKey = 200
  private static let magic = "gapsim-journal 1"
  /// The most bytes of a line.
  private static let longestLine = 2048
  private static let newline = UInt8(ascii: "\n")

  /// The beginning of the file, before the records.
  static func front(_ design: String) -> [UInt8] {
    let text = Array(design.utf8)
    return Array("\(magic) \(text.count) \(SHA256.hash(data: text).hexadecimal)\n".utf8) + text
  }

  /// The line in front of the parts of a record.
  static func head(key: String, parts: [Lines]) -> [UInt8] {
    precondition(key.utf8.count <= longestKey && !key.contains(where: \.isWhitespace), "'\(key)' is no key")
    let words = ["record", key] + parts.flatMap { ["\($0.count)", $0.digest().hexadecimal] }
    let line = words.joined(separator: " ") + " "
    return Array((line + SHA256.hash(data: Array(line.utf8)).hexadecimal + "\n").utf8)
  }

  /// Reads a journal. It leaves out a record with a part that is not as it was written.
  ///
  /// - Throws: ``ResumeError/notAJournal(path:)``
  static func survey(_ file: InputFile) throws -> Survey {
    guard let (design, front) = try design(of: file) else {
      // A process that died at once left an incomplete beginning.
      guard Array(magic.utf8).starts(with: try file.read(at: 0, count: magic.utf8.count)) else {
        throw ResumeError.notAJournal(path: file.path)
      }
      return Survey()
    }
    var survey = Survey(design: design, end: front)
    while let record = try record(in: file, at: survey.end), record.end <= file.size {
      if try record.parts.allSatisfy({ try $0.isAsWritten }) {
        survey.places[record.key] = Journal.Place(offset: survey.end)
      }
      survey.end = record.end
    }
    return survey
  }

  /// The record at `offset`, its parts not read; nil if none begins there.
  static func record(in file: InputFile, at offset: UInt64) throws -> Record? {
    guard let line = try line(in: file, at: offset), line.starts(with: "record ".utf8),
      let digest = line.lastIndex(of: UInt8(ascii: " ")).map({ $0 + 1 }),
      Array(SHA256.hash(data: Array(line[..<digest])).hexadecimal.utf8) == Array(line[digest...])
    else { return nil }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ").dropLast()
    var (parts, position): ([Lines], UInt64) = ([], offset + UInt64(line.count) + 1)
    for index in stride(from: 2, to: words.count - 1, by: 2) {
      guard let count = UInt64(words[index]), let digest = [UInt8](hexadecimal: words[index + 1]) else { return nil }
      parts.append(.stored(file, at: position, count: count, digest: digest))
      let (next, isTooFar) = position.addingReportingOverflow(count)
      guard !isTooFar else { return nil }
      position = next
    }
    return Record(key: String(words[1]), parts: parts, end: position)
  }

  /// The design at the front, and where it ends; nil if the file is no journal.
  private static func design(of file: InputFile) throws -> (text: String, end: UInt64)? {
    guard let line = try line(in: file, at: 0) else { return nil }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard words.count == 4, words[0] + " " + words[1] == magic, let length = Int(words[2]), length > 0,
      UInt64(length) <= file.size
    else { return nil }
    let start = UInt64(line.count) + 1
    let text = try file.read(at: start, count: length)
    guard SHA256.hash(data: text).hexadecimal == words[3] else { return nil }
    return (String(decoding: text, as: UTF8.self), start + UInt64(length))
  }

  /// A line without its end; nil if there is none.
  private static func line(in file: InputFile, at offset: UInt64) throws -> [UInt8]? {
    let bytes = try file.read(at: offset, count: longestLine)
    return bytes.firstIndex(of: newline).map { Array(bytes[..<$0]) }
  }
}

extension [UInt8] {
  /// Bytes of lower-case hexadecimal digits; nil if there are other characters.
  init?(hexadecimal text: some StringProtocol) {
    let digits = text.utf8.compactMap { digit -> UInt8? in
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
