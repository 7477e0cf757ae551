import TFTPWire
import TestSupport
import Testing

/// The options' names, values, limits and order.
struct OptionTests {
  /// Decodes an OACK with one option.
  private func decode(_ name: String, _ value: String) throws -> TransferOption? {
    let bytes = wireBytes(0, 6, text: "\(name)\0\(value)\0")
    guard case .optionAcknowledgment(let options) = try Packet(decoding: bytes, blockNumbers: .bits16) else {
      return nil
    }
    return options.list.first
  }

  @Test(arguments: [
    ("blksize", "8", TransferOption.blockSize(8)), ("blksize", "65464", .blockSize(65464)),
    ("blksize", "0512", .blockSize(512)), ("BlkSize", "512", .blockSize(512)),
    ("tsize", "0", .transferSize(0)), ("TSIZE", "18446744073709551615", .transferSize(.max)),
    ("timeout", "1", .timeout(seconds: 1)), ("timeout", "255", .timeout(seconds: 255)),
    ("windowsize", "1", .windowSize(1)), ("WindowSize", "65535", .windowSize(65535)),
    ("multicast", "", .multicast(.request)),
    ("multicast", "239.0.0.1,,0", .multicast(.reply(address: "239.0.0.1", port: nil, isActive: false))),
    ("multicast", ",65535,1", .multicast(.reply(address: nil, port: 65535, isActive: true))),
    ("MULTICAST", "FF02::1,1,0", .multicast(.reply(address: "FF02::1", port: 1, isActive: false))),
    ("promotion", "", .promotion(.request)), ("Promotion", "SMART", .promotion(.smart)),
    ("promotion", "Wait", .promotion(.wait)), ("promotion", "Check,0", .promotion(.check(session: 0))),
    ("promotion", "check,4294967295", .promotion(.check(session: .max))),
    (
      "promotion", "18446744073709551615,4294967295,4294967295",
      .promotion(.offer(threshold: .max, continuity: .max, endedSessions: .max))
    ),
    ("blocknumbers", "32", .wideBlockNumbers),
    ("blksize2", "7", .unknown(name: "blksize2", value: "7")), ("X", "", .unknown(name: "X", value: "")),
  ])
  func valueInRangeIsRead(name: String, value: String, option: TransferOption) throws {
    try expect(decode(name, value), equals: option)
  }

