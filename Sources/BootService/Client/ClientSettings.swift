import PromotionEngine
import Timebase

/// How a client asks for its file.
public enum ClientMode: Hashable, Sendable {
  /// Asks for everything and takes what is granted: promotion, RFC 2090 alone, or plain TFTP.
  case auto
  /// Promotion, or nothing.
  case promotion
  /// RFC 2090 without promotion, or nothing.
  case rfc2090
  /// Plain TFTP (RFC 1350, with the options of RFC 2347).
  case tftp
  /// The MTFTP of PXE 2.1, which negotiates nothing (R17).
  case mtftp(MTFTPTerms)

  /// Whether a group can serve the client.
  var wantsGroup: Bool { self != .tftp }
}

/// What a client of MTFTP must know beforehand (R17).
public struct MTFTPTerms: Hashable, Sendable {
  /// The group's address, and the port at which its clients listen.
  public var group: Endpoint
  /// The bytes of the file.
  public var size: UInt64

  /// Terms of their parts.
  public init(group: Endpoint, size: UInt64) {
    self.group = group
    self.size = size
  }
}

/// What one download is to be.
public struct ClientSettings: Hashable, Sendable {
  /// Where requests go: port 69, unless the server listens elsewhere.
  public var server: Endpoint
  /// The file's name, as the server knows it.
  public var fileName: String
  /// How the client asks.
  public var mode: ClientMode
  /// The protocol that it proposes. A server may grant less.
  public var parameters: ProtocolParameters
  /// The size of the file, if it is known. It is needed only where a server of RFC 2090 does not tell it.
  public var size: UInt64?
  /// How long a complete client of a group still answers a server that did not hear its ACK(n).
  public var dally: Nanoseconds

  /// A download.
  public init(
    server: Endpoint, fileName: String, mode: ClientMode = .auto, parameters: ProtocolParameters = ProtocolParameters(),
    size: UInt64? = nil
  ) {
    self.server = server
    self.fileName = fileName
    self.mode = mode
    self.parameters = parameters
    self.size = size
    // R15: a passive device whose ACK(n) was lost is asked a timeout and a report window after the last notice.
    dally = (parameters.timeout * 2).later(by: parameters.promotion.reportWindow)
  }
}
