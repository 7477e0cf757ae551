import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("Messages as packets")
struct WireRoundTripTests {
  private static let largeReport = GapReport(
    missingPackets: .max,
    totalGapBytes: .max,
    gaps: .max,
    largestGap: .max,
    chains: .max,
    longestChain: .max
  )

  static let messages: [Message] = [
    .request(.usual), .request(.plain), .open, .report(.nothingMissing), .report(largeReport),
    gapReport(missing: 3, longest: 2),
    .data(1),
    .data(65_535), .acknowledgment(0), .acknowledgment(65_535), acceptance(isActive: true),
    acceptance(isActive: false, windowSize: 65_535, isWide: true, ended: .max, continuity: .max),
    acceptance(of: FileLayout(size: 0, blockSize: 8)!, isActive: false),
    .acceptance(Acceptance(file: tenBlocks, windowSize: 1, wideBlockNumbers: false, isActive: true, promotion: nil)),
    .check(session: 0), .check(session: .max), .notActive, .smart, .wait, .elected, .error(.fileNotFound),
  ]

  private func context(isWide: Bool = false) -> WireContext {
    var parameters = ProtocolParameters()
    parameters.wideBlockNumbers = isWide
    return WireContext(parameters: parameters)
  }

  @Test("every message survives the way to a packet, to bytes and back", arguments: messages, [false, true])
  func roundTrip(message: Message, isWide: Bool) throws {
    let context = context(isWide: isWide)
    let packet = message.packet(in: context, payload: [7, 7, 7])
    expect(Message(packet), equals: message)
    let bytes = try packet.encoded(blockNumbers: context.blockNumbers)
    expect(bytes.count, equals: message.encodedLength(in: context, payloadBytes: 3))
    expect(Message(try Packet(decoding: bytes, blockNumbers: context.blockNumbers)), equals: message)
  }

  @Test("block numbers above 65 535 need 32 bits", arguments: [Message.data(65_536), .acknowledgment(.max)])
  func wide(message: Message) throws {
    #expect(throws: WireError.self) { try message.packet(in: context()).encoded(blockNumbers: .bits16) }
    let bytes = try message.packet(in: context(isWide: true)).encoded(blockNumbers: .bits32)
    expect(Message(try Packet(decoding: bytes, blockNumbers: .bits32)), equals: message)
  }

  @Test("a request proposes the options in the order of R1, blocknumbers last (R21)", arguments: [false, true])
  func proposal(isWide: Bool) {
    var options: [TransferOption] = [
      .blockSize(1_428), .transferSize(0), .timeout(seconds: 1), .windowSize(1), .multicast(.request),
      .promotion(.request),
    ]
    if isWide { options.append(.wideBlockNumbers) }
    expect(
      Message.request(Proposal(context(isWide: isWide).parameters)).packet(in: context()),
      equals: .readRequest(ReadRequest(fileName: "boot.img", options: Options(options))))
  }

