import TFTPWire

/// Why a server does not begin a transfer.
public enum TransferRefusal: Hashable, Sendable, BitwiseCopyable, CaseIterable {
  /// There is no such file.
  case fileNotFound
  /// The file may not be read.
  case notAllowed
  /// The mode is `netascii`.
  case notOctet
  /// The file has more blocks than 32 bits count.
  case tooManyBlocks
  /// The value of an option makes no sense, or an option comes twice.
  case badOption
  /// It is no read request, or the mode is none of the two (RFC 1350's `mail` is obsolete).
  case notARequest

  /// What to answer to the first packet of a peer that is no request. An ERROR is never answered; the caller must see to
  /// that.
  public init(_ error: WireError) {
    switch error.reason {
    case .malformedOption, .duplicateOption, .emptyOptionName, .tooManyOptions: self = .badOption
    case .truncated, .trailingBytes, .unsupportedOpcode, .unterminatedString, .notASCII, .unsupportedMode, .tooLong,
      .misnamedOption, .blockNumberTooLarge:
      self = .notARequest
    }
  }

  /// The code of its ERROR packet.
  public var code: ErrorCode {
    switch self {
    case .fileNotFound: .fileNotFound
    case .notAllowed: .accessViolation
    case .notOctet, .tooManyBlocks: .undefined
    case .badOption: .optionNegotiation
    case .notARequest: .illegalOperation
    }
  }

  /// The message of its ERROR packet.
  public var words: String {
    switch self {
    case .notOctet: "only mode octet is served"
    case .tooManyBlocks: "the file needs larger blocks"
    case .fileNotFound, .notAllowed, .badOption, .notARequest: code.words
    }
  }

  /// Its ERROR packet.
  public var packet: Packet { .error(code: code, message: words) }
}
