import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

/// Writes captured packets in the format pcapng, with all that is around TFTP on an Ethernet.
///
/// The server is 192.168.0.1 and sends everything from port 69. Device *d* is 10.x.y.z, where x.y.z is *d*, and sends from
/// port 49152. The payload of DATA is zeros, of the true length.
struct CaptureEncoder: Sendable {
  private static let serverPort: UInt16 = 69
  private static let devicePort: UInt16 = 49152
  private static let serverAddress: UInt32 = 192 << 24 | 168 << 16 | 1
  private static let headerBytes = 14 + 20 + 8
  /// A frame without its check sequence has at least so many bytes.
  private static let leastFrameBytes = 60

  private let wire: WireContext
  private let file: FileLayout
  private let groupAddress: UInt32
  private let zeros: [UInt8]

  init(wire: WireContext, file: FileLayout) {
    self.wire = wire
    self.file = file
    groupAddress = wire.groupAddress.split(separator: ".").reduce(0) { $0 << 8 | (UInt32($1) ?? 0) }
    zeros = [UInt8](repeating: 0, count: Int(file.blockSize))
  }

  // MARK: pcapng

  /// The blocks that a file begins with: the section and its one interface, with nanoseconds.
  func beginning(interface name: String, comment: String) -> [UInt8] {
    var section: [UInt8] = []
    section.append(little: 0x1A2B_3C4D as UInt32)
    section.append(little: 1 as UInt16)
    section.append(little: 0 as UInt16)
    section.append(little: UInt64.max)  // the section's length is not told
    section.append(option: 1, Array(comment.utf8))
    section.append(option: 0, [])
    var interface: [UInt8] = []
    interface.append(little: 1 as UInt16)  // Ethernet
    interface.append(little: 0 as UInt16)
    interface.append(little: 0 as UInt32)  // frames are never cut
    interface.append(option: 2, Array(name.utf8))
    interface.append(option: 9, [9])  // times in 10⁻⁹ s
    interface.append(option: 0, [])
    var bytes: [UInt8] = []
    bytes.append(block: 0x0A0D_0D0A, section)
    bytes.append(block: 1, interface)
    return bytes
  }

  /// Appends a packet.
  ///
  /// - Throws: a `WireError` for a packet that TFTP cannot say.
  func append(_ packet: CapturedPacket, to bytes: inout [UInt8]) throws(WireError) {
    let frame = try frame(of: packet)
    let time = UInt64(packet.time.count)
    var body: [UInt8] = []
    body.reserveCapacity(20 + frame.count + 3)
    body.append(little: 0 as UInt32)  // the interface
    body.append(little: UInt32(time >> 32))
    body.append(little: UInt32(truncatingIfNeeded: time))
    body.append(little: UInt32(frame.count))
    body.append(little: UInt32(frame.count))
    body += frame
    bytes.append(block: 6, body)
  }

  // MARK: Ethernet, IPv4, UDP

  private struct End {
    var address: UInt32
    var port: UInt16
  }

  private func ends(of way: CapturedPacket.Way) -> (source: End, destination: End) {
    let server = End(address: Self.serverAddress, port: Self.serverPort)
    func device(_ number: DeviceID) -> End {
      End(address: 10 << 24 | number & 0xFF_FFFF, port: Self.devicePort)
    }
    return switch way {
    case .from(let number): (device(number), server)
    case .to(let number): (server, device(number))
    case .toGroup: (server, End(address: groupAddress, port: wire.groupPort))
    }
  }

  private func frame(of packet: CapturedPacket) throws(WireError) -> [UInt8] {
    let (source, destination) = ends(of: packet.way)
    var frame: [UInt8] = []
    frame.reserveCapacity(Self.headerBytes + zeros.count + 8)
    frame.append(hardware: destination.address)
    frame.append(hardware: source.address)
    frame.append(big: 0x0800 as UInt16)
    frame += [UInt8](repeating: 0, count: Self.headerBytes - frame.count)
    var payload = zeros[..<0]
    if let block = packet.message.block { payload = zeros[..<Int(file.bytes(of: block))] }
    try packet.message.packet(in: wire, payload: payload).encode(blockNumbers: wire.blockNumbers, into: &frame)
    writeHeaders(of: &frame, from: source, to: destination)
    frame += [UInt8](repeating: 0, count: max(0, Self.leastFrameBytes - frame.count))
    return frame
  }

  private func writeHeaders(of frame: inout [UInt8], from source: End, to destination: End) {
    let (ip, udp) = (14, 34)
    let udpBytes = UInt16(frame.count - udp)
    var header: [UInt8] = [0x45, 0]
    header.append(big: udpBytes + 20)
    header.append(big: 0 as UInt16)  // an atomic datagram needs no number (RFC 6864)
    header.append(big: 0x4000 as UInt16)  // never fragmented
    header += [64, 17, 0, 0]
    header.append(big: source.address)
    header.append(big: destination.address)
    header.write(big: Self.checksum(Self.sum(of: header[...])), at: 10)
    frame.replaceSubrange(ip..<udp, with: header)

    frame.write(big: source.port, at: udp)
    frame.write(big: destination.port, at: udp + 2)
    frame.write(big: udpBytes, at: udp + 4)
    let addresses = Self.sum(of: header[12...])
    let checksum = Self.checksum(Self.sum(of: frame[udp...]) + addresses + 17 + UInt64(udpBytes))
    frame.write(big: checksum == 0 ? .max : checksum, at: udp + 6)  // 0 would say that there is none
  }

  /// The sum of 16-bit words (RFC 1071), not folded yet.
  private static func sum(of bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      var sum: UInt64 = 0
      for index in stride(from: 0, to: bytes.count - 1, by: 2) {
        sum &+= UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
      }
      return bytes.count.isMultiple(of: 2) ? sum : sum &+ UInt64(bytes[bytes.count - 1]) << 8
    }
  }

  private static func checksum(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return ~UInt16(sum)
  }
}

extension [UInt8] {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(big number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func write(big number: UInt16, at index: Int) {
    self[index] = UInt8(number >> 8)
    self[index + 1] = UInt8(truncatingIfNeeded: number)
  }

  /// The Ethernet address of an IPv4 address: a group's by RFC 1112, any other's a local one with the address in it.
  fileprivate mutating func append(hardware address: UInt32) {
    if address >> 28 == 0b1110 {
      self += [0x01, 0x00, 0x5E]
      append(big: address & 0x7F_FFFF)
      remove(at: count - 4)
    } else {
      self += [0x02, 0x00]
      append(big: address)
    }
  }

  /// Appends an option of pcapng, filled up to a multiple of four bytes.
  fileprivate mutating func append(option code: UInt16, _ value: [UInt8]) {
    append(little: code)
    append(little: UInt16(value.count))
    self += value
    fill()
  }

  /// Appends a block of pcapng, its length before and after it.
  fileprivate mutating func append(block type: UInt32, _ body: [UInt8]) {
    let padding = (4 - body.count % 4) % 4
    let length = UInt32(12 + body.count + padding)
    append(little: type)
    append(little: length)
    self += body
    self += [UInt8](repeating: 0, count: padding)
    append(little: length)
  }

  private mutating func fill() { self += [UInt8](repeating: 0, count: (4 - count % 4) % 4) }
}
