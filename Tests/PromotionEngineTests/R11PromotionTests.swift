import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R11, R12: who is promoted")
struct R11PromotionTests {
  /// The answer to one report of device 2.
  private func answer(
    to report: Message,
    _ adjust: @escaping (inout PromotionParameters) -> Void
  ) -> ServerEffect? {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 5_000
      adjust(&$0.promotion)
    }
    return bench.hear(report, from: 2, at: ms(200)).first
  }

  private let smart = ServerEffect.unicast(.smart, to: 2, leavesAt: ms(200) + turnaround)
  private let wait = ServerEffect.unicast(.wait, to: 2, leavesAt: ms(200) + turnaround)

  @Test("a total gap strictly below the threshold is detected", arguments: [UInt64(0), 1, 4_999, 5_000, 5_001, .max])
  func threshold(bytes: UInt64) {
    expect(answer(to: gapReport(missing: 1, bytes: bytes)) { _ in }, equals: bytes < 5_000 ? smart : wait)
  }

  @Test("one that misses no packet has no gap")
  func nothingMissing() {
    expect(answer(to: gapReport(missing: 0)) { _ in }, equals: wait)
  }

  @Test("a threshold of 0 promotes nobody")
  func zeroThreshold() {
    expect(answer(to: gapReport(missing: 1, bytes: 0)) { $0.threshold = 0 }, equals: wait)
  }

  @Test("max_gaps is inclusive", arguments: [UInt32(1), 3, 4, 5, .max])
  func maxGaps(gaps: UInt32) {
    expect(answer(to: gapReport(missing: 4, gaps: gaps)) { $0.maxGaps = 4 }, equals: gaps <= 4 ? smart : wait)
  }

  @Test("max_largest_gap is inclusive", arguments: [UInt32(1), 3, 4, 5, .max])
  func maxLargestGap(largest: UInt32) {
    expect(
      answer(to: gapReport(missing: 4, largest: largest)) { $0.maxLargestGap = 4 }, equals: largest <= 4 ? smart : wait)
  }

  @Test("max_chain is inclusive", arguments: [UInt32(0), 3, 4, 5, .max])
  func maxChain(longest: UInt32) {
    expect(answer(to: gapReport(missing: 4, longest: longest)) { $0.maxChain = 4 }, equals: longest <= 4 ? smart : wait)
  }

  @Test("every limit that is set must be met")
  func allLimits() {
    let report = gapReport(missing: 4, gaps: 4, largest: 2, longest: 3)
    expect(answer(to: report) { ($0.maxGaps, $0.maxLargestGap, $0.maxChain) = (4, 2, 3) }, equals: smart)
    expect(answer(to: report) { ($0.maxGaps, $0.maxLargestGap, $0.maxChain) = (3, 2, 3) }, equals: wait)
    expect(answer(to: report) { ($0.maxGaps, $0.maxLargestGap, $0.maxChain) = (4, 1, 3) }, equals: wait)
    expect(answer(to: report) { ($0.maxGaps, $0.maxLargestGap, $0.maxChain) = (4, 2, 2) }, equals: wait)
  }

  @Test("a report of a smart device is answered smart again, whatever it says")
  func smartAgain() {
    var bench = ServerBench.afterSession(devices: 3) { $0.promotion.threshold = 5_000 }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    expect(
      bench.hear(gapReport(missing: 9), from: 2, at: ms(300)),
      equals: [.unicast(.smart, to: 2, leavesAt: ms(300) + turnaround)])
  }

  @Test("a report of the active device, of one being elected and of an unknown one is not answered")
  func notAnswered() {
    var bench = ServerBench.afterSession(devices: 2)
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    expect(bench.hear(gapReport(missing: 2), from: 2, at: ms(300)), equals: [])
    bench.hear(.acknowledgment(0), from: 2, at: ms(400))
    expect(bench.hear(gapReport(missing: 2), from: 2, at: ms(500)), equals: [])
    expect(bench.hear(gapReport(missing: 2), from: 9, at: ms(500)), equals: [])
  }

  @Test("the latest report counts: it takes a device out of the queue, and elects by its own figures")
  func latestReport() {
    var bench = ServerBench.afterSession(devices: 4) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
      $0.activeOrder = .largestGap
    }
    bench.hear(gapReport(missing: 1), from: 2, at: ms(200))
    bench.hear(gapReport(missing: 1), from: 3, at: ms(200))  // queued
    bench.hear(gapReport(missing: 9), from: 3, at: ms(201))  // waits
    let effects = bench.hear(gapReport(missing: 7), from: 4, at: ms(202))
    expect(effects.last, equals: .unicast(.elected, to: 3, leavesAt: ms(202) + turnaround))
  }

  @Test("devices report and are promoted during a session too")
  func duringSession() {
    var bench = ServerBench { $0.promotion.threshold = 5_000 }
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.hear(.request(.usual), from: 2, at: .zero)
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    expect(
      bench.hear(gapReport(missing: 2), from: 2, at: ms(2)),
      equals: [.unicast(.smart, to: 2, leavesAt: ms(2) + turnaround), .watch(2)])
  }
}

