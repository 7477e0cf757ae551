/// What a frame carries, as far as it matters here.
enum Datagram {
  /// A whole UDP datagram, or its beginning.
  case udp(UDP)
  /// A part of a datagram that IPv4 cut into fragments.
  case fragment(to: UInt32)
  /// The capture kept too little of the frame.
  case cut
  /// IPv6.
  case ipv6
  /// Any other.
  case other
  /// A link type that is not read.
  case unknownLink(UInt16)

  struct UDP {
    var source: UInt32
    var destination: UInt32
    var destinationPort: UInt16
    /// IPv4's number of the packet; often 0.
    var identification: UInt16
    /// The bytes of the payload, by its header.
    var length: UInt16
    /// What of the payload was captured.
    var payload: ArraySlice<UInt8>

    var isToGroup: Bool { Datagram.isGroup(destination) }
  }

  init(_ frame: Frame) {
    switch frame.linkType {
    case 1: self = Self.ethernet(frame.bytes, typeAt: 12)  // Ethernet
    case 113: self = Self.ethernet(frame.bytes, typeAt: 14)  // Linux cooked
    case 276: self = Self.network(frame.bytes.big16(0), frame.bytes.from(20))  // Linux cooked, version 2
    case 101, 12, 14, 228: self = Self.raw(frame.bytes)  // IP without anything before it
    case 0, 108: self = Self.raw(frame.bytes.from(4))  // a loopback of BSD
    default: self = .unknownLink(frame.linkType)
    }
  }

  static func isGroup(_ address: UInt32) -> Bool { address >> 28 == 0b1110 }

  private static func raw(_ bytes: ArraySlice<UInt8>) -> Datagram {
    switch bytes.byte(0).map({ $0 >> 4 }) {
    case 4: ipv4(bytes)
    case 6: .ipv6
    case nil: .cut
    default: .other
    }
  }

  /// The type of what follows, behind any number of VLAN tags (IEEE 802.1Q, 802.1ad).
  private static func ethernet(_ bytes: ArraySlice<UInt8>, typeAt offset: Int) -> Datagram {
    var offset = offset
    while let type = bytes.big16(offset), type == 0x8100 || type == 0x88A8 || type == 0x9100 { offset += 4 }
    return network(bytes.big16(offset), bytes.from(offset + 2))
  }

  private static func network(_ type: UInt16?, _ bytes: ArraySlice<UInt8>) -> Datagram {
    switch type {
    case 0x0800: ipv4(bytes)
    case 0x86DD: .ipv6
    case nil: .cut
    default: .other
    }
  }

  /// RFC 791, with options, and without the padding of a short frame.
  private static func ipv4(_ bytes: ArraySlice<UInt8>) -> Datagram {
    guard let first = bytes.byte(0), let total = bytes.big16(2), let identification = bytes.big16(4),
      let fragment = bytes.big16(6), let networkProtocol = bytes.byte(9), let source = bytes.big32(12),
      let destination = bytes.big32(16)
    else { return .cut }
    let headerLength = Int(first & 0xF) * 4
    guard first >> 4 == 4, headerLength >= 20, networkProtocol == 17 else { return .other }
    // More fragments follow, or this one is not the first.
    guard fragment & 0x3FFF == 0 else { return .fragment(to: destination) }
    // A network card that cuts large packets itself leaves 0 here.
    let packet = total == 0 ? bytes : bytes.prefix(Int(total))
    let udp = packet.from(headerLength)
    guard let destinationPort = udp.big16(2), let length = udp.big16(4) else { return .cut }
    guard length >= 8 else { return .other }
    return .udp(
      UDP(
        source: source, destination: destination, destinationPort: destinationPort, identification: identification,
        length: length - 8, payload: udp.from(8).prefix(Int(length) - 8)))
  }
}
