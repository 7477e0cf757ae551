import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

private func mtftpServer() -> ServerBench { ServerBench { $0.mode = .pxeMTFTP } }

private func mtftpDevice(_ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> DeviceBench {
  var bench = DeviceBench(file: tenBlocks) {
    $0.mode = .pxeMTFTP
    adjust(&$0)
  }
  bench.switchOn(at: .zero)
  return bench
}

private func open(_ leavesAt: Nanoseconds) -> DeviceEffect { .send(.open, leavesAt: leavesAt) }

@Suite("R17, R18: the server of MTFTP")
struct R17ServerTests {
  private func blockOne(to device: DeviceID, at now: Nanoseconds) -> [ServerEffect] {
    [
      .unicast(.data(1), to: device, leavesAt: now + turnaround),
      .multicastData(first: 1, last: 1, leavesAt: now + turnaround),
    ]
  }

  @Test("an open starts a session: block 1 goes out by unicast first, then to the group")
  func open() {
    var bench = mtftpServer()
    expect(
      bench.hear(.open, from: 4, at: ms(1)),
      equals: [.sessionOpened(active: 4), .sessionBegan] + blockOne(to: 4, at: ms(1)))
    expect(bench.server.activeDevice, equals: 4)
  }

  @Test("the active device's own open gets block 1 again, whatever it has acknowledged; any other gets no answer")
  func opensAgain() {
    var bench = mtftpServer()
    bench.hear(.open, from: 4, at: ms(1))
    for block in BlockNumber(1)...5 { bench.hear(.acknowledgment(block), from: 4, at: ms(2)) }
    expect(bench.hear(.open, from: 4, at: ms(3)), equals: blockOne(to: 4, at: ms(3)))
    expect(bench.hear(.open, from: 5, at: ms(4)), equals: [])
    expect(bench.server.activeDevice, equals: 4)
  }

  @Test("one block goes to the group for each ACK, and the session ends at ACK(n) after block n, without a notice")
  func session() {
    var bench = mtftpServer()
    bench.hear(.open, from: 4, at: ms(1))
    for block in BlockNumber(1)...9 {
      #expect(
        bench.hear(.acknowledgment(block), from: 4, at: ms(2)) == [
          .multicastData(first: block + 1, last: block + 1, leavesAt: ms(2) + turnaround)
        ])
    }
    expect(bench.hear(.acknowledgment(9), from: 4, at: ms(3)), equals: [], "a copy")
    expect(bench.hear(.acknowledgment(9), from: 4, at: ms(503)).count, equals: 1, "a repeated ACK is answered")
    expect(bench.hear(.acknowledgment(10), from: 4, at: ms(504)), equals: [.sessionEnded(.complete)])
    expect(bench.deadline, equals: .never)
    expect(bench.hear(.open, from: 5, at: ms(505)).first, equals: .sessionOpened(active: 5))
  }

  @Test("a device that acknowledges both copies of block 1 gets one of every other block, as iPXE does")
  func acknowledgesTwice() {
    var bench = mtftpServer()
    bench.hear(.open, from: 4, at: ms(1))
    var copies = 2
    for block in BlockNumber(1)...9 {
      let answers = (0..<copies).flatMap { _ in bench.hear(.acknowledgment(block), from: 4, at: ms(2)) }
      #expect(answers == [.multicastData(first: block + 1, last: block + 1, leavesAt: ms(2) + turnaround)])
      copies = answers.count
    }
  }

  @Test("ACK(n) before block n was sent does not end it")
  func earlyEnd() {
    var bench = mtftpServer()
    bench.hear(.open, from: 4, at: ms(1))
    expect(bench.hear(.acknowledgment(10), from: 4, at: ms(2)), equals: [])
    expect(bench.server.activeDevice, equals: 4)
  }

  @Test("opens and the session's ACKs alone are the active device's word")
  func words() {
    var bench = mtftpServer()
    bench.hear(.open, from: 4, at: ms(1))
    bench.hear(.acknowledgment(1), from: 4, at: s(1))
    for word in [.acknowledgment(7), .request(.usual), gapReport(missing: 1)] as [Message] {
      bench.hear(word, from: 4, at: s(3))
    }
    expect(bench.deadline, equals: s(7))
    bench.hear(.open, from: 5, at: s(4))
    expect(bench.deadline, equals: s(7))
    bench.hear(.open, from: 4, at: s(5))
    expect(bench.deadline, equals: s(11))
    expect(bench.fire(at: s(11)), equals: [.sessionEnded(.abandoned)])
    #expect(bench.server.activeDevice == nil)
  }

  @Test("a smart device's ACK(b−1) is answered with block b by unicast, during a session and without one")
  func smart() {
    var bench = mtftpServer()
    let answer = [ServerEffect.unicast(.data(5), to: 9, leavesAt: ms(2) + turnaround)]
    expect(bench.hear(.acknowledgment(4), from: 9, at: ms(2)), equals: answer)
    bench.hear(.open, from: 4, at: ms(2))
    expect(bench.hear(.acknowledgment(4), from: 9, at: ms(2)), equals: answer)
    expect(bench.hear(.acknowledgment(10), from: 9, at: ms(2)), equals: [])
    expect(bench.server.activeDevice, equals: 4)
  }
}