  @Test("its OACK accepts them in the same order (R2)", arguments: [false, true])
  func answer(isWide: Bool) {
    var options: [TransferOption] = [
      .blockSize(1_000), .transferSize(9_500), .timeout(seconds: 1), .windowSize(4),
      .multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: true)),
      .promotion(.offer(threshold: 0, continuity: 1, endedSessions: 2)),
    ]
    if isWide { options.append(.wideBlockNumbers) }
    expect(
      acceptance(isActive: true, windowSize: 4, isWide: isWide, ended: 2).packet(in: context(isWide: isWide)),
      equals: .optionAcknowledgment(Options(options)))
  }

  @Test("timeout is in whole seconds, rounded up; one that the option cannot say is left out (N1)")
  func timeout() {
    let cases: [(Nanoseconds, UInt8?)] = [
      (ms(1), 1), (s(1), 1), (s(1) + Nanoseconds(1), 2), (ms(1_500), 2), (s(255), 255), (s(256), nil),
    ]
    for (timeout, seconds) in cases {
      var parameters = ProtocolParameters()
      parameters.timeout = timeout
      guard case .readRequest(let request) = Message.request(Proposal(parameters)).packet(in: context()) else {
        Issue.record("a request is an RRQ")
        return
      }
      expect(request.options.timeoutSeconds, equals: seconds)
    }
  }

  @Test(
    "lengths, counted by hand",
    arguments: [
      // opcode, "boot.img", "octet", and for each option its name and value, each with its NUL
      (Message.open, 2 + 9 + 6),
      (.request(.usual), 17 + (8 + 5) + (6 + 2) + (8 + 2) + (11 + 2) + (10 + 1) + (10 + 1)),
      (.request(.plain), 17 + (8 + 5) + (6 + 2) + (8 + 2) + (11 + 2) + (10 + 1)),
      (gapReport(missing: 3), 17 + 10 + 15),  // 3,3000,3,1,0,0
      (.acknowledgment(9), 4), (.data(9), 4 + 1_428),
      (.check(session: 12), 2 + 10 + 9), (.smart, 2 + 10 + 6), (.wait, 2 + 10 + 5), (.elected, 2 + 10 + 19),
      (.notActive, 2 + 10 + 19), (.error(.fileNotFound), 4 + 15),
      // 1000; 9500; 1; 1; 239.192.0.1,1758,1; 0,1,0
      (acceptance(isActive: true), 2 + (8 + 5) + (6 + 5) + (8 + 2) + (11 + 2) + (10 + 19) + (10 + 6)),
      (Plain.server.acceptance(isActive: true), 2 + (8 + 5) + (6 + 5) + (8 + 2) + (11 + 2) + (10 + 19)),
    ]
  )
  func lengths(message: Message, bytes: Int) {
    expect(message.encodedLength(in: context(), payloadBytes: 1_428), equals: bytes)
  }

  @Test("wide block numbers make DATA and ACK two bytes longer, and requests by the option")
  func wideLengths() {
    expect(Message.acknowledgment(9).encodedLength(in: context(isWide: true), payloadBytes: 0), equals: 6)
    expect(Message.data(9).encodedLength(in: context(isWide: true), payloadBytes: 100), equals: 106)
    expect(
      Message.request(Proposal(context(isWide: true).parameters)).encodedLength(in: context(), payloadBytes: 0),
      equals: Message.request(.usual).encodedLength(in: context(), payloadBytes: 0) + 13 + 3)
  }

  @Test(
    "packets that mean nothing to the engine are no messages",
    arguments: [
      Packet.optionAcknowledgment([]),
      .optionAcknowledgment([.transferSize(9_500)]), .optionAcknowledgment([.multicast(.request)]),
      .optionAcknowledgment([
        .blockSize(8), .transferSize(.max), .multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: true)),
      ]),
      .readRequest(ReadRequest(fileName: "boot.img", options: [.promotion(.smart)])),
      .readRequest(ReadRequest(fileName: "boot.img", options: [.transferSize(0), .promotion(.request)])),
    ]
  )
  func meaningless(packet: Packet) {
    #expect(Message(packet) == nil)
  }

  @Test("an OACK of multicast alone says who is active, with the group's address or without (RFC 2090)")
  func multicastAlone() {
    for isActive in [false, true] {
      let short = Multicast.reply(address: nil, port: nil, isActive: isActive)
      let long = Multicast.reply(address: "239.192.0.1", port: 1_758, isActive: isActive)
      for group in [short, long] {
        expect(Message(.optionAcknowledgment([.multicast(group)])), equals: isActive ? .elected : .notActive)
      }
      expect(
        (isActive ? Message.elected : .notActive).packet(in: context()),
        equals: .optionAcknowledgment([.multicast(long)]))
    }
  }

  @Test("an OACK without blksize and windowsize means blocks of 512 bytes, one at a time (RFC 1350, RFC 7440)")
  func defaults() {
    let packet = Packet.optionAcknowledgment([
      .transferSize(1_024), .multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: false)),
    ])
    let file = FileLayout(size: 1_024, blockSize: 512)!
    expect(
      Message(packet),
      equals: .acceptance(
        Acceptance(
          file: file, windowSize: 1, options: .transferSize, timeoutSeconds: 0, isActive: false, promotion: nil)))
  }
}
