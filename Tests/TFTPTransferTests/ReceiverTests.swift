import BlockTransfer
import TFTPTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

/// The client's end alone.
@Suite struct ReceiverTests {
  private static let asks: TransferOptions = [
    .blockSize(1000), .transferSize(0), .timeout(seconds: 2), .windowSize(4),
  ]
  private let settings = TransferReceiver.Settings(
    asks: asks, patience: TransferPatience(timeout: .seconds(1), retries: 2), answerDelay: .microseconds(10))

  private func begun() -> TransferReceiver {
    var receiver = TransferReceiver()
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: .zero, under: settings, into: &effects)
    expect(effects, equals: [.send(.request(Self.asks), leavesAt: .zero)])
    return receiver
  }

  @discardableResult
  private func give(
    _ receiver: inout TransferReceiver, _ message: TransferMessage, bytes: UInt32 = 1000, at now: Nanoseconds = .zero
  ) -> (TransferReception, [TransferReceiver.Effect]) {
    var effects: [TransferReceiver.Effect] = []
    let reception = receiver.receive(message, payloadBytes: bytes, at: now, under: settings, into: &effects)
    return (reception, effects)
  }

  private let delayed = Nanoseconds.microseconds(10)

  @Test func anOACKIsFollowed() {
    var receiver = begun()
    let (_, effects) = give(&receiver, .acceptance([.blockSize(800), .windowSize(2), .transferSize(1700)]))
    expect(effects, equals: [.began, .send(.acknowledgment(0), leavesAt: delayed)])
    #expect(receiver.blockSize == 800 && receiver.windowSize == 2 && receiver.file?.blocks == 3)
    expect(receiver.deadline, equals: .seconds(1) + delayed)
  }

  /// RFC 2347: what the server leaves out it has refused, and the client goes on without.
  @Test func whatAnOACKLeavesOutIsAsInRFC1350() {
    var receiver = begun()
    give(&receiver, .acceptance([.transferSize(1700)]))
    #expect(receiver.blockSize == 512 && receiver.windowSize == 1 && receiver.blockNumbers == .bits16)
  }

  /// RFC 2347: an option that was not asked for ends the transfer with ERROR 8; so does a larger value (RFC 2348, 7440), and
  /// another timeout (RFC 2349).
  @Test(
    arguments: [
      [.blockSize(1001)], [.blockSize(7)], [.windowSize(5)], [.windowSize(0)], [.timeout(seconds: 1)],
      [.wideBlockNumbers], [.blockSize(1000), .multicast(.reply(address: "239.0.0.1", port: 1758, isActive: true))],
      [.unknown(name: "utimeout", value: "1")],
    ] as [Options]) func anOACKThatGrantsSomethingElseIsRefused(options: Options)
  {
    var receiver = begun()
    let (_, effects) = give(&receiver, .acceptance(TransferOptions(options)))
    expect(effects, equals: [.send(.error(.optionNegotiation), leavesAt: delayed), .failed(.badAnswer)])
    #expect(receiver.failure == .badAnswer && receiver.deadline == .never)
  }

  @Test func anOptionThatWasNotAskedForIsRefused() {
    var plain = TransferReceiver()
    let settings = TransferReceiver.Settings(asks: [], patience: settings.patience)
    var effects: [TransferReceiver.Effect] = []
    plain.begin(at: .zero, under: settings, into: &effects)
    _ = plain.receive(.acceptance([.transferSize(5)]), payloadBytes: 0, at: .zero, under: settings, into: &effects)
    expect(plain.failure, equals: .badAnswer)
  }

  @Test func aFileOfTooManyBlocksIsRefused() {
    var receiver = begun()
    give(&receiver, .acceptance([.transferSize(.max)]))
    expect(receiver.failure, equals: .tooLarge)
  }

  /// RFC 2347: a server without options answers by DATA 1.
  @Test func dataIsAnAnswerToo() {
    var receiver = begun()
    expect(give(&receiver, .data(2), bytes: 512).0, equals: .other)
    let (reception, effects) = give(&receiver, .data(1), bytes: 512)
    #expect(reception == .new && effects == [.began, .send(.acknowledgment(1), leavesAt: delayed)])
    expect(give(&receiver, .data(2), bytes: 0).0, equals: .new)
    #expect(receiver.isComplete && receiver.file == FileLayout(size: 512, blockSize: 512))
  }

  @Test(arguments: [(UInt32(513), TransferFailure.overlongBlock), (65_464, .overlongBlock)])
  func anOverlongBlockEndsIt(bytes: UInt32, failure: TransferFailure) {
    var receiver = begun()
    let (reception, effects) = give(&receiver, .data(1), bytes: bytes)
    expect(reception, equals: .other)
    expect(effects, equals: [.began, .send(.error(.illegalOperation), leavesAt: delayed), .failed(failure)])
  }

  /// The server said 1700 bytes: blocks of 800, 800 and 100.
  @Test func aFileOfAnotherSizeThanAnnouncedFails() {
    for (lengths, failure) in [
      ([800, 799], TransferFailure.wrongSize), ([800, 800, 99], .wrongSize), ([800, 800, 800], .wrongSize),
      ([801], .overlongBlock),
    ] {
      var receiver = begun()
      give(&receiver, .acceptance([.blockSize(800), .transferSize(1700)]))
      for (index, bytes) in lengths.enumerated() {
        give(&receiver, .data(BlockNumber(index + 1)), bytes: UInt32(bytes))
      }
      #expect(receiver.failure == failure && !receiver.isComplete)
    }
  }

  @Test func aShortBlockEndsAFileOfUnknownSize() {
    var receiver = begun()
    give(&receiver, .acceptance([.blockSize(800), .windowSize(4)]))
    #expect(give(&receiver, .data(1), bytes: 800).1.isEmpty)
    let (_, effects) = give(&receiver, .data(2), bytes: 5)
    expect(effects, equals: [.send(.acknowledgment(2), leavesAt: delayed), .completed])
    #expect(receiver.file?.size == 805 && receiver.deadline == .never)
  }

  /// One ACK says that a block was lost. What is left of the window says nothing; what comes after it, from the beginning,
  /// without its first block again, says it again. Blocks outside the window say nothing.
  @Test func aLossIsSaidOnceAWindow() {
    var receiver = begun()
    give(&receiver, .acceptance([.windowSize(4)]))
    expect(give(&receiver, .data(1), bytes: 512).0, equals: .new)
    #expect(give(&receiver, .data(5), bytes: 512) == (.other, []))
    #expect(give(&receiver, .data(3), bytes: 512) == (.early, [.send(.acknowledgment(1), leavesAt: delayed)]))
    #expect(give(&receiver, .data(4), bytes: 512) == (.early, []))
    #expect(give(&receiver, .data(4), bytes: 512) == (.early, []))
    #expect(give(&receiver, .data(3), bytes: 512) == (.early, [.send(.acknowledgment(1), leavesAt: delayed)]))
    #expect(give(&receiver, .data(1), bytes: 512) == (.duplicate, []))
    #expect(give(&receiver, .data(0), bytes: 512) == (.other, []))
    for block in BlockNumber(2)...4 { #expect(give(&receiver, .data(block), bytes: 512) == (.new, [])) }
    #expect(give(&receiver, .data(5), bytes: 512) == (.new, [.send(.acknowledgment(5), leavesAt: delayed)]))
  }

  /// R6: from the last new block or from the last ACK, whichever is later; a new block makes all repeats free again.
  @Test func patienceCountsFromTheLastNewBlock() {
    var receiver = begun()
    give(&receiver, .acceptance([.windowSize(4)]), at: .milliseconds(500))
    give(&receiver, .data(1), bytes: 512, at: .seconds(1))
    expect(receiver.deadline, equals: .seconds(2))
    give(&receiver, .data(1), bytes: 512, at: .milliseconds(1500))
    expect(receiver.deadline, equals: .seconds(2))
    var effects: [TransferReceiver.Effect] = []
    receiver.fire(at: .milliseconds(1999), under: settings, into: &effects)
    #expect(effects.isEmpty)
    receiver.fire(at: .seconds(2), under: settings, into: &effects)
    receiver.fire(at: .seconds(3), under: settings, into: &effects)
    expect(effects, equals: [2, 3].map { .send(.acknowledgment(1), leavesAt: .seconds($0)) })
    give(&receiver, .data(2), bytes: 512, at: .milliseconds(3500))
    for time in [4500, 5500, 6500] {
      effects = []
      receiver.fire(at: .milliseconds(Int64(time)), under: settings, into: &effects)
    }
    #expect(effects == [.failed(.silent)] && receiver.failure == .silent)
  }

  /// The ACK that says a block was lost leaves 300 ms later; the block comes before that, out of order.
  @Test func aBlockThatComesBeforeAnAcknowledgmentLeavesBringsNoDeadlineNearer() {
    let slow = TransferReceiver.Settings(
      asks: Self.asks, patience: settings.patience, answerDelay: .milliseconds(300))
    var receiver = begun()
    give(&receiver, .acceptance([.windowSize(4)]))
    for (block, time) in [(BlockNumber(2), Int64(400)), (1, 500)] {
      var effects: [TransferReceiver.Effect] = []
      _ = receiver.receive(
        .data(block), payloadBytes: 512, at: .milliseconds(time), under: slow, into: &effects)
      expect(receiver.deadline, equals: .milliseconds(1700))
    }
  }

  @Test func anErrorEndsItWithItsCode() {
    var asking = begun()
    expect(give(&asking, .error(.fileNotFound)).1, equals: [.failed(.refused(.fileNotFound))])
    var receiving = begun()
    give(&receiving, .acceptance([]))
    expect(give(&receiving, .error(.undefined)).1, equals: [.failed(.refused(.undefined))])
    #expect(give(&receiving, .data(1), bytes: 512) == (.other, []))
  }

  @Test func aCompleteClientAnswersTheLastBlockOnly() {
    var receiver = begun()
    give(&receiver, .acceptance([.windowSize(4)]))
    give(&receiver, .data(1), bytes: 512)
    give(&receiver, .data(2), bytes: 5)
    #expect(give(&receiver, .data(1), bytes: 512) == (.duplicate, []))
    #expect(give(&receiver, .data(2), bytes: 5) == (.duplicate, [.send(.acknowledgment(2), leavesAt: delayed)]))
    #expect(give(&receiver, .data(3), bytes: 5) == (.other, []))
    #expect(give(&receiver, .error(.undefined)) == (.other, []) && receiver.isComplete)
  }

  @Test func aClientCanEndIt() {
    var receiver = begun()
    var effects: [TransferReceiver.Effect] = []
    receiver.cancel(.diskFull, at: .seconds(1), into: &effects)
    receiver.stop(into: &effects)
    expect(effects, equals: [.send(.error(.diskFull), leavesAt: .seconds(1)), .failed(.stopped)])
    var other = TransferReceiver()
    effects = []
    other.stop(into: &effects)
    #expect(effects == [.failed(.stopped)] && !other.isOff)
  }
}