@Suite("R17: a device joins by MTFTP")
struct R17JoiningTests {
  @Test("it listens for listen_delay, then opens, and again every timeout")
  func opens() {
    var bench = mtftpDevice()
    #expect(bench.role == .joining && bench.listens(at: .zero))
    expect(bench.deadline, equals: s(2))
    for attempt in 0...Int64(10) { expect(bench.fire(at: bench.deadline), equals: [open(s(2 + attempt))]) }
  }

  @Test("it fails session_timeout + (retries + 1) × timeout after its first open")
  func fails() {
    var bench = mtftpDevice { $0.retries = 3 }
    let effects = bench.run(until: s(2 + 6 + 4) - Nanoseconds(1))
    expect(effects, equals: (2...11).map { open(s($0)) })
    expect(bench.fire(at: s(12)), equals: [.entered(.failed)])
  }

  @Test("if it hears the group while it listens it is passive, and does not open")
  func hearsGroup() {
    var bench = mtftpDevice()
    expect(bench.group(1, at: s(1)), equals: [.entered(.passive)])
    expect(bench.role, equals: .passive)
    expect(bench.deadline, equals: s(1) + ms(6_500))
    #expect(!bench.missing.contains(1))
  }

  @Test("block 1 of the group lets it hope and open on; any other block ends its opens")
  func blockOne() {
    var bench = mtftpDevice { $0.groupTimeout = s(60) }
    bench.run(until: s(4))
    expect(bench.group(1, at: ms(4_500)), equals: [.entered(.passive)])
    expect(bench.deadline, equals: s(5))
    expect(bench.fire(at: s(5)), equals: [open(s(5))])
    expect(bench.run(until: ms(16_499)).count, equals: 11)
    var other = bench
    expect(bench.fire(at: ms(16_500)), equals: [.entered(.failed)], "12 s after block 1")
    expect(other.group(2, at: ms(16_499)), equals: [])
    expect(other.deadline, equals: ms(76_499))
  }

  @Test("block 1 by unicast makes it the active device, whatever it had heard before", arguments: [true, false])
  func becomesActive(hadOpened: Bool) {
    var bench = mtftpDevice()
    if hadOpened { bench.fire(at: s(2)) } else { bench.group(4, at: s(1)) }
    expect(bench.hear(.data(1), at: s(3)), equals: [.entered(.active), ack(1, s(3) + turnaround)])
    expect(bench.role, equals: .active)
  }

  @Test("another block by unicast does not")
  func otherUnicast() {
    var bench = mtftpDevice()
    bench.fire(at: s(2))
    expect(bench.hear(.data(2), at: s(3)), equals: [])
    expect(bench.role, equals: .joining)
  }
}

@Suite("R18: the active device of MTFTP")
struct R18DrivingTests {
  private func driving(having blocks: [BlockNumber] = []) -> DeviceBench {
    var bench = mtftpDevice()
    bench.group(blocks, at: s(1))
    bench.hear(.data(1), at: s(3))
    return bench
  }

