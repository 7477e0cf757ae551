import BlockTransfer

/// The header of a DATA packet: what comes before the payload.
///
/// With it a sender puts a block into a packet directly from its place in memory, and a receiver takes a block from a
/// packet without a copy. The payload is everything after the header.
public struct DataHeader: Hashable, Sendable, BitwiseCopyable {
  /// The most payload bytes of a block: the largest block size (RFC 2348).
  public static let maximumPayload = Int(TransferOption.blockSizes.upperBound)

  /// The number of the block.
  public var block: BlockNumber

  /// The header of a block.
  public init(block: BlockNumber) { self.block = block }

  /// Reads the header of a packet that must be DATA. Any other opcode is unsupported here.
  public init(decoding packet: RawSpan, blockNumbers width: BlockNumberWidth) throws(WireError) {
    let opcode = try Opcode(decoding: packet)
    guard opcode == .data else { throw WireError(.unsupportedOpcode(opcode.rawValue), at: 0) }
    block = try packet.blockNumber(at: Opcode.byteCount, width: width)
    let limit = Self.encodedLength(blockNumbers: width) + Self.maximumPayload
    guard packet.byteCount <= limit else { throw WireError(.tooLong(limit: limit), at: limit) }
  }

  /// The bytes of a header: 4, or 6 with wide block numbers.
  @inlinable
  public static func encodedLength(blockNumbers width: BlockNumberWidth) -> Int { 2 + width.byteCount }

  /// Appends the header. On an error it appends nothing.
  public func encode(blockNumbers width: BlockNumberWidth, into buffer: inout [UInt8]) throws(WireError) {
    try width.check(block)
    write(blockNumbers: width, to: &buffer)
  }

  func write(blockNumbers width: BlockNumberWidth, to sink: inout some ByteSink) {
    sink.append(Opcode.data.rawValue)
    sink.append(block, width: width)
  }
}

extension BlockNumberWidth {
  /// A number that does not fit is refused, never truncated.
  func check(_ block: BlockNumber) throws(WireError) {
    guard block <= largestBlock else { throw WireError(.blockNumberTooLarge(block), at: Opcode.byteCount) }
  }
}