@Suite("R13: places for smart devices")
struct R13PlacesTests {
  /// One place, taken by device 2 at 200 ms; devices 3…6 are queued with reports of their own.
  private func queued(_ order: SmartOrder) -> ServerBench {
    var bench = ServerBench.afterSession(devices: 6) {
      $0.promotion.threshold = 50_000
      $0.promotion.maxSmart = 1
      $0.promotion.smartOrder = order
    }
    bench.hear(gapReport(missing: 1), from: 2, at: ms(200))
    bench.hear(gapReport(missing: 5, gaps: 1), from: 6, at: ms(200))
    bench.hear(gapReport(missing: 3, gaps: 3), from: 5, at: ms(200))
    bench.hear(gapReport(missing: 5, gaps: 3), from: 4, at: ms(200))
    bench.hear(gapReport(missing: 3, gaps: 4), from: 3, at: ms(200))
    return bench
  }

  @Test("when none is free the device is told to wait and is queued, not elected")
  func queues() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    expect(
      bench.hear(gapReport(missing: 1), from: 3, at: ms(200)),
      equals: [.unicast(.smart, to: 3, leavesAt: ms(200) + turnaround), .watch(3)])
    expect(
      bench.hear(gapReport(missing: 1), from: 2, at: ms(201)),
      equals: [
        .unicast(.wait, to: 2, leavesAt: ms(201) + turnaround)
      ])
    #expect(bench.run(until: s(5)).allSatisfy { $0 != .unicast(.elected, to: 2, leavesAt: s(5)) })
  }

  @Test("a queued device that reports the same again is queued once")
  func queuedOnce() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    for again in Int64(0)..<5 {
      #expect(
        bench.hear(gapReport(missing: 3), from: 3, at: s(1 + again)) == [
          .unicast(.wait, to: 3, leavesAt: s(1 + again) + turnaround)
        ])
    }
    expect(bench.server.smartQueue.count, equals: 1)
    #expect(
      bench.hear(.acknowledgment(10), from: 2, at: s(6)).contains(
        .unicast(.smart, to: 3, leavesAt: s(6) + turnaround)))
  }

  @Test("as many places as max_smart says; without it, no end of them", arguments: [1, 2, 4, nil])
  func places(maxSmart: Int?) {
    var bench = ServerBench.afterSession(devices: 6) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = maxSmart
    }
    var promoted = 0
    for device in DeviceID(2)...6 {
      let effects = bench.hear(gapReport(missing: 1), from: device, at: ms(200))
      if effects.first == .unicast(.smart, to: device, leavesAt: ms(200) + turnaround) { promoted += 1 }
    }
    expect(promoted, equals: min(maxSmart ?? 5, 5))
  }

  @Test(
    "places go in the order that is set, ties by registration",
    arguments: [
      (SmartOrder.arrival, [3, 4, 5, 6] as [DeviceID]), (.smallestGap, [3, 5, 4, 6]), (.largestGap, [4, 6, 3, 5]),
      (.fewestGaps, [6, 4, 5, 3]),
    ]
  )
  func order(order: SmartOrder, expected: [DeviceID]) {
    var bench = queued(order)
    var smart: DeviceID = 2
    var now = ms(300)
    for next in expected {
      expect(
        bench.hear(.acknowledgment(10), from: smart, at: now),
        equals: [.unicast(.smart, to: next, leavesAt: now + turnaround), .watch(next)])
      smart = next
      now += ms(100)
    }
    expect(bench.hear(.acknowledgment(10), from: smart, at: now), equals: [])
  }

  @Test("a new report counts in the queue instead of the old one")
  func newReport() {
    var bench = queued(.smallestGap)
    bench.hear(gapReport(missing: 2), from: 6, at: ms(250))
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: ms(300)),
      equals: [.unicast(.smart, to: 6, leavesAt: ms(300) + turnaround), .watch(6)])
    bench.hear(.acknowledgment(10), from: 6, at: ms(400))
    bench.hear(.acknowledgment(10), from: 3, at: ms(500))
    bench.hear(.acknowledgment(10), from: 5, at: ms(600))
    expect(bench.hear(.acknowledgment(10), from: 4, at: ms(700)), equals: [], "6 has left the queue")
  }

  @Test("one that completes in the queue gets no place")
  func completesInQueue() {
    var bench = queued(.arrival)
    bench.hear(.acknowledgment(10), from: 3, at: ms(250))
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: ms(300)),
      equals: [.unicast(.smart, to: 4, leavesAt: ms(300) + turnaround), .watch(4)])
  }

  @Test("the invitation of a queued device is repeated every timeout, retries times")
  func invitationRepeats() {
    var bench = queued(.arrival)
    bench.hear(.acknowledgment(10), from: 2, at: ms(300))
    let invited = ms(300) + turnaround
    for attempt in 1...Int64(5) {
      expect(bench.deadline(of: 3), equals: invited + s(attempt))
      expect(
        bench.fire(for: 3, at: invited + s(attempt)), equals: [.unicast(.smart, to: 3, leavesAt: invited + s(attempt))])
    }
  }

  @Test(
    "until the device is heard",
    arguments: [Message.acknowledgment(4), gapReport(missing: 2), .request(.usual), .acknowledgment(99)]
  )
  func invitationHeard(word: Message) {
    var bench = queued(.arrival)
    bench.hear(.acknowledgment(10), from: 2, at: ms(300))
    bench.hear(word, from: 3, at: ms(900))
    expect(bench.deadline(of: 3), equals: ms(6_900))
    expect(bench.fire(for: 3, at: ms(1_301)), equals: [])
  }

  @Test("the device whose own report was answered is not invited again")
  func promotedOnReport() {
    let bench = queued(.arrival)
    expect(bench.deadline(of: 2), equals: ms(6_200) + turnaround)
  }

  @Test("a device that is not heard for session_timeout is struck off, and its place goes to the next")
  func struckOff() {
    var bench = queued(.arrival)
    bench.hear(.acknowledgment(3), from: 2, at: s(4))
    expect(bench.deadline(of: 2), equals: s(10))
    expect(bench.fire(for: 2, at: s(10) - Nanoseconds(1)), equals: [])
    expect(bench.fire(for: 2, at: s(10)), equals: [.unicast(.smart, to: 3, leavesAt: s(10)), .watch(3)])
    expect(bench.deadline(of: 2), equals: .never)
    expect(
      bench.hear(.acknowledgment(3), from: 2, at: s(11)),
      equals: [.unicast(.check(session: 1), to: 2, leavesAt: s(11) + turnaround)])
  }

  @Test("a struck off smart device that reports again is decided on again")
  func struckOffReports() {
    var bench = queued(.arrival)
    bench.fire(for: 2, at: s(10))
    expect(
      bench.hear(gapReport(missing: 1), from: 2, at: s(11)),
      equals: [.unicast(.wait, to: 2, leavesAt: s(11) + turnaround)])
    expect(
      bench.hear(.acknowledgment(10), from: 3, at: s(12)),
      equals: [.unicast(.smart, to: 2, leavesAt: s(12) + turnaround), .watch(2)])
  }
}