  @Test(arguments: [
    (
      OptionName.blockSize,
      ["", "7", "0", "65465", "65536", "4294967296", "+512", "-512", " 512", "512 ", "5x", "0x200"]
    ),
    (.transferSize, ["", "18446744073709551616", "99999999999999999999999", "-1", "+0", "1 ", "1.0"]),
    (.timeout, ["", "0", "256", "-1", "+1", " 1", "1s"]),
    (.windowSize, ["", "0", "65536", "4294967297", "+1"]),
    (
      .multicast,
      [
        ",", ",,", ",,2", ",,-1", ",,1,", ",,,", "1", "239.0.0.1,0,1", "239.0.0.1,65536,1", "239.0.0.1,+1,1",
        "239.0.0.1, 1,1", " 239.0.0.1,1,1", "boot.example,1,1", "1111:1111:1111:1111:1111:1111:111.111.111.1111,1,1",
      ]
    ),
    (
      .promotion,
      [
        ",", "smart,", "smart ", "waiting", "check", "check,", "check,-1", "check,4294967296", "check,1,2", "chec,1",
        "1",
        "1,2", "1,2,", ",2,3", "1,2,3,4", "1,2,3,4,5", "1,2,3,4,5,", "1,2,3,4,5,6,7", "1,2,3,4,5,6,",
        "1,2,3,4,5,4294967296",
        "1,18446744073709551616,3,4,5,6", "18446744073709551616,1,1", "1,4294967296,1", "+1,1,1", "1, 1,1",
      ]
    ),
    (.blockNumbers, ["", "16", "64", "+32", "32,", "4294967328"]),
  ])
  func valueOutOfRangeOrFormIsRefusedByName(name: OptionName, values: [String]) {
    for value in values {
      #expect(throws: WireError(.malformedOption(name), at: 2 + name.rawValue.utf8.count + 1), "\(value)") {
        try decode(name.rawValue, value)
      }
    }
  }

  @Test(
    "A request for a value that cannot be had asks for nothing, or for the largest one (RFC 2347)",
    arguments: [
      ("blksize", ["", "0", "7", "-512", "512 ", "5x", "99999999999999999999999"], nil),
      ("blksize", ["65465", "65536", "4294967296"], TransferOption.blockSize(65464)),
      ("windowsize", ["", "0", "+1"], nil),
      ("windowsize", ["65536", "4294967297"], .windowSize(65535)),
      ("tsize", ["", "-1", "1.0", "18446744073709551616"], nil),
      ("timeout", ["", "0", "256", "1s"], nil),
      ("multicast", ["1", ",,2", "boot.example,1,1"], nil),
      ("blocknumbers", ["", "16", "64"], nil),
    ])
  func requestForAValueThatCannotBeHad(name: String, values: [String], option: TransferOption?) throws {
    for value in values {
      let bytes = wireBytes(0, 1, text: "boot.img\0octet\0\(name)\0\(value)\0tsize2\0x\0")
      let expected = Options([option, .unknown(name: "tsize2", value: "x")].compactMap { $0 })
      try expect(
        Packet(decoding: bytes, blockNumbers: .bits16),
        equals: .readRequest(ReadRequest(fileName: "boot.img", options: expected)), "\(value)")
    }
  }

  @Test("A report that cannot be read is refused: it asks for no transfer")
  func malformedReport() {
    let bytes = wireBytes(0, 1, text: "boot.img\0octet\0promotion\01,2,3,4,5\0")
    #expect(throws: WireError(.malformedOption(.promotion), at: 27)) {
      try Packet(decoding: bytes, blockNumbers: .bits16)
    }
  }

  @Test(arguments: [
    (TransferOption.blockSize(7), OptionName.blockSize), (.blockSize(65465), .blockSize),
    (.timeout(seconds: 0), .timeout), (.windowSize(0), .windowSize), (.windowSize(65536), .windowSize),
    (.multicast(.reply(address: "", port: 1, isActive: true)), .multicast),
    (.multicast(.reply(address: "1,2", port: 1, isActive: true)), .multicast),
    (.multicast(.reply(address: nil, port: 0, isActive: true)), .multicast),
  ])
  func valueOutOfRangeIsNotWritten(option: TransferOption, name: OptionName) {
    #expect(throws: WireError(.malformedOption(name), at: 2 + name.rawValue.utf8.count + 1)) {
      try Packet.optionAcknowledgment([option]).encoded(blockNumbers: .bits16)
    }
  }

  @Test(arguments: [
    (Int64(1), UInt8(1)), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (254_000_000_001, 255),
    (255_000_000_000, 255),
  ])
  func timeoutIsRoundedUpToWholeSeconds(nanoseconds: Int64, seconds: UInt8) {
    expect(TransferOption.timeout(roundingUpNanoseconds: nanoseconds), equals: .timeout(seconds: seconds))
  }

  @Test(arguments: [Int64.min, -1, 0, 255_000_000_001, .max])
  func timeoutThatTheOptionCanNotSayIsNil(nanoseconds: Int64) {
    #expect(TransferOption.timeout(roundingUpNanoseconds: nanoseconds) == nil)
  }

  @Test(arguments: UInt64(0)..<50)
  func orderOfOptionsIsKept(seed: UInt64) throws {
    var random = RandomPackets(seed: seed)
    let options = random.options()
    let bytes = try Packet.optionAcknowledgment(options).encoded(blockNumbers: .bits16)
    guard case .optionAcknowledgment(let read) = try Packet(decoding: bytes, blockNumbers: .bits16) else {
      Issue.record("an OACK was read as another packet")
      return
    }
    expect(read.list, equals: options.list)
  }

  @Test
  func optionsAreFoundByName() {
    let options: Options = [
      .unknown(name: "x", value: "1"), .wideBlockNumbers, .promotion(.smart), .multicast(.request), .windowSize(2),
      .timeout(seconds: 3), .transferSize(4), .blockSize(8),
    ]
    expect(options.blockSize, equals: 8)
    expect(options.transferSize, equals: 4)
    expect(options.timeoutSeconds, equals: 3)
    expect(options.windowSize, equals: 2)
    expect(options.multicast, equals: .request)
    expect(options.promotion, equals: .smart)
    expect(options.blockNumberWidth, equals: .bits32)
    expect(Options().blockNumberWidth, equals: .bits16)
    #expect(Options().blockSize == nil)
  }
}
