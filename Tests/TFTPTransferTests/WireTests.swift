import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import TFTPTransfer

@Suite struct WireTests {
  static let messages: [TransferMessage] = [
    .request([]), .request([.blockSize(1428), .transferSize(0), .timeout(seconds: 1), .windowSize(16)]),
    .acceptance([.windowSize(3), .blockSize(512), .wideBlockNumbers]), .data(7), .acknowledgment(0),
    .acknowledgment(65_535), .error(.fileNotFound), .error(ErrorCode(rawValue: 77)),
  ]

  @Test(arguments: messages) func aMessageIsAPacketAndBack(message: TransferMessage) throws {
    for width in BlockNumberWidth.allCases {
      let context = TransferContext(blockNumbers: width)
      let packet = message.packet(in: context, payload: [1, 2, 3])
      let bytes = try packet.encoded(blockNumbers: width)
      try expect(
        TransferMessage(Packet(decoding: bytes, blockNumbers: width), blockNumbers: width, near: 0), equals: message)
      expect(message.encodedLength(in: context, payloadBytes: 3), equals: bytes.count)
    }
  }

  /// Of the blocks whose numbers end in the same 16 bits the nearest one is meant.
  @Test(arguments: [
    (UInt32(0), UInt32(65_535), UInt32(65_536)), (3, 65_530, 65_539), (65_530, 65_539, 65_530),
    (65_530, 3, 65_530), (0, 0, 0), (32_767, 0, 32_767), (40_000, 0, 40_000), (5, 131_072, 131_077),
    (0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF), (1, 0xFFFF_FFFF, 1),
  ]) func numbersOf16BitsAreUnwrapped(wire: UInt32, near: UInt32, expected: UInt32) {
    for packet in [Packet.acknowledgment(wire), .data(block: wire, payload: [])] {
      let message = TransferMessage(packet, blockNumbers: .bits16, near: near)
      #expect(message == .acknowledgment(expected) || message == .data(expected))
    }
    expect(TransferMessage(.acknowledgment(wire), blockNumbers: .bits32, near: near), equals: .acknowledgment(wire))
  }

  /// Any packets, at any time, forward and back: nothing traps, no block outside the file is sent, and one packet never brings
  /// more than one window.
  @Test(arguments: UInt64(1)...200) func hostilePacketsAreHarmless(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let window = UInt32.random(in: 1...20, using: &random)
    let size = UInt64.random(in: 0...(random.once(in: 3) ? .max >> 20 : 2000), using: &random)
    let asks: TransferOptions = [.blockSize(16), .windowSize(window), .transferSize(0), .wideBlockNumbers]
    let terms = try #require(TransferTerms(asked: asks, size: min(size, 16 * 4_000_000_000), under: TransferLimits()))
    let senderSettings = TransferSender.Settings(
      timeout: .seconds(1), silence: .seconds(6), repeatsItself: random.once(in: 2))
    let receiverSettings = TransferReceiver.Settings(
      asks: asks, patience: TransferPatience(timeout: .seconds(1), retries: 5, backoff: 8))
    var down: [TransferSender.Effect] = []
    var up: [TransferReceiver.Effect] = []
    var sender = TransferSender(terms, at: .zero, under: senderSettings, into: &down)
    var receiver = TransferReceiver()
    receiver.begin(at: .zero, under: receiverSettings, into: &up)
    var now = Nanoseconds.zero
    for _ in 0..<400 {
      now = now + Nanoseconds(.random(in: 0...300_000_000, using: &random))
      down = []
      up = []
      let toSender = message(near: sender.acknowledged, random: &random)
      sender.receive(toSender, at: now, under: senderSettings, into: &down)
      sender.fire(at: now, under: senderSettings, into: &down)
      for case .sendData(let first, let last, _) in down {
        #expect(first >= 1 && last <= terms.file.blocks && last - first < window)
      }
      #expect(down.count <= 3 && sender.acknowledged <= sender.sent)
      let before = receiver.received
      let reception = receiver.receive(
        message(near: receiver.received, random: &random),
        payloadBytes: random.once(in: 8) ? .random(in: 0...70_000, using: &random) : receiver.blockSize, at: now,
        under: receiverSettings, into: &up)
      receiver.fire(at: now, under: receiverSettings, into: &up)
      #expect(receiver.received == (reception == .new ? before + 1 : before) && up.count <= 4)
    }
  }

  private func message(near block: BlockNumber, random: inout SplitMix64) -> TransferMessage {
    let number =
      random.once(in: 6)
      ? BlockNumber.random(in: 0...BlockNumber.max, using: &random)
      : block &+ .random(in: 0...24, using: &random) &- 2
    return switch Int.random(in: 0..<12, using: &random) {
    case 0: .request([.blockSize(.random(in: 0...70_000, using: &random))])
    case 1:
      .acceptance(
        random.once(in: 3)
          ? [.blockSize(.random(in: 0...20, using: &random)), .windowSize(.random(in: 0...20, using: &random))]
          : [.blockSize(16), .transferSize(.random(in: 0...UInt64.max, using: &random))])
    case 2: random.once(in: 50) ? .error(ErrorCode(rawValue: 9)) : .data(0)
    case 3...7: .acknowledgment(number)
    default: .data(random.once(in: 2) ? block &+ 1 : number)
    }
  }
}
