import BlockTransfer
import TFTPWire

/// What a server has of a file that somebody asks for.
public enum RequestedFile: Hashable, Sendable {
  /// A file of this many bytes, which may be read.
  case found(size: UInt64)
  /// No such file.
  case notFound
  /// A file that nobody may read, or a name that leads out of what is served.
  case notAllowed
}

/// What a server grants at most.
public struct TransferLimits: Hashable, Sendable {
  /// The largest block, in bytes.
  public var largestBlock: UInt32 = TransferOption.blockSizes.upperBound
  /// The largest window, in blocks.
  public var largestWindow: UInt32 = TransferOption.windowSizes.upperBound
  /// Whether it accepts block numbers of 32 bits (R21).
  public var acceptsWideBlockNumbers = true

  /// Whatever the RFCs allow.
  public init() {}

  /// The largest window while block numbers have 16 bits and begin again at 0: with more than half of them under way
  /// nobody could tell an old number from a new one.
  public static let largestWindowOf16Bits: UInt32 = 32767
}

/// What the two ends of a transfer agreed on.
public struct TransferTerms: Hashable, Sendable, BitwiseCopyable {
  /// The file in its blocks.
  public let file: FileLayout
  /// The blocks of a window (RFC 7440); 1 without the option.
  public let windowSize: UInt32
  /// The options of the OACK. Without any there is no OACK: DATA 1 answers the request (RFC 2347).
  public let accepted: TransferOptions

  /// The bytes of a block without the option `blksize` (RFC 1350).
  public static let plainBlockSize: UInt32 = 512

  /// What a server grants to a request for a file of `size` bytes: only what was asked for, in the order asked.
  ///
  /// - `blksize` and `windowsize`: what was asked for, or less. Never more.
  /// - `tsize`: the size of the file.
  /// - `timeout`: as asked for. RFC 2349 allows no other answer.
  /// - `blocknumbers=32`: if the server accepts it. Without it block numbers of 16 bits begin again at 0 after 65 535,
  ///   as those of most servers do (no RFC says it).
  /// - An option whose value its RFC does not allow (a block of less than 8 bytes, a window or a timeout of 0), and any
  ///   option that is not one of these, is left out: it has not been asked for (RFC 2347).
  ///
  /// Nil if the file has more blocks than can be counted in 32 bits.
  public init?(asked: TransferOptions, size: UInt64, under limits: TransferLimits) {
    var accepted = TransferOptions()
    let isWide = asked.blockNumbers == .bits32 && limits.acceptsWideBlockNumbers
    let largestWindow = isWide ? limits.largestWindow : min(limits.largestWindow, TransferLimits.largestWindowOf16Bits)
    for option in asked.list {
      switch option {
      case .blockSize(let bytes):
        let granted = min(bytes, limits.largestBlock, TransferOption.blockSizes.upperBound)
        if TransferOption.blockSizes ~= granted { accepted.append(.blockSize(granted)) }
      case .transferSize: accepted.append(.transferSize(size))
      case .timeout(let seconds): if TransferOption.timeouts ~= seconds { accepted.append(option) }
      case .windowSize(let blocks):
        let granted = min(blocks, largestWindow)
        if TransferOption.windowSizes ~= granted { accepted.append(.windowSize(granted)) }
      case .wideBlockNumbers: if isWide { accepted.append(option) }
      case .multicast, .promotion, .unknown: continue
      }
    }
    self.init(accepted: accepted, size: size)
  }

  /// What an OACK says about a file of `size` bytes; nil if it has too many blocks.
  init?(accepted: TransferOptions, size: UInt64) {
    guard let file = FileLayout(size: size, blockSize: accepted.blockSize ?? Self.plainBlockSize) else { return nil }
    self.file = file
    self.accepted = accepted
    windowSize = accepted.windowSize ?? 1
  }
}

/// What a server answers to a request.
public enum Negotiation: Hashable, Sendable {
  /// It sends the file: begin a ``TransferSender`` with these terms.
  case accepted(TransferTerms)
  /// It sends ERROR.
  case refused(TransferRefusal)

  /// Judges a request. Whether the file is there comes before how it is asked for.
  ///
  /// `netascii` is refused. Its bytes are others than the file's, so neither `tsize` nor the place of a block in the
  /// file is known before the whole file has been translated, and a boot image that goes through it is broken.
  public init(_ request: ReadRequest, for file: RequestedFile, under limits: TransferLimits = TransferLimits()) {
    switch (file, request.mode) {
    case (.notFound, _): self = .refused(.fileNotFound)
    case (.notAllowed, _): self = .refused(.notAllowed)
    case (.found, .netascii): self = .refused(.notOctet)
    case (.found(let size), .octet):
      let terms = TransferTerms(asked: TransferOptions(request.options), size: size, under: limits)
      self = terms.map(Negotiation.accepted) ?? .refused(.tooManyBlocks)
    }
  }
}
