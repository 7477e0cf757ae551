/// One option of a request or of its acknowledgment (RFC 2347).
///
/// Reading and writing check the ranges. Making the case does not.
public enum TransferOption: Hashable, Sendable {
  /// `blksize`: bytes of a block, 8…65464 (RFC 2348).
  case blockSize(UInt32)
  /// `tsize`: bytes of the file; 0 in a read request (RFC 2349).
  case transferSize(UInt64)
  /// `timeout`: seconds before a repeat, 1…255 (RFC 2349).
  case timeout(seconds: UInt8)
  /// `windowsize`: blocks for one acknowledgment, 1…65535 (RFC 7440).
  case windowSize(UInt32)
  /// `multicast`: the group and its master client (RFC 2090).
  case multicast(Multicast)
  /// `promotion`: the promotion protocol.
  case promotion(Promotion)
  /// `blocknumbers=32`: block numbers of 32 bits (R21).
  case wideBlockNumbers
  /// An option that the project does not know, to be ignored (RFC 2347), with its name and value as they were written.
  case unknown(name: String, value: String)

  /// The sizes that a block may have, in bytes (RFC 2348).
  public static let blockSizes: ClosedRange<UInt32> = 8...65464
  /// The sizes that a window may have, in blocks (RFC 7440).
  public static let windowSizes: ClosedRange<UInt32> = 1...65535
  /// The timeouts that can be asked for, in seconds (RFC 2349).
  public static let timeouts: ClosedRange<UInt8> = 1...255

  /// The option `timeout` for a time in nanoseconds, rounded up to whole seconds (N1). Nil if the time is not above
  /// zero, or is above 255 s.
  public static func timeout(roundingUpNanoseconds nanoseconds: Int64) -> TransferOption? {
    guard nanoseconds > 0 else { return nil }
    return UInt8(exactly: (nanoseconds - 1) / 1_000_000_000 + 1).map(TransferOption.timeout(seconds:))
  }

  /// The option's name, or nil if it is unknown.
  public var name: OptionName? {
    switch self {
    case .blockSize: .blockSize
    case .transferSize: .transferSize
    case .timeout: .timeout
    case .windowSize: .windowSize
    case .multicast: .multicast
    case .promotion: .promotion
    case .wideBlockNumbers: .blockNumbers
    case .unknown: nil
    }
  }

  /// The name that the option has on the wire.
  var wireName: String {
    if case .unknown(let name, _) = self { name } else { name?.rawValue ?? "" }
  }

  /// Whether two options have the same name, in upper or lower case (RFC 2347).
  func hasSameName(as other: TransferOption) -> Bool {
    switch (self, other) {
    case (.unknown(let left, _), .unknown(let right, _)):
      left.utf8.count == right.utf8.count
        && zip(left.utf8, right.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    default: name == other.name
    }
  }
}

extension UInt8 {
  /// The byte, with `A`…`Z` as `a`…`z`.
  var lowercasedASCII: UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self }
}
