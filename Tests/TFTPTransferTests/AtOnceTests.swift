import BlockTransfer
import TFTPWire
import Testing
import Timebase

@testable import TFTPTransfer

/// The short ways do what the messages do, or nothing.
@Suite struct AtOnceTests {
  @Test(arguments: UInt64(1)...100) func aBlockIsTakenAsByItsMessage(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let asks: TransferOptions = [.blockSize(8), .transferSize(0), .windowSize(.random(in: 1...5, using: &random))]
    let settings = TransferReceiver.Settings(
      asks: asks, patience: TransferPatience(timeout: .seconds(1), retries: 9), answerDelay: .milliseconds(30))
    var receiver = TransferReceiver()
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: .zero, under: settings, into: &effects)
    let accepted: TransferOptions = [.blockSize(8), .transferSize(8 * 20 - 1), .windowSize(asks.windowSize ?? 1)]
    _ = receiver.receive(.acceptance(accepted), payloadBytes: 0, at: .zero, under: settings, into: &effects)
    var now = Nanoseconds.zero
    var taken = 0
    for _ in 0..<60 {
      now = now + Nanoseconds(.random(in: 0...20_000_000, using: &random))
      let block = random.once(in: 4) ? receiver.received &+ .random(in: 0...3, using: &random) : receiver.received + 1
      let bytes = receiver.file?.bytes(of: block) ?? 8
      var short = receiver
      let before = receiver
      effects = []
      let reception = receiver.receive(.data(block), payloadBytes: bytes, at: now, under: settings, into: &effects)
      if let isAcknowledged = short.takeAtOnce(block, of: bytes, at: now, under: settings) {
        taken += 1
        #expect(short == receiver && reception == .new && short.deadline >= before.deadline)
        let ack = TransferReceiver.Effect.send(.acknowledgment(block), leavesAt: now + settings.answerDelay)
        #expect(effects == (isAcknowledged ? [ack] : []))
      } else {
        #expect(short == before)
      }
    }
    #expect(taken == 19)
  }

  @Test func nothingIsTakenAtOnceWhileATimeoutMayHaveGrown() {
    let settings = TransferReceiver.Settings(
      asks: [.transferSize(0)], patience: TransferPatience(timeout: .seconds(1), retries: 9, backoff: 2))
    var receiver = TransferReceiver()
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: .zero, under: settings, into: &effects)
    _ = receiver.receive(
      .acceptance([.transferSize(5000)]), payloadBytes: 0, at: .zero, under: settings, into: &effects)
    #expect(receiver.takeAtOnce(1, of: 512, at: .zero, under: settings) == nil)
  }

  @Test(arguments: UInt64(1)...100) func anAcknowledgmentIsTakenAsByItsMessage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let window = random.once(in: 2) ? 1 : UInt32.random(in: 2...5, using: &random)
    let terms = try #require(
      TransferTerms(asked: [.blockSize(8), .windowSize(window)], size: 8 * 20 - 1, under: TransferLimits()))
    let settings = TransferSender.Settings(timeout: .seconds(1), silence: .seconds(6), answerDelay: .milliseconds(30))
    var effects: [TransferSender.Effect] = []
    var sender = TransferSender(terms, at: .zero, under: settings, into: &effects)
    sender.receive(.acknowledgment(0), at: .zero, under: settings, into: &effects)
    var now = Nanoseconds.zero
    while sender.end == nil {
      now = now + Nanoseconds(.random(in: 0...90_000_000, using: &random))
      let block = random.once(in: 3) ? .random(in: 0...22, using: &random) : sender.sent
      var short = sender
      let before = sender
      effects = []
      sender.receive(.acknowledgment(block), at: now, under: settings, into: &effects)
      if let next = short.acknowledgeAtOnce(block, at: now, under: settings) {
        #expect(short == sender && short.deadline(under: settings) >= before.deadline(under: settings))
        #expect(effects == [.sendData(first: next, last: next, leavesAt: now + settings.answerDelay)])
      } else {
        #expect(short == before)
      }
    }
  }
}
