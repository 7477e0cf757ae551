/// The address and port of one end of a datagram. RFC 1350 §4 calls the port the end's transfer identifier.
public struct Endpoint: Hashable, Sendable, BitwiseCopyable {
  /// The address.
  public var host: HostAddress
  /// The UDP port.
  public var port: UInt16

  /// An address and a port.
  public init(host: HostAddress, port: UInt16) {
    self.host = host
    self.port = port
  }
}

extension Endpoint: LosslessStringConvertible {
  /// `192.0.2.1:69`, or `[2001:db8::1]:69`.
  public var description: String { host.v4 == nil ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Reads an address with its port, as ``description`` writes it.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var address = text[..<colon]
    let isInBrackets = address.first == "[" && address.last == "]" && address.utf8.count > 2
    if isInBrackets { address = address.dropFirst().dropLast() }
    guard let host = HostAddress(String(address)), isInBrackets == (host.v4 == nil || address.contains(":")) else {
      return nil
    }
    self.init(host: host, port: port)
  }
}
