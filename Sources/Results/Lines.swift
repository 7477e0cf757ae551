/// Lines of one of the files: in memory if they are few, or else in another file until their turn comes.
package enum Lines: Sendable {
  /// In memory.
  case held([UInt8])
  /// A number of bytes of a file from a position on, with their SHA-256 or its beginning.
  case stored(InputFile, at: UInt64, count: UInt64, digest: [UInt8])

  /// The most bytes in memory of one file of one run.
  static let mostHeld = 1 << 20

  /// None.
  package static let none = Lines.held([])

  /// How many bytes there are.
  package var count: UInt64 {
    switch self {
    case .held(let bytes): UInt64(bytes.count)
    case .stored(_, _, let count, _): count
    }
  }

  /// All bytes at once, for lines that are known to be few.
  package var bytes: [UInt8] {
    get throws {
      var bytes: [UInt8] = []
      try forEachPiece { bytes += $0 }
      return bytes
    }
  }

  /// The SHA-256 of the bytes.
  package func digest() -> [UInt8] {
    switch self {
    case .held(let bytes): SHA256.hash(data: bytes)
    case .stored(_, _, _, let digest): digest
    }
  }

  /// Reads the bytes in pieces. If they are stored in a file, no piece is larger than ``mostHeld``.
  ///
  /// - Throws: ``ResultsError/damaged(path:)``, after all pieces, if stored bytes are not those that were written.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    switch self {
    case .held(let bytes): try body(bytes)
    case .stored(let file, let start, let count, let digest):
      var hash = SHA256()
      var done: UInt64 = 0
      while done < count {
        let piece = try file.read(at: start + done, count: Int(min(UInt64(Self.mostHeld), count - done)))
        guard !piece.isEmpty else { break }
        hash.update(data: piece)
        try body(piece)
        done += UInt64(piece.count)
      }
      guard done == count, hash.finalize().starts(with: digest) else { throw ResultsError.damaged(path: file.path) }
    }
  }

  /// Whether the bytes are those that were written.
  var isAsWritten: Bool {
    get throws {
      do { try forEachPiece { _ in } } catch ResultsError.damaged { return false }
      return true
    }
  }
}
