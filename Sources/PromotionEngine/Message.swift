import BlockTransfer
import TFTPWire
import Timebase

/// What the server grants a device that joins (R2).
public struct Acceptance: Hashable, Sendable, BitwiseCopyable {
  /// The promotion option's offer; nil from a server that does not know it (R14).
  public struct Offer: Hashable, Sendable, BitwiseCopyable {
    /// The pre-selected amount in bytes.
    public var threshold: UInt64
    /// How many received blocks may lie between two gaps of one chain.
    public var continuity: UInt32
    /// Sessions ended so far, `k`.
    public var sessionsEnded: UInt32
  }

  /// The file that is sent.
  public var file: FileLayout
  /// The blocks of a window (RFC 7440).
  public var windowSize: UInt32
  /// Whether DATA and ACK carry 32-bit block numbers (R21).
  public var wideBlockNumbers: Bool
  /// RFC 2090's `mc`: whether the device is the active one.
  public var isActive: Bool
  /// The promotion option's offer.
  public var promotion: Offer?
}

/// What the two ends say to each other, stripped of its wire format: plain values, copied without a reference count.
///
/// ``Message/packet(in:)`` gives the TFTP packet.
public enum Message: Hashable, Sendable, BitwiseCopyable {
  /// RRQ with all options (R1).
  case request
  /// RRQ of a device that does not know the option `promotion`, so that RFC 2090 alone holds for it.
  case plainRequest
  /// MTFTP: RRQ without options (R17).
  case open
  /// RRQ with the gap report as its one option (R10).
  case report(GapReport)
  /// DATA of a block; its payload is the file's business.
  case data(BlockNumber)
  /// ACK: "send what follows this block".
  case acknowledgment(BlockNumber)
  /// OACK of a request (R2).
  case acceptance(Acceptance)
  /// OACK `promotion=check,k` (R9, R15, R8a).
  case check(session: UInt32)
  /// OACK `multicast=addr,port,0` alone: what a device that does not know `promotion` gets for a check (R8a).
  case notActive
  /// OACK `promotion=smart` (R12).
  case smart
  /// OACK `promotion=wait` (R12).
  case wait
  /// OACK `multicast=,,1` (R15).
  case elected
}
