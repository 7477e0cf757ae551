import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R5–R7: the active device")
struct R05ActiveTests {
  @Test("with windowsize 1 each block asks for the next, and the last sends ACK(n)")
  func lockStep() {
    var bench = DeviceBench.accepted(active: true)
    for block in BlockNumber(1)...9 {
      let now = ms(Int64(block) * 10)
      expect(bench.group(block, at: now), equals: [ack(block, now + turnaround)])
    }
    expect(bench.group(10, at: ms(100)), equals: [.entered(.complete), ack(10, ms(100) + turnaround)])
    #expect(bench.role == .complete && bench.deadline == .never)
  }

  @Test("it asks for its first missing block, past what it has")
  func skips() {
    var bench = DeviceBench.passive(missing: [1, 4, 9])
    expect(bench.hear(.elected, at: ms(5)), equals: [.entered(.active), ack(0, ms(5) + turnaround)])
    expect(bench.group(1, at: ms(6)), equals: [ack(3, ms(6) + turnaround)])
    expect(bench.group(4, at: ms(7)), equals: [ack(8, ms(7) + turnaround)])
    expect(bench.group(9, at: ms(8)), equals: [.entered(.complete), ack(10, ms(8) + turnaround)])
  }

  @Test("with windowsize 4 the last block of the window asks, and the file's end closes the last window")
  func windows() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    expect(bench.group([1, 2, 3], at: ms(2)), equals: [])
    expect(bench.group(4, at: ms(3)), equals: [ack(4, ms(3) + turnaround)])
    expect(bench.group([5, 6, 7], at: ms(4)), equals: [])
    expect(bench.group(8, at: ms(5)), equals: [ack(8, ms(5) + turnaround)])
    expect(bench.group(9, at: ms(6)), equals: [])
    expect(bench.group(10, at: ms(7)), equals: [.entered(.complete), ack(10, ms(7) + turnaround)])
  }

  @Test("a hole makes it ask early, once per window")
  func asksEarlyOnce() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    expect(bench.group(1, at: ms(2)), equals: [])
    expect(bench.group(3, at: ms(3)), equals: [ack(1, ms(3) + turnaround)], "2 is missing: 2…5 are asked for")
    expect(bench.group(4, at: ms(4)), equals: [])
  }

  @Test("a hole before the window's first block asks early too")
  func firstLost() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    expect(bench.group(2, at: ms(2)), equals: [ack(0, ms(2) + turnaround)])
    expect(
      bench.group([3, 4], at: ms(3)), equals: [], "4 ends the window that the early ask opened; 1 has not arrived")
    expect(bench.group([1, 2, 3], at: ms(4)), equals: [])
    expect(bench.group(4, at: ms(5)), equals: [ack(4, ms(5) + turnaround)])
  }

  @Test("the window that an early ask opened asks at its last block, if the first has arrived")
  func earlyWindow() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    bench.group([1, 3], at: ms(2))
    expect(bench.group([4, 2, 3, 4], at: ms(3)), equals: [])
    expect(bench.group(5, at: ms(4)), equals: [ack(5, ms(4) + turnaround)])
  }

  @Test("it does not ask at the last block of such a window while the first is missing, but a timeout later")
  func earlyWindowWithoutFirst() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    bench.group([1, 3], at: ms(2))
    expect(bench.group([4, 5], at: ms(3)), equals: [])
    expect(bench.deadline, equals: ms(3) + s(1))
    expect(bench.fire(at: bench.deadline), equals: [ack(1, ms(3) + s(1))])
    expect(bench.group([2, 3, 4], at: s(2)), equals: [])
    expect(bench.group(5, at: s(2)), equals: [ack(5, s(2) + turnaround)])
  }

  @Test("such a window asks with a hole behind its first block for that hole")
  func earlyWindowWithSecondHole() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    bench.group([1, 3], at: ms(2))  // 2…5 are asked for
    expect(bench.group([2, 3], at: ms(3)), equals: [])
    expect(bench.group(5, at: ms(4)), equals: [ack(3, ms(4) + turnaround)], "4 is lost")
  }

  @Test("the last block of a window asks although one within it is missing")
  func lostWithinWindow() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    expect(bench.group([1, 2], at: ms(2)), equals: [])
    expect(bench.group(4, at: ms(3)), equals: [ack(2, ms(3) + turnaround)])
    expect(bench.group([3, 4, 5], at: ms(4)), equals: [], "5 is the next in order")
    expect(bench.group(6, at: ms(5)), equals: [ack(6, ms(5) + turnaround)])
  }

  @Test("a block outside the window never makes it ask", arguments: [UInt32(1), 4])
  func outsideTheWindow(windowSize: UInt32) {
    var bench = DeviceBench.accepted(active: true, windowSize: windowSize)
    bench.group(Array(1...BlockNumber(windowSize)), at: ms(2))
    expect(bench.group([1, 9, 10], at: ms(3)), equals: [])
    expect(bench.group(Array(1...BlockNumber(windowSize)), at: ms(4)), equals: [])
    #expect(!bench.missing.contains(9))
  }

  @Test("with windowsize 1 no hole makes it ask early")
  func lockStepHole() {
    var bench = DeviceBench.accepted(active: true)
    expect(bench.group([2, 3], at: ms(2)), equals: [])
    expect(bench.group(1, at: ms(3)), equals: [ack(3, ms(3) + turnaround)])
  }

  @Test("a complete device answers every unicast OACK with ACK(n), and nothing else")
  func completeAnswers() {
    var bench = DeviceBench.accepted(active: true)
    for block in BlockNumber(1)...10 { bench.group(block, at: ms(2)) }
    let oacks: [Message] = [.smart, .wait, .elected, .check(session: 1), acceptance(isActive: true)]
    for oack in oacks {
      expect(bench.hear(oack, at: ms(9)), equals: [ack(10, ms(9) + turnaround)])
      expect(bench.hear(oack, by: .multicast, at: ms(9)), equals: [])
    }
    expect(bench.group(3, at: ms(9)), equals: [])
    #expect(bench.role == .complete && bench.deadline == .never)
  }

  @Test("it listens until ACK(n) has left")
  func listensUntilTheEnd() {
    var bench = DeviceBench.accepted(active: true)
    for block in BlockNumber(1)...10 { bench.group(block, at: ms(2)) }
    #expect(bench.listens(at: ms(2) + turnaround - Nanoseconds(1)))
    #expect(!bench.listens(at: ms(2) + turnaround))
  }

  @Test("one that is elected and misses nothing answers ACK(n)")
  func electedComplete() {
    var bench = DeviceBench.passive(missing: [])
    expect(bench.hear(.elected, at: ms(5)), equals: [ack(10, ms(5) + turnaround)])
    expect(bench.role, equals: .complete)
  }

  @Test("the largest window there is reaches to the file's end")
  func hugeWindow() {
    var bench = DeviceBench.accepted(active: true, windowSize: .max)
    expect(bench.group([1, 2, 3, 4, 5, 6, 7, 8, 9], at: ms(2)), equals: [])
    expect(bench.group(10, at: ms(2)).last, equals: ack(10, ms(2) + turnaround))
  }
}

