import TFTPWire
import Testing

/// Every kind of packet against bytes written down by hand.
struct VectorTests {
  @Test(arguments: Vector.all)
  func encodesToTheBytesWrittenByHand(vector: Vector) throws {
    #expect(try vector.packet.encoded(blockNumbers: vector.width) == vector.bytes)
    #expect(vector.packet.encodedLength(blockNumbers: vector.width) == vector.bytes.count)
  }

  @Test(arguments: Vector.all)
  func decodesFromTheBytesWrittenByHand(vector: Vector) throws {
    #expect(try Packet(decoding: vector.bytes, blockNumbers: vector.width) == vector.packet)
    #expect(try Packet(decoding: vector.bytes.span.bytes, blockNumbers: vector.width) == vector.packet)
  }

  @Test
  func encodingAppendsToWhatTheBufferHolds() throws {
    var buffer: [UInt8] = [42]
    try Packet.acknowledgment(7).encode(blockNumbers: .bits16, into: &buffer)
    #expect(buffer == [42, 0, 4, 0, 7])
  }

  @Test
  func encodingAppendsNothingWhenItThrows() {
    var buffer: [UInt8] = [42]
    let options: Options = [.transferSize(1), .blockSize(7)]
    #expect(throws: WireError.self) {
      try Packet.optionAcknowledgment(options).encode(blockNumbers: .bits16, into: &buffer)
    }
    #expect(throws: WireError.self) { try DataHeader(block: 65536).encode(blockNumbers: .bits16, into: &buffer) }
    #expect(buffer == [42])
  }

  @Test(arguments: BlockNumberWidth.allCases)
  func dataHeaderIsWhatStandsBeforeThePayload(width: BlockNumberWidth) throws {
    var bytes: [UInt8] = []
    try DataHeader(block: 513).encode(blockNumbers: width, into: &bytes)
    #expect(bytes.count == DataHeader.encodedLength(blockNumbers: width))
    bytes += [8, 9]
    #expect(try Packet(decoding: bytes, blockNumbers: width) == .data(block: 513, payload: [8, 9]))
    #expect(try DataHeader(decoding: bytes.span.bytes, blockNumbers: width).block == 513)
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
    #expect(packet == .readRequest(ReadRequest(fileName: "f")))
  }
}
