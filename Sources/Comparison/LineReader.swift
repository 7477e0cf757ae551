import Results

/// Reads a file line by line. In memory are only one piece and the longest line.
struct LineReader {
  private static let piece = 1 << 16

  private let file: InputFile
  private var offset: UInt64 = 0
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// Opens a file.
  init(path: String) throws(ComparisonError) {
    do { file = try InputFile(path) } catch { throw ComparisonError("\(error)") }
  }

  /// Reads a file that is open.
  init(_ file: InputFile) { self.file = file }

  /// The next line without its end; nil after the last one.
  ///
  /// - Throws: a ``ComparisonError``, also for a line that is longer than any that gapsim writes.
  mutating func next() throws(ComparisonError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return buffer[position..<end]
      }
      if isAtEnd {
        defer { position = buffer.count }
        return position < buffer.count ? buffer[position...] : nil
      }
      buffer.removeSubrange(..<position)
      position = 0
      searched = buffer.count
      guard searched <= ResultsFolder.longestLine else {
        throw ComparisonError(
          "\(file.path) has a line of more than \(ResultsFolder.longestLine >> 20) MiB: gapsim did not write it")
      }
      do {
        let more = try file.read(at: offset, count: Self.piece)
        isAtEnd = more.isEmpty
        offset += UInt64(more.count)
        buffer += more
      } catch {
        throw ComparisonError("\(error)")
      }
    }
  }
}
