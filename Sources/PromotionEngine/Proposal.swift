import BlockTransfer
import TFTPWire
import Timebase

/// What a device asks for when it joins (R1): the options of its RRQ, as far as the answer depends on them.
///
/// The file's name is not here. It decides which ``Server`` is asked, for a server has one file; whoever has several
/// servers reads it from the ``TFTPWire/ReadRequest``.
public struct Proposal: Hashable, Sendable, BitwiseCopyable {
  /// Which options were asked for. A server answers these and no others (RFC 2347).
  public struct Options: OptionSet, Hashable, Sendable, BitwiseCopyable {
    /// One bit for each option.
    public var rawValue: UInt8

    /// The options with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `blksize` (RFC 2348).
    public static let blockSize = Options(rawValue: 1 << 0)
    /// `tsize` (RFC 2349).
    public static let transferSize = Options(rawValue: 1 << 1)
    /// `timeout` (RFC 2349).
    public static let timeout = Options(rawValue: 1 << 2)
    /// `windowsize` (RFC 7440).
    public static let windowSize = Options(rawValue: 1 << 3)
    /// `promotion`. A device that does not ask for it speaks RFC 2090 alone (R14).
    public static let promotion = Options(rawValue: 1 << 4)
    /// `blocknumbers=32` (R21).
    public static let wideBlockNumbers = Options(rawValue: 1 << 5)
  }

  /// Which options were asked for, beside `multicast`.
  public var options: Options
  /// The largest block that the device takes: 512 bytes if it does not ask (RFC 1350).
  public var blockSize: UInt32 = 512
  /// The largest window that the device takes: one block if it does not ask (RFC 7440).
  public var windowSize: UInt32 = 1
  /// The seconds of its `timeout`; without meaning if it does not ask.
  public var timeoutSeconds: UInt8 = 0

  /// What a device with these parameters proposes (R1). A timeout of more than 255 s goes without the option (N1).
  public init(_ parameters: ProtocolParameters) {
    options = [.blockSize, .transferSize, .windowSize]
    blockSize = parameters.blockSize
    windowSize = parameters.windowSize
    if case .timeout(let seconds) = TransferOption.timeout(roundingUpNanoseconds: parameters.timeout.count) {
      options.insert(.timeout)
      timeoutSeconds = seconds
    }
    if parameters.speaksPromotion { options.insert(.promotion) }
    if parameters.wideBlockNumbers { options.insert(.wideBlockNumbers) }
  }

  /// What a request with these options proposes; nil if it does not ask for `multicast`.
  public init?(_ asked: TFTPWire.Options) {
    guard asked.multicast == .request else { return nil }
    options = Options(asked)
    blockSize = asked.blockSize ?? blockSize
    windowSize = asked.windowSize ?? windowSize
    timeoutSeconds = asked.timeoutSeconds ?? 0
  }

  /// The options of its RRQ, in the order of R1.
  public var list: TFTPWire.Options {
    options.list(
      blockSize: blockSize, transferSize: 0, timeoutSeconds: timeoutSeconds, windowSize: windowSize,
      multicast: .request, promotion: .request)
  }
}

extension Proposal.Options {
  /// Those of these options that a packet has.
  init(_ packet: TFTPWire.Options) {
    self = []
    for option in packet.list {
      switch option {
      case .blockSize: insert(.blockSize)
      case .transferSize: insert(.transferSize)
      case .timeout: insert(.timeout)
      case .windowSize: insert(.windowSize)
      case .promotion: insert(.promotion)
      case .wideBlockNumbers: insert(.wideBlockNumbers)
      case .multicast, .unknown: continue
      }
    }
  }

  /// Those options that are in the set, with these values, and `multicast`, in the order of R1 and R2.
  func list(
    blockSize: UInt32, transferSize: UInt64, timeoutSeconds: UInt8, windowSize: UInt32, multicast: Multicast,
    promotion: Promotion?
  ) -> TFTPWire.Options {
    var list: [TransferOption] = []
    if contains(.blockSize) { list.append(.blockSize(blockSize)) }
    if contains(.transferSize) { list.append(.transferSize(transferSize)) }
    if contains(.timeout) { list.append(.timeout(seconds: timeoutSeconds)) }
    if contains(.windowSize) { list.append(.windowSize(windowSize)) }
    list.append(.multicast(multicast))
    if contains(.promotion), let promotion { list.append(.promotion(promotion)) }
    if contains(.wideBlockNumbers) { list.append(.wideBlockNumbers) }
    return TFTPWire.Options(list)
  }
}

/// What all devices of a group have in common, beside the file. Devices whose proposals lead to other terms make another
/// group.
public struct GroupTerms: Hashable, Sendable, BitwiseCopyable {
  /// Bytes of a block.
  public var blockSize: UInt32
  /// Blocks that an ACK of the active device asks for.
  public var windowSize: UInt32
  /// Whether block numbers have 32 bits (R21).
  public var wideBlockNumbers: Bool

  /// Terms of their parts.
  public init(blockSize: UInt32, windowSize: UInt32, wideBlockNumbers: Bool) {
    self.blockSize = blockSize
    self.windowSize = windowSize
    self.wideBlockNumbers = wideBlockNumbers
  }

  /// The terms that a server with these parameters grants: never a larger block or window than was asked for (RFC 2348,
  /// RFC 7440).
  public init(_ proposal: Proposal, under parameters: ProtocolParameters) {
    blockSize = min(proposal.blockSize, parameters.blockSize)
    windowSize = min(proposal.windowSize, parameters.windowSize)
    wideBlockNumbers = parameters.wideBlockNumbers && proposal.options.contains(.wideBlockNumbers)
  }

  /// Whether a device with this proposal takes these blocks and windows.
  public func fit(_ proposal: Proposal) -> Bool {
    blockSize <= proposal.blockSize && windowSize <= proposal.windowSize
      && (!wideBlockNumbers || proposal.options.contains(.wideBlockNumbers))
  }

  /// The blocks of a file of `size` bytes; nil if they cannot be counted, so that there can be no group (R21).
  public func layout(ofSize size: UInt64) -> FileLayout? {
    guard let file = FileLayout(size: size, blockSize: blockSize),
      wideBlockNumbers || file.blocks <= UInt32(UInt16.max)
    else { return nil }
    return file
  }
}
