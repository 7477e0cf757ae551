/// The code of an ERROR packet. Codes that no RFC names are kept as they are.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// The code on the wire.
  public var rawValue: UInt16

  /// The code with a number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Not defined, see the message (RFC 1350, appendix).
  public static let undefined = ErrorCode(rawValue: 0)
  /// The file was not found.
  public static let fileNotFound = ErrorCode(rawValue: 1)
  /// Access violation.
  public static let accessViolation = ErrorCode(rawValue: 2)
  /// The disk is full or an allocation was exceeded.
  public static let diskFull = ErrorCode(rawValue: 3)
  /// Illegal TFTP operation.
  public static let illegalOperation = ErrorCode(rawValue: 4)
  /// Unknown transfer ID.
  public static let unknownTransfer = ErrorCode(rawValue: 5)
  /// The file exists already.
  public static let fileExists = ErrorCode(rawValue: 6)
  /// No such user.
  public static let noSuchUser = ErrorCode(rawValue: 7)
  /// The transfer ends because of its options (RFC 2347).
  public static let optionNegotiation = ErrorCode(rawValue: 8)
}

extension ErrorCode {
  /// What an ERROR packet says beside its code.
  public var words: String {
    switch self {
    case .fileNotFound: "file not found"
    case .accessViolation: "access violation"
    case .diskFull: "disk full"
    case .illegalOperation: "illegal operation"
    case .unknownTransfer: "unknown transfer"
    case .fileExists: "file exists"
    case .noSuchUser: "no such user"
    case .optionNegotiation: "option not acceptable"
    default: "transfer ended"
    }
  }
}
