/// The value of the option `multicast` (RFC 2090).
public enum Multicast: Hashable, Sendable {
  /// The empty value: a client asks for multicast.
  case request
  /// `addr,port,mc`: the server's answer. A later answer may leave out the address and the port, as in `,,1`.
  ///
  /// The address is an IPv4 or IPv6 literal of at most 45 of the characters `0-9 a-f A-F . :`. The transport finds out
  /// whether it is the address of a group. The port is 1…65535. `isActive` is the RFC's `mc`: whether the client is the
  /// master client, which sends the acknowledgments. This project calls it the active device.
  case reply(address: String?, port: UInt16?, isActive: Bool)
}

/// The characters that an address may have. They are checked both when it is read and when it is written.
enum AddressLiteral {
  /// The longest text of an IPv6 address: one that ends in an IPv4 address.
  static let maximumByteCount = 45

  static func allows(byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    default: false
    }
  }

  static func allows(_ address: String) -> Bool {
    1...maximumByteCount ~= address.utf8.count && address.utf8.allSatisfy(allows(byte:))
  }
}
