/// Lines of one of the files: held if they are few, else in another file until their turn comes.
enum Lines: Sendable {
  /// In memory.
  case held([UInt8])
  /// So many bytes of a file from a place on.
  case stored(InputFile, at: UInt64, count: UInt64)

  /// The most bytes that are held of one file of one run.
  static let mostHeld = 1 << 20

  /// None.
  static let none = Lines.held([])

  /// How many bytes there are.
  var count: UInt64 {
    switch self {
    case .held(let bytes): UInt64(bytes.count)
    case .stored(_, _, let count): count
    }
  }

  /// All bytes at once, for lines that are known to be few.
  var bytes: [UInt8] {
    get throws {
      var bytes: [UInt8] = []
      try forEachPiece { bytes += $0 }
      return bytes
    }
  }

  /// Goes through the bytes in pieces, none of which is larger than ``mostHeld`` if they are stored.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    switch self {
    case .held(let bytes): try body(bytes)
    case .stored(let file, let start, let count):
      var done: UInt64 = 0
      while done < count {
        let piece = try file.read(at: start + done, count: Int(min(UInt64(Self.mostHeld), count - done)))
        guard !piece.isEmpty else { throw SweepError.changed(path: file.path) }
        try body(piece)
        done += UInt64(piece.count)
      }
    }
  }
}
