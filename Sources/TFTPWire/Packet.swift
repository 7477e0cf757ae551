import BlockTransfer

/// A TFTP packet of a read transfer.
///
/// RFC 1350 (RRQ, DATA, ACK, ERROR), RFC 2347 (options, OACK). Strings are 7-bit ASCII, control characters included,
/// and are kept as written. A byte above 127 is refused, so that nothing is lost on the way through a `String`.
public enum Packet: Hashable, Sendable {
  /// RRQ: asks for a file; with the option `promotion`, also a gap report (R10).
  case readRequest(ReadRequest)
  /// DATA: one block of the file. A block shorter than the block size ends the file.
  case data(block: BlockNumber, payload: ArraySlice<UInt8>)
  /// ACK: the sender has the block, and asks for what comes after it.
  case acknowledgment(BlockNumber)
  /// ERROR: ends a transfer.
  case error(code: ErrorCode, message: String)
  /// OACK: the options that the server accepts, and the server's notices (R9, R12, R15).
  case optionAcknowledgment(Options)
}
