import BlockTransfer
import PromotionEngine
import TFTPWire

/// By which protocol a client gets its file.
public enum TransferWay: String, Hashable, Sendable, CaseIterable {
  /// Multicast with the promotion protocol.
  case promotion
  /// Multicast by RFC 2090 alone.
  case rfc2090
  /// Multicast by the MTFTP of PXE 2.1.
  case mtftp
  /// Unicast.
  case tftp
}

/// What a server granted.
public struct ClientTerms: Hashable, Sendable {
  /// The protocol.
  public var way: TransferWay
  /// The bytes of the file; nil if the server did not tell.
  public var size: UInt64?
  /// Bytes of a block.
  public var blockSize: UInt32
  /// Blocks for one ACK.
  public var windowSize: UInt32
  /// The width of block numbers.
  public var blockNumbers: BlockNumberWidth
  /// The group; nil without one.
  public var group: Endpoint?
  /// The rules of the promotion, if it was granted.
  public var offer: Acceptance.Offer?

  /// Terms of their parts.
  public init(
    way: TransferWay, size: UInt64?, blockSize: UInt32, windowSize: UInt32 = 1,
    blockNumbers: BlockNumberWidth = .bits16, group: Endpoint? = nil, offer: Acceptance.Offer? = nil
  ) {
    self.way = way
    self.size = size
    self.blockSize = blockSize
    self.windowSize = windowSize
    self.blockNumbers = blockNumbers
    self.group = group
    self.offer = offer
  }
}
