import TFTPWire
import Testing

/// A packet with the bytes that it must have.
struct Vector: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let packet: Packet
  let width: BlockNumberWidth
  let bytes: [UInt8]

  init(_ name: String, _ packet: Packet, _ width: BlockNumberWidth = .bits16, is bytes: [UInt8]) {
    testDescription = name
    self.packet = packet
    self.width = width
    self.bytes = bytes
  }

  static let all = plain + negotiation + promotion

  /// RFC 1350, and the wide numbers of R21.
  private static let plain = [
    Vector(
      "RFC 1350 RRQ",
      .readRequest(ReadRequest(fileName: "boot.img")),
      is: [0, 1, 0x62, 0x6F, 0x6F, 0x74, 0x2E, 0x69, 0x6D, 0x67, 0, 0x6F, 0x63, 0x74, 0x65, 0x74, 0]
    ),
    Vector(
      "RFC 1350 RRQ in netascii",
      .readRequest(ReadRequest(fileName: "a", mode: .netascii)),
      is: wireBytes(0, 1, text: "a\0netascii\0")
    ),
    Vector("RFC 1350 DATA", .data(block: 0x1234, payload: [0, 255, 7]), is: [0, 3, 0x12, 0x34, 0, 255, 7]),
    Vector("RFC 1350 DATA, empty last block", .data(block: 65535, payload: []), is: [0, 3, 0xFF, 0xFF]),
    Vector("R21 DATA", .data(block: 0x0102_0304, payload: [9]), .bits32, is: [0, 3, 1, 2, 3, 4, 9]),
    Vector("RFC 1350 ACK", .acknowledgment(0x0102), is: [0, 4, 1, 2]),
    Vector("RFC 2090 ACK 0", .acknowledgment(0), is: [0, 4, 0, 0]),
    Vector("R21 ACK", .acknowledgment(.max), .bits32, is: [0, 4, 255, 255, 255, 255]),
    Vector("R21 ACK of a small number", .acknowledgment(5), .bits32, is: [0, 4, 0, 0, 0, 5]),
    Vector(
      "RFC 1350 ERROR",
      .error(code: .fileNotFound, message: "File not found"),
      is: wireBytes(0, 5, 0, 1, text: "File not found\0")
    ),
    Vector("RFC 2347 ERROR 8", .error(code: .optionNegotiation, message: ""), is: [0, 5, 0, 8, 0]),
    Vector(
      "ERROR with a code of no RFC",
      .error(code: ErrorCode(rawValue: 0xABCD), message: "?"),
      is: [0, 5, 0xAB, 0xCD, 0x3F, 0]
    ),
  ]

  /// RFC 2347, 2348, 2349, 7440 and 2090.
  private static let negotiation = [
    Vector("RFC 2348 RRQ", request([.blockSize(1428)]), is: wireBytes(0, 1, text: "foobar\0octet\0blksize\01428\0")),
    Vector("RFC 2349 RRQ", request([.transferSize(0)]), is: wireBytes(0, 1, text: "foobar\0octet\0tsize\00\0")),
    Vector("RFC 2349 OACK", acknowledgment([.transferSize(673312)]), is: wireBytes(0, 6, text: "tsize\0673312\0")),
    Vector(
      "RFC 2349 timeout",
      request([.timeout(seconds: 1)]),
      is: wireBytes(0, 1, text: "foobar\0octet\0timeout\01\0")
    ),
    Vector("RFC 7440 RRQ", request([.windowSize(16)]), is: wireBytes(0, 1, text: "foobar\0octet\0windowsize\016\0")),
    Vector("RFC 2090 RRQ", request([.multicast(.request)]), is: wireBytes(0, 1, text: "foobar\0octet\0multicast\0\0")),
    Vector(
      "RFC 2090 OACK to the master client",
      acknowledgment([.multicast(.reply(address: "224.100.100.100", port: 1758, isActive: true))]),
      is: wireBytes(0, 6, text: "multicast\0224.100.100.100,1758,1\0")
    ),
    Vector(
      "RFC 2090 OACK to another client",
      acknowledgment([.multicast(.reply(address: "224.100.100.100", port: 1758, isActive: false))]),
      is: wireBytes(0, 6, text: "multicast\0224.100.100.100,1758,0\0")
    ),
    Vector(
      "RFC 2090 OACK to the next master client",
      acknowledgment([.multicast(.reply(address: nil, port: nil, isActive: true))]),
      is: wireBytes(0, 6, text: "multicast\0,,1\0")
    ),
    Vector(
      "RFC 2347 unknown option",
      request([.unknown(name: "Rollover", value: "0")]),
      is: wireBytes(0, 1, text: "foobar\0octet\0Rollover\00\0")
    ),
    Vector("OACK without options", acknowledgment([]), is: [0, 6]),
  ]

  /// R1, R2, R9, R10, R12 and R21.
  private static let promotion = [
    Vector(
      "R1",
      .readRequest(ReadRequest(fileName: "boot.img", options: joining)),
      is: wireBytes(
        0,
        1,
        text: "boot.img\0octet\0blksize\01428\0tsize\00\0timeout\01\0windowsize\01\0"
          + "multicast\0\0promotion\0\0blocknumbers\032\0"
      )
    ),
    Vector(
      "R2",
      acknowledgment([
        .blockSize(1428), .transferSize(50_331_648), .timeout(seconds: 1), .windowSize(1),
        .multicast(.reply(address: "239.192.0.1", port: 1758, isActive: true)),
        .promotion(.offer(threshold: 65536, continuity: 1, endedSessions: 0)), .wideBlockNumbers,
      ]),
      is: wireBytes(
        0,
        6,
        text: "blksize\01428\0tsize\050331648\0timeout\01\0windowsize\01\0"
          + "multicast\0239.192.0.1,1758,1\0promotion\065536,1,0\0blocknumbers\032\0"
      )
    ),
    Vector("R9", acknowledgment([.promotion(.check(session: 3))]), is: wireBytes(0, 6, text: "promotion\0check,3\0")),
    Vector(
      "R10",
      .readRequest(ReadRequest(fileName: "boot.img", options: [.promotion(.report(report))])),
      is: wireBytes(0, 1, text: "boot.img\0octet\0promotion\012,16000,5,4,2,3\0")
    ),
    Vector("R12 smart", acknowledgment([.promotion(.smart)]), is: wireBytes(0, 6, text: "promotion\0smart\0")),
    Vector("R12 wait", acknowledgment([.promotion(.wait)]), is: wireBytes(0, 6, text: "promotion\0wait\0")),
  ]

  private static let joining: Options = [
    .blockSize(1428), .transferSize(0), .timeout(seconds: 1), .windowSize(1), .multicast(.request),
    .promotion(.request),
    .wideBlockNumbers,
  ]

  private static let report = GapReport(
    missingPackets: 12,
    totalGapBytes: 16000,
    gaps: 5,
    largestGap: 4,
    chains: 2,
    longestChain: 3
  )

  private static func request(_ options: Options) -> Packet {
    .readRequest(ReadRequest(fileName: "foobar", options: options))
  }

  private static func acknowledgment(_ options: Options) -> Packet { .optionAcknowledgment(options) }
}
