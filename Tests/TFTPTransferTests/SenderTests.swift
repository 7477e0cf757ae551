import BlockTransfer
import TFTPTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

/// The server's end alone.
@Suite struct SenderTests {
  private let settings = TransferSender.Settings(
    timeout: .seconds(1), silence: .seconds(6), answerDelay: .microseconds(20))

  private func begun(window: UInt32, blocks: UInt64 = 20, asked: TransferOptions? = nil) throws -> TransferSender {
    let asked = asked ?? [.blockSize(8), .windowSize(window)]
    let terms = try #require(TransferTerms(asked: asked, size: blocks * 8 - 1, under: TransferLimits()))
    var effects: [TransferSender.Effect] = []
    return TransferSender(terms, at: .zero, under: settings, into: &effects)
  }

  private func answer(
    of sender: inout TransferSender, to message: TransferMessage, at now: Nanoseconds
  ) -> [TransferSender.Effect] {
    var effects: [TransferSender.Effect] = []
    sender.receive(message, at: now, under: settings, into: &effects)
    return effects
  }

  @Test func answersLeaveALittleLater() throws {
    let terms = try #require(TransferTerms(asked: [.blockSize(8)], size: 15, under: TransferLimits()))
    var effects: [TransferSender.Effect] = []
    var sender = TransferSender(terms, at: .seconds(1), under: settings, into: &effects)
    expect(effects, equals: [.send(.acceptance([.blockSize(8)]), leavesAt: Nanoseconds(1_000_020_000))])
    expect(
      answer(of: &sender, to: .acknowledgment(0), at: .seconds(2)),
      equals: [.sendData(first: 1, last: 1, leavesAt: Nanoseconds(2_000_020_000))])
    expect(answer(of: &sender, to: .acknowledgment(1), at: .seconds(3)).count, equals: 1)
    expect(answer(of: &sender, to: .acknowledgment(2), at: .seconds(4)), equals: [.ended(.complete)])
    expect(sender.deadline(under: settings), equals: .never)
  }

  /// The window begins after the last block in order, and no ACK moves it back or beyond what was sent.
  @Test func oldAndInventedAcknowledgmentsAreIgnored() throws {
    var sender = try begun(window: 4)
    #expect(answer(of: &sender, to: .acknowledgment(1), at: .milliseconds(1)).isEmpty)
    expect(answer(of: &sender, to: .acknowledgment(0), at: .milliseconds(1)).count, equals: 1)
    expect(
      answer(of: &sender, to: .acknowledgment(3), at: .milliseconds(2)),
      equals: [.sendData(first: 4, last: 7, leavesAt: Nanoseconds(2_020_000))])
    for block in [BlockNumber(0), 2, 8, .max] {
      #expect(answer(of: &sender, to: .acknowledgment(block), at: .seconds(3)).isEmpty)
    }
    #expect(sender.acknowledged == 3 && sender.sent == 7 && sender.deadline(under: settings) == .milliseconds(6002))
    #expect(answer(of: &sender, to: .data(1), at: .seconds(3)).isEmpty)
    #expect(answer(of: &sender, to: .acceptance([]), at: .seconds(3)).isEmpty)
  }

  /// Lock-step: a repeated ACK says nothing about a loss, so it leads on only when it is the client's repeat.
  @Test func aRepeatedAcknowledgmentOfLockStepCountsAfterHalfATimeout() throws {
    var sender = try begun(window: 1)
    _ = answer(of: &sender, to: .acknowledgment(0), at: .zero)
    for time in [Nanoseconds.milliseconds(1), .milliseconds(500)] {
      #expect(answer(of: &sender, to: .acknowledgment(0), at: time).isEmpty)
    }
    expect(answer(of: &sender, to: .acknowledgment(0), at: Nanoseconds(500_020_000)).count, equals: 1)
    #expect(answer(of: &sender, to: .acknowledgment(0), at: .milliseconds(900)).isEmpty)
    #expect(answer(of: &sender, to: .acknowledgment(0), at: .milliseconds(1500)).isEmpty == false)
  }