  @Test("acknowledges each block once, in order, those that it had already included")
  func inOrder() {
    var bench = driving(having: [2, 3, 7])
    expect(bench.group(1, at: s(4)), equals: [], "the group's copy of block 1")
    for block in BlockNumber(2)...9 {
      expect(bench.group(block, at: s(4)), equals: [ack(block, s(4) + turnaround)])
      expect(bench.group(block, at: s(4)), equals: [])
    }
    expect(bench.group(10, at: s(5)), equals: [.entered(.complete), ack(10, s(5) + turnaround)])
    expect(bench.deadline, equals: .never)
  }

  @Test("a block out of order is kept, not acknowledged")
  func outOfOrder() {
    var bench = driving()
    expect(bench.group(5, at: s(4)), equals: [])
    #expect(!bench.missing.contains(5))
  }

  @Test("goes on for the group when it is complete itself")
  func completeGoesOn() {
    var bench = driving(having: [2, 4, 5, 6, 7, 8, 9, 10])
    bench.group(2, at: s(4))
    expect(bench.group(3, at: s(4)), equals: [.entered(.complete), ack(3, s(4) + turnaround)])
    #expect(bench.role == .complete && bench.listens(at: s(5)))
    expect(bench.group(4, at: s(5)), equals: [ack(4, s(5) + turnaround)])
    expect(bench.group([5, 6, 7, 8, 9], at: s(5)).count, equals: 5)
    expect(bench.group(10, at: s(6)), equals: [ack(10, s(6) + turnaround)])
  }

  @Test("repeats its last ACK every timeout, retries times, and is passive again a timeout after")
  func repeats() {
    var bench = driving()
    bench.group(2, at: s(4))
    let sent = s(4) + turnaround
    for attempt in 1...Int64(5) { expect(bench.fire(at: bench.deadline), equals: [ack(2, sent + s(attempt))]) }
    expect(bench.fire(at: sent + s(6)), equals: [.entered(.passive)])
    expect(bench.deadline, equals: sent + s(6) + ms(6_500))
  }

  @Test("counts its repeats anew with the next block in order")
  func repeatsAnew() {
    var bench = driving()
    bench.run(until: s(8))
    bench.group(2, at: s(8))
    expect(bench.run(until: s(13) + turnaround), equals: (1...5).map { ack(2, s(8 + $0) + turnaround) })
    expect(bench.role, equals: .active)
  }

  @Test("what comes by unicast after the session was given up is kept, not acknowledged")
  func givenUp() {
    var bench = driving()
    expect(bench.hear(.data(2), at: s(4)), equals: [])
    #expect(bench.run(until: s(20)).contains(.entered(.passive)))
    #expect(!bench.missing.contains(2))
  }

  @Test("a file of one block is over with it")
  func oneBlock() {
    var bench = DeviceBench(file: FileLayout(size: 3, blockSize: 10)) { $0.mode = .pxeMTFTP }
    bench.switchOn(at: .zero)
    bench.fire(at: s(2))
    expect(bench.hear(.data(1), at: s(3)), equals: [.entered(.active), .entered(.complete), ack(1, s(3) + turnaround)])
    var server = ServerBench(file: FileLayout(size: 3, blockSize: 10)!) { $0.mode = .pxeMTFTP }
    server.hear(.open, from: 1, at: s(2))
    expect(server.hear(.acknowledgment(1), from: 1, at: s(3)), equals: [.sessionEnded(.complete)])
  }
}

