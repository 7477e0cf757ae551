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
  /// The options that are answered: those that the device asked for (RFC 2347).
  public var options: Proposal.Options
  /// The seconds of `timeout`, as the device asked (RFC 2349); without meaning if it did not.
  public var timeoutSeconds: UInt8
  /// RFC 2090's `mc`: whether the device is the active one.
  public var isActive: Bool
  /// The promotion option's offer.
  public var promotion: Offer?

  /// Whether DATA and ACK carry 32-bit block numbers (R21).
  public var wideBlockNumbers: Bool { options.contains(.wideBlockNumbers) }
}

/// What the two ends say to each other, without the wire format: plain values, copied without a reference count.
///
/// ``Message/packet(in:)`` gives the TFTP packet.
public enum Message: Hashable, Sendable, BitwiseCopyable {
  /// RRQ that asks for multicast (R1). For a device that does not ask for `promotion`, RFC 2090 alone holds.
  case request(Proposal)
  /// MTFTP: RRQ without options (R17).
  case open
  /// RRQ with the gap report as its only option (R10).
  case report(GapReport)
  /// DATA of a block. Its payload is not the engine's business.
  case data(BlockNumber)
  /// ACK: "send the blocks after this one".
  case acknowledgment(BlockNumber)
  /// OACK of a request (R2).
  case acceptance(Acceptance)
  /// OACK `promotion=check,k` (R9, R15, R8a).
  case check(session: UInt32)
  /// OACK with `multicast=addr,port,0` only: the device does not drive, or drives no longer (R8a, R23).
  case notActive
  /// OACK `promotion=smart` (R12).
  case smart
  /// OACK `promotion=wait` (R12).
  case wait
  /// OACK with `multicast=addr,port,1` only: the device drives the next session (R15).
  case elected
  /// ERROR: what it is about has ended, and nobody answers it (RFC 1350).
  case error(ErrorCode)
}
