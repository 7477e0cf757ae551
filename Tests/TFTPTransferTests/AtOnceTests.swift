import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import TFTPTransfer

/// The short ways do what the messages do, or nothing.
@Suite struct AtOnceTests {
  /// Before the last of quiet blocks a client does nothing, and no deadline comes nearer. Any first part of them, taken
  /// in one call, leaves it as their messages do.
  @Test(arguments: UInt64(1)...300) func quietBlocksAreTakenAsByTheirMessages(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let window = UInt32.random(in: 1...9, using: &random)
    let asks: TransferOptions = [.blockSize(8), .transferSize(0), .windowSize(window)]
    let settings = TransferReceiver.Settings(
      asks: asks, patience: TransferPatience(timeout: .seconds(1), retries: 9), answerDelay: .milliseconds(30))
    var receiver = TransferReceiver()
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: .zero, under: settings, into: &effects)
    let accepted: TransferOptions = [.blockSize(8), .transferSize(8 * 50 - 1), .windowSize(window)]
    _ = receiver.receive(.acceptance(accepted), payloadBytes: 0, at: .zero, under: settings, into: &effects)
    var now = Nanoseconds.zero
    var receptions: Set<TransferReception> = []
    for _ in 0..<80 where !receiver.isComplete {
      var block = receiver.received + (random.once(in: 3) ? .random(in: 0...10, using: &random) : 1)
      guard let quiet = receiver.quietBlocks(from: block, under: settings) else {
        now = now + .milliseconds(1)
        let bytes = receiver.file?.bytes(of: block) ?? 8
        _ = receiver.receive(.data(block), payloadBytes: bytes, at: now, under: settings, into: &effects)
        continue
      }
      let taken = UInt32.random(in: 1...quiet.count, using: &random)
      let last = block + taken - 1
      var short = receiver
      while block <= last {
        now = now + Nanoseconds(.random(in: 0...20_000_000, using: &random))
        effects = []
        let deadline = receiver.deadline
        let reception = receiver.receive(.data(block), payloadBytes: 8, at: now, under: settings, into: &effects)
        #expect(reception == (quiet.promise.isInOrder ? .new : .early) && receiver.deadline >= deadline)
        #expect(block == last || effects.isEmpty)
        receptions.insert(reception)
        block += 1
      }
      let isAcknowledged = short.take(quiet.promise, through: last, at: now, under: settings)
      expect(short, equals: receiver)
      let ack = TransferReceiver.Effect.send(.acknowledgment(last), leavesAt: now + settings.answerDelay)
      expect(effects, equals: isAcknowledged ? [ack] : [])
    }
    #expect(receptions.contains(.new) && receiver.received > 20)
  }

  @Test func nothingIsTakenQuietlyWhileATimeoutMayHaveGrown() {
    let settings = TransferReceiver.Settings(
      asks: [.transferSize(0)], patience: TransferPatience(timeout: .seconds(1), retries: 9, backoff: 2))
    var receiver = TransferReceiver()
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: .zero, under: settings, into: &effects)
    _ = receiver.receive(
      .acceptance([.transferSize(5000)]), payloadBytes: 0, at: .zero, under: settings, into: &effects)
    #expect(receiver.quietBlocks(from: 1, under: settings) == nil)
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
      if let window = short.acknowledgeAtOnce(block, at: now, under: settings) {
        #expect(short == sender && short.deadline(under: settings) >= before.deadline(under: settings))
        let (first, last) = (window.lowerBound, window.upperBound)
        expect(effects, equals: [.sendData(first: first, last: last, leavesAt: now + settings.answerDelay)])
      } else {
        expect(short, equals: before)
      }
    }
  }
}