  /// Windows: the first copy is answered at once, the next ones not, nor that of the window after it.
  @Test func aRepeatedAcknowledgmentOfAWindowCountsOnceAtOnce() throws {
    var sender = try begun(window: 4)
    let ms = Nanoseconds.milliseconds
    _ = answer(of: &sender, to: .acknowledgment(0), at: ms(0))
    expect(
      answer(of: &sender, to: .acknowledgment(0), at: ms(1)),
      equals: [.sendData(first: 1, last: 4, leavesAt: Nanoseconds(1_020_000))])
    #expect(answer(of: &sender, to: .acknowledgment(0), at: ms(2)).isEmpty)
    expect(answer(of: &sender, to: .acknowledgment(4), at: ms(3)).count, equals: 1)
    #expect(answer(of: &sender, to: .acknowledgment(4), at: ms(4)).isEmpty)
    expect(answer(of: &sender, to: .acknowledgment(4), at: ms(600)).count, equals: 1)
    expect(answer(of: &sender, to: .acknowledgment(8), at: ms(601)).count, equals: 1)
    expect(answer(of: &sender, to: .acknowledgment(12), at: ms(602)).count, equals: 1)
    expect(answer(of: &sender, to: .acknowledgment(12), at: ms(603)).count, equals: 1)
  }

  /// The Sorcerer's Apprentice himself: a client that acknowledges every DATA, copies too. One copy of an ACK, and the stream
  /// is single again after at most one window.
  @Test(arguments: [UInt32(1), 2, 5]) func theApprenticeIsStopped(window: UInt32) throws {
    var sender = try begun(window: window, blocks: 60)
    var toServer: [BlockNumber] = [0, 0]
    var sent = 0
    var now = Nanoseconds.zero
    while sender.end == nil, sent < 1000 {
      var data: [BlockNumber] = []
      now = now + .milliseconds(2)
      for block in toServer {
        for case .sendData(let first, let last, _) in answer(of: &sender, to: .acknowledgment(block), at: now) {
          data += first...last
        }
      }
      sent += data.count
      toServer = data.filter { $0 % window == 0 || $0 == 60 }
    }
    #expect(sender.end == .complete && sent <= 60 + (window == 1 ? 0 : Int(window)))
  }

  @Test func aRepeatedRequestIsAnsweredUntilTheClientGoesOn() throws {
    var sender = try begun(window: 4)
    let request = TransferMessage.request([.blockSize(8), .windowSize(4)])
    let oack = TransferSender.Effect.send(
      .acceptance([.blockSize(8), .windowSize(4)]), leavesAt: Nanoseconds(1_000_020_000))
    expect(answer(of: &sender, to: request, at: .seconds(1)), equals: [oack])
    expect(sender.deadline(under: settings), equals: .seconds(7))
    _ = answer(of: &sender, to: .acknowledgment(0), at: .seconds(2))
    #expect(answer(of: &sender, to: request, at: .seconds(3)).isEmpty)
  }

  @Test func anErrorEndsIt() throws {
    for heard in [false, true] {
      var sender = try begun(window: 1)
      if heard { _ = answer(of: &sender, to: .acknowledgment(0), at: .zero) }
      expect(
        answer(of: &sender, to: .error(.optionNegotiation), at: .zero), equals: [.ended(.refused(.optionNegotiation))])
      #expect(answer(of: &sender, to: .acknowledgment(0), at: .seconds(9)).isEmpty && sender.end != nil)
    }
  }

  @Test func aServerCanEndIt() throws {
    var sender = try begun(window: 1)
    var effects: [TransferSender.Effect] = []
    sender.cancel(.undefined, at: .seconds(1), into: &effects)
    sender.cancel(.undefined, at: .seconds(1), into: &effects)
    expect(effects, equals: [.send(.error(.undefined), leavesAt: .seconds(1)), .ended(.cancelled(.undefined))])
  }

  @Test func firingEarlyDoesNothing() throws {
    var sender = try begun(window: 1)
    var effects: [TransferSender.Effect] = []
    sender.fire(at: .milliseconds(5999), under: settings, into: &effects)
    #expect(effects.isEmpty)
    sender.fire(at: .seconds(6), under: settings, into: &effects)
    expect(effects, equals: [.ended(.silent)])
  }

  @Test func theTimeoutOfTheClientIsFollowed() throws {
    let terms = try #require(TransferTerms(asked: [.timeout(seconds: 5)], size: 1, under: TransferLimits()))
    expect(settings.following(terms).timeout, equals: .seconds(5))
    let plain = try #require(TransferTerms(asked: [], size: 1, under: TransferLimits()))
    expect(settings.following(plain), equals: settings)
  }
}
