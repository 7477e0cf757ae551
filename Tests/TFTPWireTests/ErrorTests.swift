import BlockTransfer
import TFTPWire
import TestSupport
import Testing

/// What is refused, why, and at which byte.
struct ErrorTests {
  private static let refused: [([UInt8], WireError)] = [
    ([], WireError(.truncated, at: 0)), ([0], WireError(.truncated, at: 1)),
    ([0, 0], WireError(.unsupportedOpcode(0), at: 0)), ([0, 7], WireError(.unsupportedOpcode(7), at: 0)),
    ([1, 4, 0, 0], WireError(.unsupportedOpcode(0x104), at: 0)),
    (wireBytes(0, 2, text: "f\0octet\0"), WireError(.unsupportedOpcode(2), at: 0)),
    ([0, 3, 0], WireError(.truncated, at: 3)), ([0, 4], WireError(.truncated, at: 2)),
    ([0, 4, 0, 1, 0], WireError(.trailingBytes, at: 4)), ([0, 5, 0], WireError(.truncated, at: 3)),
    ([0, 5, 0, 1], WireError(.unterminatedString, at: 4)), ([0, 5, 0, 1, 65], WireError(.unterminatedString, at: 4)),
    ([0, 5, 0, 1, 65, 0, 0], WireError(.trailingBytes, at: 6)),
    ([0, 5, 0, 1, 65, 0x80, 0], WireError(.notASCII, at: 5)),
    ([0, 1], WireError(.unterminatedString, at: 2)),
    (wireBytes(0, 1, text: "f\0"), WireError(.unterminatedString, at: 4)),
    (wireBytes(0, 1, 0xC3, 0xA4, 0, text: "octet\0"), WireError(.notASCII, at: 2)),
    (wireBytes(0, 1, text: "f\0mail\0"), WireError(.unsupportedMode, at: 4)),
    (wireBytes(0, 1, text: "f\0\0"), WireError(.unsupportedMode, at: 4)),
    (wireBytes(0, 1, text: "f\0octets\0"), WireError(.unsupportedMode, at: 4)),
    (wireBytes(0, 1, text: "f\0octet\0tsize"), WireError(.unterminatedString, at: 10)),
    (wireBytes(0, 1, text: "f\0octet\0tsize\0"), WireError(.unterminatedString, at: 16)),
    (wireBytes(0, 6, text: "\0x\0"), WireError(.emptyOptionName, at: 2)),
    ([0, 6, 0x61, 0, 0x31, 0xB2, 0], WireError(.notASCII, at: 5)),
    (wireBytes(0, 6, text: "tsize\u{0}1\u{0}TSIZE\u{0}1\u{0}"), WireError(.duplicateOption("tsize"), at: 10)),
    (wireBytes(0, 6, text: "Ab\u{0}1\u{0}aB\u{0}2\u{0}"), WireError(.duplicateOption("ab"), at: 7)),
  ]

  @Test(arguments: refused)
  func bytesThatAreNoPacketAreRefused(bytes: [UInt8], error: WireError) {
    #expect(throws: error) { try Packet(decoding: bytes, blockNumbers: .bits16) }
    #expect(throws: error) { try Packet(decoding: bytes.span.bytes, blockNumbers: .bits16) }
  }

