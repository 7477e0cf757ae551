import BlockTransfer
import TFTPTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

/// Whole transfers, packet by packet.
@Suite struct TransferTests {
  private func exchange(
    blocks: Int, rest: Int = 1, window: UInt32 = 1, lost: Set<String> = [], doubled: Set<String> = [],
    _ adjust: (inout Exchange) -> Void = { _ in }
  ) throws -> Exchange {
    var exchange = Exchange(
      size: (blocks - 1) * 8 + rest, asks: [.blockSize(8), .transferSize(0), .timeout(seconds: 1), .windowSize(window)])
    exchange.script = Exchange.Script(lost: lost, doubled: doubled)
    adjust(&exchange)
    try exchange.run()
    return exchange
  }

  /// RFC 1350 and 2347: OACK, ACK 0, then one block for each ACK.
  @Test func oneBlockIsSentForEachAcknowledgment() throws {
    let run = try exchange(blocks: 3)
    expect(run.trace, equals: ["RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1", "DATA 2", "ACK 2", "DATA 3", "ACK 3"])
    #expect(run.hasTheFile && run.sender?.end == .complete)
    #expect(run.completedAt == .milliseconds(8) && run.senderEndedAt == .milliseconds(9))
  }

  /// RFC 7440: one ACK for each window, and one for the last block.
  @Test func aWindowIsSentForEachAcknowledgment() throws {
    let run = try exchange(blocks: 8, window: 3)
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0"] + .data(1...3) + ["ACK 3"] + .data(4...6) + ["ACK 6"] + .data(7...8)
        + ["ACK 8"])
    #expect(run.hasTheFile && run.sender?.end == .complete)
  }

  /// RFC 1350: without an option DATA 1 is the answer, and blocks have 512 bytes.
  @Test func withoutOptionsThereIsNoOACK() throws {
    var run = Exchange(size: 1100, asks: [])
    try run.run()
    expect(run.trace, equals: ["RRQ", "DATA 1", "ACK 1", "DATA 2", "ACK 2", "DATA 3", "ACK 3"])
    #expect(run.hasTheFile && run.receiver.file == FileLayout(size: 1100, blockSize: 512))
  }

  /// RFC 1350 §6: a file that fills its last block ends with an empty one; so does an empty file.
  @Test func anEmptyBlockEndsAFileThatDivides() throws {
    let divides = try exchange(blocks: 3, rest: 0)
    #expect(divides.hasTheFile && divides.receiver.received == 3 && divides.trace.last == "ACK 3")
    let empty = try exchange(blocks: 1, rest: 0)
    expect(empty.trace, equals: ["RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1"])
    #expect(empty.hasTheFile && empty.receiver.file?.size == 0)
  }

  @Test func aLostRequestIsRepeatedAfterATimeout() throws {
    let run = try exchange(blocks: 1, lost: ["RRQ #1"])
    expect(run.trace, equals: ["RRQ!", "RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1"])
    #expect(run.times[1] == .seconds(1) && run.hasTheFile)
  }

  @Test func aLostOACKIsSentAgainForTheRepeatedRequest() throws {
    let run = try exchange(blocks: 1, lost: ["OACK #1"])
    #expect(run.trace == ["RRQ", "OACK!", "RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1"] && run.hasTheFile)
  }

  @Test func aLostAnswerWithoutOptionsIsSentAgainForTheRepeatedRequest() throws {
    var run = Exchange(size: 5, asks: [])
    run.script.lost = ["DATA 1 #1"]
    try run.run()
    #expect(run.trace == ["RRQ", "DATA 1!", "RRQ", "DATA 1", "ACK 1"] && run.hasTheFile)
  }

  @Test func aLostAcknowledgmentIsRepeatedAfterATimeout() throws {
    let zero = try exchange(blocks: 2, lost: ["ACK 0 #1"])
    expect(zero.trace, equals: ["RRQ", "OACK", "ACK 0!", "ACK 0", "DATA 1", "ACK 1", "DATA 2", "ACK 2"])
    #expect(zero.times[3] == .milliseconds(1002) && zero.hasTheFile)
    let window = try exchange(blocks: 5, window: 3, lost: ["ACK 3 #1"])
    expect(
      window.trace, equals: ["RRQ", "OACK", "ACK 0"] + .data(1...3) + ["ACK 3!", "ACK 3"] + .data(4...5) + ["ACK 5"])
    #expect(window.hasTheFile)
  }

  /// The block of a window of one is missed by nobody but the client's clock. Its repeated ACK leads on.
  @Test func aLostBlockOfLockStepIsAskedForAgain() throws {
    let run = try exchange(blocks: 3, lost: ["DATA 2 #1"])
    expect(
      run.trace,
      equals: [
        "RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1", "DATA 2!", "ACK 1", "DATA 2", "ACK 2", "DATA 3", "ACK 3",
      ])
    #expect(run.times[6] == .milliseconds(1004) && run.hasTheFile)
  }

  /// RFC 7440: the first block that comes too early makes the client acknowledge the last in order, which is the ACK that
  /// it sent before when the first of the window was lost. It leads on at once. The rest of the window is dropped.
  @Test func aLostFirstBlockOfAWindowIsAskedForAtOnce() throws {
    let run = try exchange(blocks: 8, window: 4, lost: ["DATA 5 #1"])
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0"] + .data(1...4) + ["ACK 4", "DATA 5!"] + .data(6...8) + ["ACK 4"]
        + .data(5...8) + ["ACK 8"])
    #expect(run.completedAt == .milliseconds(8) && run.hasTheFile)
  }

  @Test func aLostMiddleBlockIsAskedForAtOnce() throws {
    let run = try exchange(blocks: 9, window: 4, lost: ["DATA 2 #1"])
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0", "DATA 1", "DATA 2!", "DATA 3", "DATA 4", "ACK 1"] + .data(2...5)
        + ["ACK 5"] + .data(6...9) + ["ACK 9"])
    #expect(run.hasTheFile)
  }

  /// Nothing comes after the last block of a window, so only the clock tells. The last in order is acknowledged.
  @Test func aLostLastBlockOfAWindowIsAskedForAfterATimeout() throws {
    let run = try exchange(blocks: 6, window: 3, lost: ["DATA 3 #1"])
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0", "DATA 1", "DATA 2", "DATA 3!", "ACK 2"] + .data(3...5) + [
        "ACK 5", "DATA 6",
      ]
        + ["ACK 6"])
    #expect(run.times[6] == .milliseconds(1004) && run.hasTheFile)
  }

  @Test func aWindowThatIsLostAsAWholeIsAskedForAfterATimeout() throws {
    let run = try exchange(blocks: 4, window: 2, lost: ["DATA 3 #1", "DATA 4 #1"])
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0"] + .data(1...2) + ["ACK 2", "DATA 3!", "DATA 4!", "ACK 2"] + .data(3...4)
        + ["ACK 4"])
    #expect(run.hasTheFile)
  }

  /// When the window is sent again its numbers fall, which shows that its first block was lost once more. The ACK is the third
  /// of its kind, and the sender waits for one that cannot be a copy.
  @Test func aFirstBlockThatIsLostTwiceIsAskedForAgain() throws {
    let run = try exchange(blocks: 4, window: 4, lost: ["DATA 1 #1", "DATA 1 #2"])
    expect(
      run.trace,
      equals: ["RRQ", "OACK", "ACK 0", "DATA 1!"] + .data(2...4) + ["ACK 0", "DATA 1!"] + .data(2...4)
        + ["ACK 0", "ACK 0"] + .data(1...4) + ["ACK 4"])
    #expect(run.times[12] == .milliseconds(6) && run.times[13] == .milliseconds(1006) && run.hasTheFile)
  }

  /// RFC 1123 §4.2.3.1: a copy of an ACK must not double the rest of the transfer.
  @Test(arguments: [UInt32(1), 2, 4]) func aCopyOfAnAcknowledgmentDoublesNothingForGood(window: UInt32) throws {
    let run = try exchange(blocks: 24, window: window, doubled: ["ACK 4 #1", "DATA 9 #1", "OACK #1", "RRQ #1"])
    let data = run.trace.count { $0.hasPrefix("DATA") }
    #expect(data <= 24 + Int(window > 1 ? window : 0) && run.hasTheFile)
    #expect(run.trace.count { $0.hasPrefix("ACK") } <= 24 / Int(window) + 1)
  }

  /// Of a wire that doubles each packet a window is sent twice at most once.
  @Test func aWireThatDoublesEverythingDoublesOneWindow() throws {
    var all: Set<String> = []
    for number in 0...40 {
      for words in ["ACK \(number)", "DATA \(number)"] { all.formUnion((1...3).map { "\(words) #\($0)" }) }
    }
    let run = try exchange(blocks: 40, window: 4, doubled: all)
    #expect(run.hasTheFile && run.trace.count { $0.hasPrefix("DATA") } == 44)
  }

  /// The client is complete when the last block arrives. If its ACK is lost nobody hangs: the sender ends by its silence.
  @Test func aLostFinalAcknowledgmentEndsTheSenderByItsSilence() throws {
    let run = try exchange(blocks: 3, lost: ["ACK 3 #1"])
    #expect(run.hasTheFile && run.sender?.end == .unacknowledged)
    #expect(run.completedAt == .milliseconds(8) && run.senderEndedAt == .milliseconds(7 + 6000))
  }

  /// RFC 1350 §6: a sender that repeats itself hears from a client that dallies.
  @Test func aLostFinalAcknowledgmentIsSentAgainForACopyOfTheLastBlock() throws {
    let run = try exchange(blocks: 2, lost: ["ACK 2 #1"]) { $0.senderSettings.repeatsItself = true }
    expect(run.trace, equals: ["RRQ", "OACK", "ACK 0", "DATA 1", "ACK 1", "DATA 2", "ACK 2!", "DATA 2", "ACK 2"])
    #expect(run.hasTheFile && run.sender?.end == .complete)
  }

  /// Both ends repeat, as RFC 1350 has it; each packet that is lost comes again, and no block is sent more than twice.
  @Test(arguments: ["RRQ #1", "OACK #1", "ACK 0 #1", "DATA 2 #1", "ACK 3 #1", "DATA 5 #1", "ACK 5 #1"])
  func bothEndsMayRepeat(lost: String) throws {
    for window in [UInt32(1), 3] {
      let run = try exchange(blocks: 5, window: window, lost: [lost]) { $0.senderSettings.repeatsItself = true }
      #expect(run.hasTheFile && run.sender?.end == .complete)
      for block in 1...5 { #expect(run.count("DATA \(block)") <= 2) }
    }
  }

  @Test func aSenderThatRepeatsItselfGivesUpAfterItsSilence() throws {
    let run = try exchange(blocks: 5) {
      $0.senderSettings.repeatsItself = true
      $0.script.clientSilentAfter = 2
    }
    // The OACK's ACK arrives at 3 ms; DATA 1 goes out then and 1, 2, 3, 4, 5 s later. The client hears them and acknowledges
    // in vain, each block once, since a copy never makes it send; then its own clock repeats.
    #expect(run.count("DATA 1") == 6 && run.count("DATA 2") == 0)
    #expect(run.sender?.end == .silent && run.senderEndedAt == .milliseconds(6003))
    #expect(run.receiver.failure == .silent && !run.hasTheFile)
  }

  /// R3, R6: after `retries` repeats without an answer, one timeout later.
  @Test func aClientFailsWhenItsRepeatsAreExhausted() throws {
    let unanswered = try exchange(blocks: 2) { $0.script.clientSilentAfter = 0 }
    expect(unanswered.trace, equals: Array(repeating: "RRQ!", count: 6))
    #expect(unanswered.receiver.failure == .noAnswer && unanswered.now == .seconds(6))
    let silent = try exchange(blocks: 3) { $0.script.clientSilentAfter = 3 }
    #expect(silent.receiver.failure == .silent && silent.count("ACK 1") == 1 && silent.count("ACK 2") == 6)
    expect(silent.receiver.received, equals: 2)
  }

  /// R24.
  @Test func timeoutsOfAClientCanGrow() throws {
    var run = Exchange(
      size: 3, asks: [],
      patience: TransferPatience(timeout: .seconds(1), retries: 4, backoff: 3, maxTimeout: .seconds(20)))
    run.script.clientSilentAfter = 0
    try run.run()
    #expect(run.times == [0, 1, 4, 13, 33].map { Nanoseconds.seconds($0) } && run.now == .seconds(53))
  }

  /// Block numbers of 16 bits begin again at 0: block 65 536 is 0 on the wire, 65 537 is 1.
  @Test func blockNumbersBeginAgainAtZero() throws {
    var run = Exchange(size: 8 * 131_100 + 3, asks: [.blockSize(8), .windowSize(9000)])
    run.script.lost = ["DATA 0 #1", "DATA 7 #2", "DATA 65535 #1"]
    try run.run()
    #expect(run.hasTheFile && run.receiver.received == 131_101)
    #expect(run.trace.last == "ACK \(131_101 - 131_072)" && run.trace.contains("DATA 0!"))
  }

  @Test func wideBlockNumbersGoOn() throws {
    var run = Exchange(size: 8 * 65_540, asks: [.blockSize(8), .windowSize(4096), .wideBlockNumbers])
    try run.run()
    #expect(run.hasTheFile && run.trace.last == "ACK 65541")
  }

  /// Any packets may be lost or doubled: either the file is there as it was, or the client says why not, and both ends come to
  /// an end.
  @Test(arguments: UInt64(1)...60) func whateverIsLostOrDoubled(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let blocks = Int.random(in: 1...40, using: &random)
    let window = UInt32.random(in: 1...12, using: &random)
    var script = Exchange.Script()
    let share = Int.random(in: 3...20, using: &random)
    let words = ["RRQ", "OACK"] + (0...blocks).flatMap { ["DATA \($0)", "ACK \($0)"] }
    for word in words {
      for number in 1...12 where random.once(in: share) {
        if random.once(in: 3) {
          script.doubled.insert("\(word) #\(number)")
        } else {
          script.lost.insert("\(word) #\(number)")
        }
      }
    }
    let repeats = random.once(in: 2)
    let run = try exchange(blocks: blocks, rest: .random(in: 0..<8, using: &random), window: window) {
      $0.script = script
      $0.senderSettings.repeatsItself = repeats
      $0.spacing = .microseconds(100)
    }
    #expect(run.hasTheFile || run.receiver.failure != nil)
    #expect(run.sender == nil || run.sender?.end != nil)
    #expect(run.trace.count { $0.hasPrefix("DATA") } < 40 * blocks)
    if share > 6 { #expect(run.hasTheFile) }
  }
}
