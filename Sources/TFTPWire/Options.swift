/// The options of a request or of its acknowledgment, in their order.
///
/// The order means nothing in RFC 2347, but R1 and R2 fix one, so it is kept. Reading and writing both check that no
/// option comes twice, and that there are not too many.
public struct Options: Hashable, Sendable {
  /// The most options that are read or written. This keeps the search for a second option of the same name short.
  public static let maximumCount = 64

  /// The options in their order.
  public var list: [TransferOption]

  /// Options in an order.
  public init(_ list: [TransferOption] = []) { self.list = list }

  /// The value of `blksize` in bytes, if given.
  public var blockSize: UInt32? {
    for case .blockSize(let bytes) in list { return bytes }
    return nil
  }

  /// The value of `tsize` in bytes, if given.
  public var transferSize: UInt64? {
    for case .transferSize(let bytes) in list { return bytes }
    return nil
  }

  /// The value of `timeout` in seconds, if given.
  public var timeoutSeconds: UInt8? {
    for case .timeout(let seconds) in list { return seconds }
    return nil
  }

  /// The value of `windowsize` in blocks, if given.
  public var windowSize: UInt32? {
    for case .windowSize(let blocks) in list { return blocks }
    return nil
  }

  /// The value of `multicast`, if given.
  public var multicast: Multicast? {
    for case .multicast(let multicast) in list { return multicast }
    return nil
  }

  /// The value of `promotion`, if given.
  public var promotion: Promotion? {
    for case .promotion(let promotion) in list { return promotion }
    return nil
  }

  /// The width of block numbers: 32 bits if `blocknumbers=32` is given, else 16.
  public var blockNumberWidth: BlockNumberWidth { list.contains(.wideBlockNumbers) ? .bits32 : .bits16 }
}

extension Options: ExpressibleByArrayLiteral {
  /// Options in the order of the literal.
  public init(arrayLiteral elements: TransferOption...) { self.init(elements) }
}