@Suite("R19, R20: the passive device of MTFTP")
struct R19PassiveTests {
  private func passive(
    missing: [BlockNumber],
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> DeviceBench {
    var bench = mtftpDevice(adjust)
    for block in BlockNumber(1)...10 where !missing.contains(block) { bench.group(block, at: s(1)) }
    return bench
  }

  private let check = s(1) + ms(6_500)

  @Test("checks itself after group_timeout, and promotes itself if its gap is detected, whatever the limits")
  func promotesItself() {
    var bench = passive(missing: [2, 5]) {
      $0.promotion.threshold = 2_001
      $0.promotion.maxGaps = 1
      $0.promotion.maxSmart = 1
    }
    expect(bench.fire(at: check - Nanoseconds(1)), equals: [])
    expect(bench.fire(at: check), equals: [bench.checked, .entered(.smart), ack(1, check)])
    expect(bench.hear(.data(2), at: s(8)), equals: [ack(4, s(8) + turnaround)])
    expect(bench.hear(.data(5), at: s(9)), equals: [.entered(.complete), ack(10, s(9) + turnaround)])
  }

  @Test("the threshold is strict here too: then it waits reopen_delay × received / n, rounded down, and opens")
  func reopens() {
    var bench = passive(missing: [2, 5, 9]) {
      $0.promotion.threshold = 3_000
      $0.reopenDelay = Nanoseconds(1_999)
    }
    expect(bench.fire(at: check), equals: [bench.checked])
    expect(bench.deadline, equals: check + Nanoseconds(1_399))
    expect(bench.fire(at: bench.deadline), equals: [open(check + Nanoseconds(1_399))])
    expect(bench.deadline, equals: check + Nanoseconds(1_399) + s(1))
  }

  @Test("one that misses nothing sends ACK(n) at its check")
  func complete() {
    var bench = passive(missing: [])
    expect(bench.fire(at: check), equals: [bench.checked, ack(10, check)])
    expect(bench.deadline, equals: .never)
  }

  @Test("who misses most asks first")
  func order() {
    var few = passive(missing: [2])
    var many = passive(missing: [2, 3, 4, 5])
    few.fire(at: check)
    many.fire(at: check)
    expect(many.deadline, equals: check + ms(1_200))
    expect(few.deadline, equals: check + ms(1_800))
  }

  @Test("one that hears the group before it opens does not open; its silence begins again")
  func hearsGroup() {
    var bench = passive(missing: [2, 5, 9])
    bench.fire(at: check)
    expect(bench.group(1, at: s(8)), equals: [])
    expect(bench.deadline, equals: s(8) + ms(6_500))
    expect(bench.fire(at: bench.deadline), equals: [bench.checked])
  }

  @Test("its opens are a new series with hope of its own")
  func newSeries() {
    var bench = passive(missing: [2, 5, 9])
    bench.fire(at: check)
    let first = check + ms(1_400)
    expect(bench.run(until: first + s(12) - Nanoseconds(1)), equals: (0...11).map { open(first + s($0)) })
    expect(bench.fire(at: first + s(12)), equals: [.entered(.failed)])
  }

  @Test("block 1 by unicast after its open makes it the active device")
  func becomesActive() {
    var bench = passive(missing: [2, 5, 9])
    bench.run(until: check + ms(1_400))
    expect(bench.hear(.data(1), at: s(9)), equals: [.entered(.active), ack(1, s(9) + turnaround)])
  }

  @Test("MTFTP has no OACK: none moves a device", arguments: [Message.check(session: 3), .smart, .elected, .wait])
  func noOACK(message: Message) {
    var smart = passive(missing: [2]) { $0.promotion.threshold = 5_000 }
    smart.fire(at: check)
    var driving = mtftpDevice()
    driving.hear(.data(1), at: s(1))
    for var bench in [mtftpDevice(), passive(missing: [2]), smart, driving] {
      let before = bench.device
      expect(bench.hear(message, at: s(8)), equals: [])
      expect(bench.device, equals: before)
    }
  }
}

@Suite("R21: files of more than 65 535 blocks")
struct R21WideTests {
  private func accepted(size: UInt64, isWide: Bool) -> [DeviceEffect] {
    var bench = DeviceBench { $0.wideBlockNumbers = isWide }
    bench.switchOn(at: .zero)
    let file = FileLayout(size: size, blockSize: 8)!
    return bench.hear(acceptance(of: file, isActive: false, isWide: isWide), at: ms(1))
  }

  @Test("a device refuses such a file without wide block numbers, and takes it with them")
  func refuses() {
    expect(accepted(size: 65_535 * 8 - 1, isWide: false), equals: [.entered(.passive)])
    expect(accepted(size: 65_535 * 8, isWide: false), equals: [.entered(.failed)])
    expect(accepted(size: 65_535 * 8, isWide: true), equals: [.entered(.passive)])
  }
}