@Suite("R6: the active device asks again")
struct R06RepeatTests {
  private let asked = ms(1) + turnaround

  @Test("after each timeout without a missing block, retries times, and fails a timeout later", arguments: [1, 5])
  func repeats(retries: Int) {
    var bench = DeviceBench.accepted(active: true) { $0.retries = retries }
    for attempt in 1...Int64(retries) {
      expect(bench.deadline, equals: asked + s(attempt))
      expect(bench.fire(at: bench.deadline), equals: [ack(0, asked + s(attempt))])
    }
    expect(bench.deadline, equals: asked + s(Int64(retries) + 1))
    expect(bench.fire(at: bench.deadline), equals: [.entered(.failed)])
    #expect(bench.role == .failed && bench.deadline == .never)
  }

  @Test("the timeout runs from the last block that it missed, wherever that lies, and not from one that it had")
  func lastArrival() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    bench.group(1, at: ms(500))
    expect(bench.deadline, equals: ms(1_500))
    bench.group(1, at: ms(600))
    expect(bench.deadline, equals: ms(1_500))
    bench.group(9, at: ms(700))
    expect(bench.deadline, equals: ms(1_700))
    expect(bench.fire(at: ms(1_700)), equals: [ack(1, ms(1_700))])
  }

  @Test("a block that it missed lets it repeat retries times again")
  func reset() {
    var bench = DeviceBench.accepted(active: true)
    bench.run(until: s(6))  // five repeats
    expect(bench.group(7, at: s(6)), equals: [])
    for attempt in 1...Int64(5) { #expect(bench.fire(at: s(6 + attempt)) == [ack(0, s(6 + attempt))]) }
    expect(bench.fire(at: s(12)), equals: [.entered(.failed)])
  }

  @Test("a block that it had does not")
  func noReset() {
    var bench = DeviceBench.accepted(active: true)
    bench.group(7, at: ms(2))
    bench.run(until: s(6))
    bench.group(7, at: s(6))
    expect(bench.fire(at: ms(2) + s(6)), equals: [.entered(.failed)])
  }

  @Test("an ask for a new first block is no repeat")
  func newFirstBlock() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4) { $0.retries = 1 }
    bench.group(1, at: ms(100))
    expect(bench.fire(at: ms(1_100)), equals: [ack(1, ms(1_100))])
    expect(bench.fire(at: ms(2_100)), equals: [ack(1, ms(2_100))])
    expect(bench.fire(at: ms(3_100)), equals: [.entered(.failed)])
  }

  @Test("the window is asked for anew: its last block asks, and a hole in it asks early once more")
  func windowAnew() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4)
    bench.group([1, 3], at: ms(2))  // early: 2…5
    bench.fire(at: ms(2) + turnaround + s(1))
    expect(bench.group(4, at: s(2)), equals: [ack(1, s(2) + turnaround)])
    expect(bench.group(5, at: s(2)), equals: [])
  }
}
