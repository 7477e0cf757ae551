import TFTPTransfer

/// A file that a driver keeps open for a ``BootServer``: one content, as it was when it was found. A file that has
/// changed since then is another one.
public struct FileID: Hashable, Sendable, BitwiseCopyable {
  /// The driver's number of it.
  public var rawValue: UInt32

  /// The file with a number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// What a driver finds under a name that a client asks for.
public enum FoundFile: Hashable, Sendable, BitwiseCopyable {
  /// A file of this many bytes, which may be read. It stays open until ``BootServerEffect/release(_:)``.
  case found(FileID, size: UInt64)
  /// No such file.
  case notFound
  /// A file that nobody may read, or a name that leads out of what is served.
  case notAllowed

  /// The same, for a negotiation.
  var requested: RequestedFile {
    switch self {
    case .found(_, let size): .found(size: size)
    case .notFound: .notFound
    case .notAllowed: .notAllowed
    }
  }
}
