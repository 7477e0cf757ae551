/// What an RRQ asks for (RFC 1350 §5, RFC 2347).
public struct ReadRequest: Hashable, Sendable {
  /// The most bytes of a request, opcode and NULs included (RFC 2347).
  public static let maximumByteCount = 512

  /// The file's name, in ASCII, possibly empty. It is whatever the peer wrote: do not trust it as a path.
  public var fileName: String
  /// How the bytes must be read.
  public var mode: TransferMode
  /// What it asks for beyond RFC 1350.
  public var options: Options

  /// A request for a file.
  public init(fileName: String, mode: TransferMode = .octet, options: Options = Options()) {
    self.fileName = fileName
    self.mode = mode
    self.options = options
  }
}
