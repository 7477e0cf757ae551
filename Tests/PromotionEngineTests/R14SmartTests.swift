import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R14: the smart device")
struct R14SmartTests {
  private let asked = ms(3) + turnaround

  @Test("fetches what it misses by unicast, lowest first, then sends ACK(n)")
  func lowestFirst() {
    var bench = DeviceBench.passive(missing: [2, 5, 6])
    expect(bench.hear(.smart, at: ms(3)), equals: [.entered(.smart), ack(1, asked)])
    expect(bench.hear(.data(2), at: ms(4)), equals: [ack(4, ms(4) + turnaround)])
    expect(bench.hear(.data(5), at: ms(5)), equals: [ack(5, ms(5) + turnaround)])
    expect(bench.hear(.data(6), at: ms(6)), equals: [.entered(.complete), ack(10, ms(6) + turnaround)])
    #expect(bench.role == .complete && bench.deadline == .never)
  }

  @Test("has at most smart_window requests outstanding", arguments: [1, 2, 3, 9])
  func window(window: Int) {
    let missing: [BlockNumber] = [1, 3, 4, 7, 10]
    var bench = DeviceBench.passive(missing: missing) { $0.promotion.smartWindow = window }
    let asks = bench.hear(.smart, at: ms(3)).dropFirst()
    expect(Array(asks), equals: missing.prefix(window).map { ack($0 - 1, asked) })
    var outstanding = asks.count
    for block in missing.dropLast() {
      outstanding += bench.hear(.data(block), at: ms(4)).count - 1
      #expect(outstanding <= window)
      expect(outstanding, equals: min(window, bench.missing.count))
    }
  }

  @Test("a block of the group is one less to fetch")
  func groupBlock() {
    var bench = DeviceBench.smart(missing: [2, 5, 6])
    #expect(bench.listens(at: ms(4)))
    expect(bench.group(5, at: ms(4)), equals: [], "it is not asked for yet")
    expect(bench.group(2, at: ms(5)), equals: [ack(5, ms(5) + turnaround)])
    expect(bench.group(6, at: ms(6)), equals: [.entered(.complete), ack(10, ms(6) + turnaround)])
  }

  @Test("does not listen to the group when smart_listens is off")
  func smartListensOff() {
    var bench = DeviceBench.smart(missing: [2]) { $0.promotion.smartListens = false }
    #expect(!bench.listens(at: ms(4)))
    expect(bench.hear(.data(2), at: ms(5)).last, equals: ack(10, ms(5) + turnaround))
  }

  @Test("repeats what is outstanding, and only that, when nothing that it missed came for a timeout")
  func repeats() {
    var bench = DeviceBench.smart(missing: [1, 3, 4, 7]) { $0.promotion.smartWindow = 3 }
    expect(bench.deadline, equals: asked + s(1))
    expect(bench.fire(at: asked + s(1)), equals: [0, 2, 3].map { ack($0, asked + s(1)) })
    bench.hear(.data(3), at: ms(1_500))  // asks for 7
    expect(bench.deadline, equals: ms(2_500) + turnaround)
    expect(bench.fire(at: bench.deadline), equals: [0, 3, 6].map { ack($0, ms(2_500) + turnaround) })
  }

  @Test("fails a timeout after the last of its retries", arguments: [1, 5])
  func fails(retries: Int) {
    var bench = DeviceBench.smart(missing: [2]) { $0.retries = retries }
    for attempt in 1...Int64(retries) {
      expect(bench.fire(at: asked + s(attempt)), equals: [ack(1, asked + s(attempt))])
    }
    expect(bench.fire(at: asked + s(Int64(retries) + 1)), equals: [.entered(.failed)])
    expect(bench.role, equals: .failed)
  }

  @Test(
    "counts its repeats anew when a missing block comes, by whichever way",
    arguments: [Addressing.unicast, .multicast]
  )
  func repeatsAnew(addressing: Addressing) {
    var bench = DeviceBench.smart(missing: [2, 8])
    bench.run(until: s(6))
    expect(bench.hear(.data(8), by: addressing, at: s(6)), equals: [])
    for attempt in 1...Int64(5) { #expect(bench.fire(at: s(6 + attempt)) == [ack(1, s(6 + attempt))]) }
    expect(bench.fire(at: s(12)), equals: [.entered(.failed)])
  }

  @Test("a block that it had changes nothing")
  func duplicate() {
    var bench = DeviceBench.smart(missing: [2, 8])
    let before = bench.device
    expect(bench.hear(.data(3), at: ms(500)), equals: [])
    expect(bench.group(3, at: ms(500)), equals: [])
    expect(bench.device, equals: before)
  }

  @Test("listens to the end only with smart_listens", arguments: [true, false])
  func listensToTheEnd(listens: Bool) {
    var bench = DeviceBench.smart(missing: [2]) { $0.promotion.smartListens = listens }
    expect(bench.listens(at: ms(4)), equals: listens)
    bench.hear(.data(2), at: ms(5))
    expect(bench.listens(at: ms(5)), equals: listens, "until ACK(n) has left")
    #expect(!bench.listens(at: ms(5) + turnaround))
  }

  @Test("blocks that are none of the file's change nothing", arguments: [BlockNumber(0), 11, .max])
  func outside(block: BlockNumber) {
    var bench = DeviceBench.smart(missing: [10])
    let before = bench.device
    expect(bench.hear(.data(block), at: ms(500)), equals: [])
    expect(bench.device, equals: before)
  }

  @Test("the server answers ACK(b−1) with block b alone, by unicast, and never to the group")
  func server() {
    var bench = ServerBench.afterSession(devices: 2) {
      $0.promotion.threshold = 5_000
      $0.windowSize = 8
    }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    for block in BlockNumber(0)...9 {
      expect(
        bench.hear(.acknowledgment(block), from: 2, at: ms(300)),
        equals: [.unicast(.data(block + 1), to: 2, leavesAt: ms(300) + turnaround)])
    }
  }

  @Test("a server that does not know the option makes its devices passive or active all the same")
  func unknownOption() {
    var bench = DeviceBench()
    bench.switchOn(at: .zero)
    let accepted = Acceptance(file: tenBlocks, windowSize: 1, wideBlockNumbers: false, isActive: false, promotion: nil)
    expect(bench.hear(.acceptance(accepted), at: ms(1)), equals: [.entered(.passive)])
    expect(bench.hear(.elected, at: ms(2)), equals: [.entered(.active), ack(0, ms(2) + turnaround)])
  }
}
