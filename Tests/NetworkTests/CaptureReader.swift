import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

/// A frame of a capture, read by the words of the formats and not by the code that writes them.
struct CapturedFrame: Equatable {
  var time: Nanoseconds
  var source: String
  var destination: String
  var message: Message?

  /// Reads a file in the format pcapng, and checks lengths, padding and checksums on the way.
  static func all(in file: [UInt8], blockNumbers: BlockNumberWidth) throws -> [CapturedFrame] {
    var frames: [CapturedFrame] = []
    var position = 0
    var kinds: [UInt32] = []
    while position < file.count {
      let kind = little(file, position)
      let length = Int(little(file, position + 4))
      try #require(length >= 12 && length % 4 == 0 && position + length <= file.count)
      expect(little(file, position + length - 4), equals: UInt32(length))
      kinds.append(kind)
      if kind == 6 { frames.append(try frame(Array(file[position + 8..<position + length - 4]), blockNumbers)) }
      position += length
    }
    expect(kinds.prefix(2), equals: [0x0A0D_0D0A, 1])
    #expect(kinds.dropFirst(2).allSatisfy { $0 == 6 })
    return frames
  }

  private static func frame(_ block: [UInt8], _ width: BlockNumberWidth) throws -> CapturedFrame {
    let time = UInt64(little(block, 4)) << 32 | UInt64(little(block, 8))
    let length = Int(little(block, 12))
    #expect(length >= 60 && little(block, 16) == UInt32(length))
    let frame = Array(block[20..<20 + length])
    #expect(frame[12...13] == [8, 0] && frame[14] == 0x45 && frame[23] == 17)
    let (ip, total) = (Array(frame[14..<34]), Int(big(frame, 16)))
    expect(sum(ip), equals: 0xFFFF, "the checksum of IPv4")
    let udp = Array(frame[34..<14 + total])
    expect(Int(big(udp, 4)), equals: udp.count)
    let pseudo: [UInt8] = frame[26..<34] + [0, 17] + udp[4..<6]
    expect(sum(pseudo + udp), equals: 0xFFFF, "the checksum of UDP")
    #expect(frame[(14 + total)...].allSatisfy { $0 == 0 })
    func end(_ address: Int, _ port: Int) -> String {
      frame[address..<address + 4].map(String.init).joined(separator: ".") + ":\(big(udp, port))"
    }
    let packet = try Packet(decoding: Array(udp[8...]), blockNumbers: width)
    return CapturedFrame(
      time: Nanoseconds(Int64(time)), source: end(26, 0), destination: end(30, 2), message: Message(packet))
  }

  private static func little(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * $1) }
  }

  private static func big(_ bytes: [UInt8], _ index: Int) -> UInt16 {
    UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
  }

  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    bytes.withUnsafeBytes { bytes in
      var index = 0
      while index < bytes.count {
        sum += UInt32(bytes[index]) << (index & 1 == 0 ? 8 : 0)
        index += 1
      }
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum
  }
}
