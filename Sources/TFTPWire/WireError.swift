import BlockTransfer

/// Why bytes are no packet, or why a packet cannot be written, and at which byte of the packet.
public struct WireError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The packet ends inside a field of fixed length.
    case truncated
    /// Bytes follow the last field.
    case trailingBytes
    /// The project does not know the opcode; 2 is a write request.
    case unsupportedOpcode(UInt16)
    /// A string has no NUL at its end.
    case unterminatedString
    /// A byte of a string is outside 7-bit ASCII; when encoding, also a NUL inside a string.
    case notASCII
    /// The transfer mode is neither `octet` nor `netascii`.
    case unsupportedMode
    /// A request, or the payload of a block, is longer than the bytes that its RFC allows.
    case tooLong(limit: Int)
    /// There are more options than ``Options/maximumCount``.
    case tooManyOptions
    /// An option has no name.
    case emptyOptionName
    /// An option comes twice; its name in lower case.
    case duplicateOption(String)
    /// The value of a known option has the wrong form, or is out of range.
    case malformedOption(OptionName)
    /// An option is to be encoded as unknown, but has the name of a known option.
    case misnamedOption(OptionName)
    /// The block's number does not fit into the width agreed on.
    case blockNumberTooLarge(BlockNumber)
  }

  /// What is wrong.
  public var reason: Reason
  /// The offset of the error from the packet's first byte, in bytes.
  public var offset: Int

  /// An error at a byte of the packet.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension WireError: CustomStringConvertible {
  /// One line for a log: `byte 9: the value of option blksize is malformed`.
  public var description: String { "byte \(offset): \(reason)" }
}

extension WireError.Reason: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .truncated: "the packet ends inside a field"
    case .trailingBytes: "bytes follow the last field"
    case .unsupportedOpcode(let number): "opcode \(number) is not supported"
    case .unterminatedString: "a string is not terminated by NUL"
    case .notASCII: "a string holds a byte that is not allowed in ASCII text"
    case .unsupportedMode: "the transfer mode is neither octet nor netascii"
    case .tooLong(let limit): "the packet is longer than the \(limit) bytes allowed"
    case .tooManyOptions: "there are more than \(Options.maximumCount) options"
    case .emptyOptionName: "an option has no name"
    case .duplicateOption(let name): "option \(name) is given twice"
    case .malformedOption(let name): "the value of option \(name.rawValue) is malformed"
    case .misnamedOption(let name): "option \(name.rawValue) is known and can't be encoded as unknown"
    case .blockNumberTooLarge(let block): "block number \(block) does not fit into 16 bits"
    }
  }
}