  @Test
  func narrowAcknowledgmentIsNoWideOne() {
    #expect(throws: WireError(.truncated, at: 4)) { try Packet(decoding: [0, 4, 0, 1], blockNumbers: .bits32) }
    #expect(throws: WireError(.trailingBytes, at: 4)) {
      try Packet(decoding: [0, 4, 0, 0, 0, 1], blockNumbers: .bits16)
    }
  }

  @Test(arguments: [BlockNumber(65536), 65537, .max])
  func blockNumberThatDoesNotFitIsRefusedNotCutOff(block: BlockNumber) throws {
    let error = WireError(.blockNumberTooLarge(block), at: 2)
    #expect(throws: error) { try Packet.acknowledgment(block).encoded(blockNumbers: .bits16) }
    #expect(throws: error) { try Packet.data(block: block, payload: [1]).encoded(blockNumbers: .bits16) }
    try expect(Packet.acknowledgment(block).encoded(blockNumbers: .bits32).count, equals: 6)
  }

  @Test(arguments: BlockNumberWidth.allCases)
  func payloadIsAtMostTheLargestBlock(width: BlockNumberWidth) throws {
    let largest = Packet.data(block: 1, payload: ArraySlice(repeating: 1, count: 65464))
    var bytes = try largest.encoded(blockNumbers: width)
    try expect(Packet(decoding: bytes, blockNumbers: width), equals: largest)
    let limit = bytes.count
    bytes.append(1)
    let error = WireError(.tooLong(limit: limit), at: limit)
    #expect(throws: error) { try Packet(decoding: bytes, blockNumbers: width) }
    #expect(throws: error) {
      try Packet.data(block: 1, payload: ArraySlice(repeating: 1, count: 65465)).encoded(blockNumbers: width)
    }
  }

  @Test
  func requestIsAtMost512Bytes() throws {
    let longest = Packet.readRequest(ReadRequest(fileName: String(repeating: "f", count: 512 - 9)))
    var bytes = try longest.encoded(blockNumbers: .bits16)
    expect(bytes.count, equals: 512)
    try expect(Packet(decoding: bytes, blockNumbers: .bits16), equals: longest)
    bytes.insert(0x66, at: 2)
    let error = WireError(.tooLong(limit: 512), at: 512)
    #expect(throws: error) { try Packet(decoding: bytes, blockNumbers: .bits16) }
    #expect(throws: error) {
      try Packet.readRequest(ReadRequest(fileName: String(repeating: "f", count: 504))).encoded(blockNumbers: .bits16)
    }
  }

  @Test
  func optionsAreAtMost64() throws {
    let options = Options((0..<64).map { .unknown(name: "x\($0)", value: "") })
    var bytes = try Packet.optionAcknowledgment(options).encoded(blockNumbers: .bits16)
    try expect(Packet(decoding: bytes, blockNumbers: .bits16), equals: .optionAcknowledgment(options))
    let error = WireError(.tooManyOptions, at: bytes.count)
    bytes += "y\0\0".utf8
    #expect(throws: error) { try Packet(decoding: bytes, blockNumbers: .bits16) }
    #expect(throws: error) {
      try Packet.optionAcknowledgment(Options(options.list + [.wideBlockNumbers])).encoded(blockNumbers: .bits16)
    }
  }

  @Test(arguments: [
    (Packet.readRequest(ReadRequest(fileName: "a\0b")), WireError(.notASCII, at: 3)),
    (.readRequest(ReadRequest(fileName: "fü")), WireError(.notASCII, at: 3)),
    (.error(code: .undefined, message: "é"), WireError(.notASCII, at: 4)),
    (.optionAcknowledgment([.unknown(name: "", value: "x")]), WireError(.emptyOptionName, at: 2)),
    (.optionAcknowledgment([.unknown(name: "a\0", value: "x")]), WireError(.notASCII, at: 3)),
    (.optionAcknowledgment([.unknown(name: "ab", value: "x\0")]), WireError(.notASCII, at: 6)),
    (.optionAcknowledgment([.unknown(name: "Tsize", value: "1")]), WireError(.misnamedOption(.transferSize), at: 2)),
    (
      .optionAcknowledgment([.transferSize(1), .transferSize(1)]), WireError(.duplicateOption("tsize"), at: 10)
    ),
    (
      .readRequest(
        ReadRequest(fileName: "f", options: [.unknown(name: "a", value: ""), .unknown(name: "A", value: "")])
      ),
      WireError(.duplicateOption("a"), at: 13)
    ),
  ])
  func packetThatCouldNotBeReadBackIsNotWritten(packet: Packet, error: WireError) {
    #expect(throws: error) { try packet.encoded(blockNumbers: .bits16) }
  }

  @Test
  func errorsSayWhatIsWrongAndWhere() {
    expect(
      WireError(.malformedOption(.blockSize), at: 9).description,
      equals: "byte 9: the value of option blksize is malformed")
    expect(WireError(.unsupportedOpcode(2), at: 0).description, equals: "byte 0: opcode 2 is not supported")
  }
}
