import Foundation

/// Reads a file line by line; what is held of it is a chunk and the longest line.
struct LineReader {
  private static let chunk = 1 << 16

  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// Opens a file.
  init(path: String) throws(ComparisonError) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ComparisonError("\(path): the file does not exist, or cannot be read")
    }
    self.path = path
    self.handle = handle
  }

  /// The next line without its end; nil after the last one.
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
      do {
        let more = try handle.read(upToCount: Self.chunk) ?? Data()
        isAtEnd = more.isEmpty
        buffer.append(contentsOf: more)
      } catch {
        throw ComparisonError("\(path): cannot be read: \(error.localizedDescription)")
      }
    }
  }
}
