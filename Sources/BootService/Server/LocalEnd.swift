/// The socket that a packet comes to or leaves from.
public enum Service: Hashable, Sendable, BitwiseCopyable {
  /// The server's one TFTP socket. OACK, unicast and group DATA all leave from it: some clients drop a packet of any
  /// other address or port than the first answer's.
  case tftp
  /// The socket of an MTFTP server port.
  case mtftp(port: UInt16)
}

/// The server's end of a datagram: what it came to, and what the answers to it leave from.
///
/// A host may have several addresses, and one socket for all of them. A client takes answers from the address only that it
/// asked, and hears a group only by its own network. So a client is known by this too, and each of a server's ends has
/// groups of its own.
public struct LocalEnd: Hashable, Sendable, BitwiseCopyable {
  /// The socket.
  public var service: Service
  /// The address that was asked; nil if the system is to choose.
  public var host: HostAddress?
  /// The system's number of the interface that groups are sent by; 0 for the one that the socket or the routes name.
  public var interface: UInt32

  /// An end of a socket.
  public init(_ service: Service, host: HostAddress? = nil, interface: UInt32 = 0) {
    self.service = service
    self.host = host
    self.interface = interface
  }

  /// The TFTP socket of a server that has one address.
  public static let tftp = LocalEnd(.tftp)

  /// The socket of an MTFTP server port of a server that has one address.
  public static func mtftp(port: UInt16) -> LocalEnd { LocalEnd(.mtftp(port: port)) }
}
