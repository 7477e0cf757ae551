import TFTPWire

/// The options of a request, or of its acknowledgment, as a flat value: those that a transfer to one client knows, in
/// their order.
///
/// A packet may carry others. They are not kept, only that there were some, because a client must refuse an OACK with an
/// option that it did not ask for (RFC 2347).
public struct TransferOptions: Hashable, Sendable, BitwiseCopyable {
  /// The numbers of the options as ``order`` keeps them; 0 is none.
  private enum Kind: UInt16 {
    case blockSize = 1
    case transferSize, timeout, windowSize, wideBlockNumbers

    static let bits: UInt16 = 3
  }

  private var transferSizeValue: UInt64 = 0
  private var blockSizeValue: UInt32 = 0
  private var windowSizeValue: UInt32 = 0
  /// Up to five kinds of three bits each, the first one lowest.
  private var order: UInt16 = 0
  private var timeoutValue: UInt8 = 0
  /// Whether there were options that a transfer to one client does not know.
  public private(set) var hasOthers = false

  /// No options.
  public init() {}

  /// The options that a transfer knows. If one comes twice, the first counts.
  public init(_ options: Options) {
    for option in options.list { append(option) }
  }

  /// The options in the order of the literal.
  public init(arrayLiteral options: TransferOption...) { self.init(Options(options)) }

  /// Whether no option that a transfer knows is given.
  public var isEmpty: Bool { order == 0 }
  /// The value of `blksize` in bytes, if given (RFC 2348).
  public var blockSize: UInt32? { has(.blockSize) ? blockSizeValue : nil }
  /// The value of `tsize` in bytes, if given (RFC 2349).
  public var transferSize: UInt64? { has(.transferSize) ? transferSizeValue : nil }
  /// The value of `timeout` in seconds, if given (RFC 2349).
  public var timeoutSeconds: UInt8? { has(.timeout) ? timeoutValue : nil }
  /// The value of `windowsize` in blocks, if given (RFC 7440).
  public var windowSize: UInt32? { has(.windowSize) ? windowSizeValue : nil }
  /// The width of block numbers: 32 bits with `blocknumbers=32`, else 16 (R21).
  public var blockNumbers: BlockNumberWidth { has(.wideBlockNumbers) ? .bits32 : .bits16 }

  /// The options in their order.
  public var list: [TransferOption] {
    var list: [TransferOption] = []
    forEachKind { kind in
      switch kind {
      case .blockSize: list.append(.blockSize(blockSizeValue))
      case .transferSize: list.append(.transferSize(transferSizeValue))
      case .timeout: list.append(.timeout(seconds: timeoutValue))
      case .windowSize: list.append(.windowSize(windowSizeValue))
      case .wideBlockNumbers: list.append(.wideBlockNumbers)
      }
    }
    return list
  }

  /// Adds an option at the end. It does nothing if one of its name is there.
  public mutating func append(_ option: TransferOption) {
    switch option {
    case .blockSize(let bytes): if add(.blockSize) { blockSizeValue = bytes }
    case .transferSize(let bytes): if add(.transferSize) { transferSizeValue = bytes }
    case .timeout(let seconds): if add(.timeout) { timeoutValue = seconds }
    case .windowSize(let blocks): if add(.windowSize) { windowSizeValue = blocks }
    case .wideBlockNumbers: _ = add(.wideBlockNumbers)
    case .multicast, .promotion, .unknown: hasOthers = true
    }
  }

  private func forEachKind(_ body: (Kind) -> Void) {
    var rest = order
    while let kind = Kind(rawValue: rest & (1 << Kind.bits - 1)) {
      body(kind)
      rest >>= Kind.bits
    }
  }

  private func has(_ kind: Kind) -> Bool {
    var found = false
    forEachKind { found = found || $0 == kind }
    return found
  }

  private mutating func add(_ kind: Kind) -> Bool {
    guard !has(kind) else { return false }
    var place: UInt16 = 0
    forEachKind { _ in place += Kind.bits }
    order |= kind.rawValue << place
    return true
  }
}

extension TransferOptions: ExpressibleByArrayLiteral {}
