import TFTPWire
import TestSupport
import Testing

/// Every kind of packet against bytes written down by hand.
struct VectorTests {
  @Test(arguments: Vector.all)
  func encodesToTheBytesWrittenByHand(vector: Vector) throws {
    try expect(vector.packet.encoded(blockNumbers: vector.width), equals: vector.bytes)
    expect(vector.packet.encodedLength(blockNumbers: vector.width), equals: vector.bytes.count)
  }

  @Test(arguments: Vector.all)
  func decodesFromTheBytesWrittenByHand(vector: Vector) throws {
    try expect(Packet(decoding: vector.bytes, blockNumbers: vector.width), equals: vector.packet)
    try expect(Packet(decoding: vector.bytes.span.bytes, blockNumbers: vector.width), equals: vector.packet)
  }

  @Test
  func encodingAppendsToWhatTheBufferHolds() throws {
    var buffer: [UInt8] = [42]
    try Packet.acknowledgment(7).encode(blockNumbers: .bits16, into: &buffer)
    expect(buffer, equals: [42, 0, 4, 0, 7])
  }

  @Test
  func encodingAppendsNothingWhenItThrows() {
    var buffer: [UInt8] = [42]
    let options: Options = [.transferSize(1), .blockSize(7)]
    #expect(throws: WireError.self) {
      try Packet.optionAcknowledgment(options).encode(blockNumbers: .bits16, into: &buffer)
    }
    #expect(throws: WireError.self) { try DataHeader(block: 65536).encode(blockNumbers: .bits16, into: &buffer) }
    expect(buffer, equals: [42])
  }

  @Test(arguments: BlockNumberWidth.allCases)
  func dataHeaderIsWhatStandsBeforeThePayload(width: BlockNumberWidth) throws {
    var bytes: [UInt8] = []
    try DataHeader(block: 513).encode(blockNumbers: width, into: &bytes)
    expect(bytes.count, equals: DataHeader.encodedLength(blockNumbers: width))
    bytes += [8, 9]
    try expect(Packet(decoding: bytes, blockNumbers: width), equals: .data(block: 513, payload: [8, 9]))
    try expect(DataHeader(decoding: bytes.span.bytes, blockNumbers: width).block, equals: 513)
  }

  @Test
  func dataHeaderRefusesOtherPackets() {
    #expect(throws: WireError(.unsupportedOpcode(4), at: 0)) {
      try DataHeader(decoding: wireBytes(0, 4, 0, 1, text: "").span.bytes, blockNumbers: .bits16)
    }
  }

  @Test(arguments: ["OCTET", "Octet", "oCtEt"])
  func modeIsReadInAnyCase(mode: String) throws {
    let packet = try Packet(decoding: wireBytes(0, 1, text: "f\0\(mode)\0"), blockNumbers: .bits16)
    expect(packet, equals: .readRequest(ReadRequest(fileName: "f")))
  }
}
