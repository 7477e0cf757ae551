import BlockTransfer
import TFTPWire
import TestSupport
import Testing

@testable import TFTPTransfer

/// What a server answers to a request (RFC 2347, 2348, 2349, 7440).
@Suite struct NegotiationTests {
  private func accepted(
    _ asked: Options, size: UInt64 = 100_000, under limits: TransferLimits = TransferLimits()
  ) throws -> [TransferOption] {
    let request = ReadRequest(fileName: "f", options: asked)
    guard case .accepted(let terms) = Negotiation(request, for: .found(size: size), under: limits) else {
      Issue.record("refused")
      return []
    }
    return terms.accepted.list
  }

  @Test func onlyWhatWasAskedForIsAnswered() throws {
    try expect(accepted([]), equals: [])
    try expect(accepted([.transferSize(0)]), equals: [.transferSize(100_000)])
    try expect(accepted([.blockSize(1432), .transferSize(0)]), equals: [.blockSize(1432), .transferSize(100_000)])
  }

  @Test func theOrderIsThatOfTheRequest() throws {
    let asked: Options = [.windowSize(4), .timeout(seconds: 3), .wideBlockNumbers, .transferSize(0), .blockSize(900)]
    try expect(
      accepted(asked),
      equals: [.windowSize(4), .timeout(seconds: 3), .wideBlockNumbers, .transferSize(100_000), .blockSize(900)])
  }

  /// RFC 2348: the server may answer a smaller block, RFC 7440: a smaller window.
  @Test func noBlockAndNoWindowIsLargerThanAskedFor() throws {
    var limits = TransferLimits()
    limits.largestBlock = 1400
    limits.largestWindow = 8
    try expect(
      accepted([.blockSize(1432), .windowSize(16)], under: limits), equals: [.blockSize(1400), .windowSize(8)])
    try expect(
      accepted([.blockSize(1000), .windowSize(2)], under: limits), equals: [.blockSize(1000), .windowSize(2)])
  }

  @Test func optionsThatNobodyKnowsAreLeftOut() throws {
    let asked: Options = [
      .unknown(name: "utimeout", value: "5"), .multicast(.request), .blockSize(512), .promotion(.request),
    ]
    try expect(accepted(asked), equals: [.blockSize(512)])
  }

  /// RFC 2349 has timeouts of 1 to 255 s, RFC 2348 blocks of 8 bytes or more, RFC 7440 windows of a block or more.
  @Test func valuesThatNoRFCAllowsAreLeftOut() throws {
    try expect(accepted([.timeout(seconds: 0), .transferSize(0)]), equals: [.transferSize(100_000)])
    try expect(accepted([.timeout(seconds: 255)]), equals: [.timeout(seconds: 255)])
    try expect(accepted([.blockSize(7), .windowSize(0)]), equals: [])
    try expect(accepted([.blockSize(65_535), .windowSize(70_000)]), equals: [.blockSize(65_464), .windowSize(32_767)])
  }

  @Test func windowsAreLongerThanHalfOfTheNumbersOnlyWithWideOnes() throws {
    try expect(accepted([.windowSize(65_535), .wideBlockNumbers]), equals: [.windowSize(65_535), .wideBlockNumbers])
    var limits = TransferLimits()
    limits.acceptsWideBlockNumbers = false
    try expect(accepted([.windowSize(65_535), .wideBlockNumbers], under: limits), equals: [.windowSize(32_767)])
  }

  @Test func withoutOptionsABlockHas512Bytes() throws {
    let terms = try #require(TransferTerms(asked: [], size: 1024, under: TransferLimits()))
    #expect(terms.file.blockSize == 512 && terms.file.blocks == 3 && terms.windowSize == 1)
  }

  @Test func refusalsHaveTheirCodes() {
    let octet = ReadRequest(fileName: "f")
    let netascii = ReadRequest(fileName: "f", mode: .netascii)
    expect(Negotiation(octet, for: .notFound), equals: .refused(.fileNotFound))
    expect(Negotiation(octet, for: .notAllowed), equals: .refused(.notAllowed))
    expect(Negotiation(netascii, for: .notFound), equals: .refused(.fileNotFound))
    expect(Negotiation(netascii, for: .found(size: 5)), equals: .refused(.notOctet))
    expect(Negotiation(octet, for: .found(size: .max)), equals: .refused(.tooManyBlocks))
    let codes: [TransferRefusal: UInt16] = [
      .fileNotFound: 1, .notAllowed: 2, .notOctet: 0, .tooManyBlocks: 0, .badOption: 8, .notARequest: 4,
    ]
    expect(codes.count, equals: TransferRefusal.allCases.count)
    for refusal in TransferRefusal.allCases { expect(refusal.code.rawValue, equals: codes[refusal]) }
  }

  @Test(arguments: [
    ("\0\u{1}f\0mail\0", TransferRefusal.notARequest), ("\0\u{2}f\0octet\0", .notARequest),
    ("\0\u{1}f\0octet\0\0x\0", .badOption), ("\0\u{1}f\0octet\0promotion\0x\0", .badOption),
    ("\0\u{1}f\0octet\0tsize\00\0TSIZE\00\0", .badOption), ("\0\u{1}f", .notARequest),
  ]) func whatIsNoRequestIsRefusedByItsReason(text: String, expected: TransferRefusal) throws {
    let error = #expect(throws: WireError.self) { try Packet(decoding: Array(text.utf8), blockNumbers: .bits16) }
    expect(TransferRefusal(try #require(error)), equals: expected)
  }

  @Test func optionsAreAFlatValueAndBack() {
    var random = SplitMix64(seed: 1)
    let all: [TransferOption] = [
      .blockSize(1), .transferSize(.max), .timeout(seconds: 9), .windowSize(.max), .wideBlockNumbers,
    ]
    for _ in 0..<500 {
      let some = Array(all.shuffled(using: &random).prefix(.random(in: 0...5, using: &random)))
      let options = TransferOptions(Options(some + some.prefix(2)))
      #expect(options.list == some && !options.hasOthers && options.isEmpty == some.isEmpty)
    }
    #expect(TransferOptions([.multicast(.request)]).hasOthers)
    #expect(TransferOptions([.unknown(name: "a", value: "")]).hasOthers)
  }
}
