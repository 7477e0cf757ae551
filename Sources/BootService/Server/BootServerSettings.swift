import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

/// The addresses that groups get, one each.
public struct GroupAddresses: Hashable, Sendable {
  /// The addresses, from the first to the last.
  public let hosts: ClosedRange<HostAddress>
  /// The UDP port of all groups.
  public let port: UInt16

  /// The addresses of a range; nil if not all of them are groups of one network, IPv4 or IPv6, or the port is 0.
  public init?(_ hosts: ClosedRange<HostAddress>, port: UInt16) {
    guard hosts.lowerBound.isGroup, hosts.upperBound.isGroup, port > 0,
      (hosts.lowerBound.v4 == nil) == (hosts.upperBound.v4 == nil)
    else { return nil }
    self.hosts = hosts
    self.port = port
  }

  /// Whether a host can be in a group: both are of IPv4, or both of IPv6.
  public func reach(_ host: HostAddress) -> Bool { (host.v4 == nil) == (hosts.lowerBound.v4 == nil) }

  /// 239.192.0.1 to 239.192.0.254 (RFC 2365 §6.2: an organisation's own), port 1758 (IANA: tftp-mcast).
  public static let usual: GroupAddresses = {
    guard let usual = GroupAddresses(HostAddress(239, 192, 0, 1)...HostAddress(239, 192, 0, 254), port: 1758) else {
      preconditionFailure("239.192.0.1 is a group")
    }
    return usual
  }()
}

/// A file that is served by MTFTP beside TFTP (PXE 2.1, R17).
public struct MTFTPFile: Hashable, Sendable {
  /// The file's name below what is served. An open may ask for it by this name only.
  public var fileName: String
  /// The group's address, and the clients' port: the group's DATA goes there. DATA for one client goes to the port from
  /// which it asked: a ROM asks from the clients' port, but atftp and iPXE ask from another one, and listen there.
  public var group: Endpoint
  /// The server's port: opens and ACKs come here, and DATA leaves from here.
  public var serverPort: UInt16
  /// Bytes of a block. Nothing is negotiated: 512, unless all clients are told otherwise.
  public var blockSize: UInt32 = 512

  /// The port that PXE 2.1's examples use.
  public static let usualServerPort: UInt16 = 1759

  /// A file with its group and ports.
  public init(fileName: String, group: Endpoint, serverPort: UInt16 = MTFTPFile.usualServerPort) {
    self.fileName = fileName
    self.group = group
    self.serverPort = serverPort
  }
}

/// How a ``BootServer`` behaves.
public struct BootServerSettings: Hashable, Sendable {
  /// The protocol of its groups. `blockSize`, `windowSize` and `wideBlockNumbers` are what it grants at most; a device
  /// that asks for less makes another group. `timeout` and `retries` hold for plain transfers too.
  public var parameters: ProtocolParameters
  /// What it grants to a plain transfer.
  public var limits = TransferLimits()
  /// The groups' addresses; nil to serve everybody by unicast.
  public var groups: GroupAddresses? = .usual
  /// The files that are served by MTFTP too.
  public var mtftp: [MTFTPFile] = []
  /// The most plain transfers at a time. A request beyond gets ERROR 0.
  public var mostTransfers = 4096
  /// The most groups at a time. A device that would need another one is served alone.
  public var mostGroups = 64
  /// The most devices of a group, from its opening to its end. Any more are served alone.
  public var mostDevices = 4096
  /// How long a group that nobody is heard of, and in which nothing is due, is kept.
  public var groupIdle: Nanoseconds = .seconds(60)
  /// How long an address is not used again after its group ended: late devices may still listen.
  public var addressRest: Nanoseconds = .seconds(60)
  /// How many ERRORs go to strangers in a second, and how many of them at once.
  public var strayAnswers = 50
  /// How many bytes of packets go in a second, and at once, to all clients together that have not acknowledged DATA yet.
  /// Whoever sends under another's address gets no more out of the server. A driver that has a rate gives a part of it.
  public var strangerBytes = 1_000_000
  /// How many transfers and memberships of one host there may be at a time of which no DATA was acknowledged.
  public var mostHalfOpen = 16
  /// The most bytes of a plain transfer's window. A client that asks for more gets smaller windows.
  public var mostWindowBytes: UInt32 = 131_072

  /// The defaults, with a protocol.
  public init(parameters: ProtocolParameters = ProtocolParameters()) { self.parameters = parameters }
}
