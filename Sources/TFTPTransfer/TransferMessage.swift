import BlockTransfer
import TFTPWire

/// What the two ends of a transfer say to each other, without the wire format: plain values, copied without a reference
/// count.
///
/// Blocks have their true numbers here, whatever the width on the wire; see ``TransferMessage/packet(in:payload:)``.
public enum TransferMessage: Hashable, Sendable, BitwiseCopyable {
  /// RRQ: asks for the file.
  case request(TransferOptions)
  /// OACK: what the server grants (RFC 2347).
  case acceptance(TransferOptions)
  /// DATA of a block. Its payload is the driver's business.
  case data(BlockNumber)
  /// ACK: everything up to this block is there.
  case acknowledgment(BlockNumber)
  /// ERROR: the transfer is over.
  case error(ErrorCode)
}
