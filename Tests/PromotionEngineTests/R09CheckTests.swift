import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R9: the completion notice and who checks")
struct R09CheckTests {
  @Test("the notice is sent notice_copies times, notice_interval apart", arguments: [1, 2, 3, 7])
  func copies(copies: Int) {
    var bench = ServerBench { $0.noticeCopies = copies }
    bench.hear(.request(.usual), from: 1, at: .zero)
    let first = ms(5) + turnaround
    expect(
      bench.hear(.acknowledgment(10), from: 1, at: ms(5)).last, equals: .multicast(.check(session: 1), leavesAt: first))
    for copy in 1..<Int64(copies) {
      expect(bench.deadline, equals: first + ms(10 * copy))
      expect(bench.fire(at: bench.deadline), equals: [.multicast(.check(session: 1), leavesAt: first + ms(10 * copy))])
    }
    expect(bench.deadline, equals: .never)
  }

  @Test("its copies go on whatever else begins: an election, a session, its end and the next notice")
  func copiesGoOn() {
    var bench = ServerBench { $0.noticeCopies = 4 }
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.hear(.request(.usual), from: 2, at: .zero)
    bench.hear(.acknowledgment(10), from: 1, at: ms(5))
    bench.hear(gapReport(missing: 2), from: 2, at: ms(6))
    bench.hear(.acknowledgment(0), from: 2, at: ms(7))
    expect(bench.fire(at: bench.deadline), equals: [.multicast(.check(session: 1), leavesAt: ms(15) + turnaround)])
    bench.hear(.acknowledgment(10), from: 2, at: ms(18))
    expect(
      bench.run(until: s(1)),
      equals: [
        .multicast(.check(session: 1), leavesAt: ms(25) + turnaround),
        .multicast(.check(session: 2), leavesAt: ms(28) + turnaround),
        .multicast(.check(session: 1), leavesAt: ms(35) + turnaround),
        .multicast(.check(session: 2), leavesAt: ms(38) + turnaround),
        .multicast(.check(session: 2), leavesAt: ms(48) + turnaround),
      ])
  }

  @Test("a passive device checks itself at a notice of a session that it has not heard of, once")
  func newNotice() {
    var bench = DeviceBench.passive(missing: [4])
    let report = bench.report()
    expect(bench.notice(1, at: ms(5)), equals: [bench.checked, .send(report, leavesAt: ms(5) + turnaround)])
    expect(bench.notice(1, at: ms(15)), equals: [])
    expect(bench.notice(3, at: ms(25)), equals: [bench.checked, .send(report, leavesAt: ms(25) + turnaround)])
    expect(bench.notice(2, at: ms(35)), equals: [])
  }

  @Test("the k of its OACK counts as heard")
  func kOfAcceptance() {
    var bench = DeviceBench.passive(missing: [4], ended: 2)
    expect(bench.notice(1, at: ms(5)), equals: [])
    expect(bench.notice(2, at: ms(6)), equals: [])
    expect(bench.notice(3, at: ms(7)).first, equals: bench.checked)
  }

  @Test("asked by unicast it checks whatever k it is asked with, and has heard of that session then")
  func askedByUnicast() {
    var bench = DeviceBench.passive(missing: [4], ended: 2)
    expect(bench.hear(.check(session: 1), at: ms(5)).first, equals: bench.checked)
    expect(bench.hear(.check(session: 3), at: ms(6)).first, equals: bench.checked)
    expect(bench.notice(3, at: ms(7)), equals: [])
  }

  @Test("it checks itself when the group is silent for group_timeout, counted from becoming passive")
  func silenceFromTheStart() {
    var bench = DeviceBench.accepted(active: false)
    expect(bench.deadline, equals: ms(1) + ms(6_500))
    expect(bench.fire(at: bench.deadline), equals: [bench.checked, .send(bench.report(), leavesAt: ms(6_501))])
  }

  @Test("every packet of the group puts the silence off, one that it had and a notice too")
  func silencePutOff() {
    var bench = DeviceBench.accepted(active: false)
    bench.group(3, at: s(1))
    expect(bench.deadline, equals: ms(7_500))
    bench.group(3, at: s(2))
    expect(bench.deadline, equals: ms(8_500))
    bench.hear(.data(4), by: .unicast, at: s(3))
    expect(bench.deadline, equals: ms(8_500))
    bench.notice(0, at: s(4))
    expect(bench.deadline, equals: ms(10_500))
  }

  @Test("the silence is armed again for each further group_timeout while it waits")
  func silenceAgain() {
    var bench = DeviceBench.passive(missing: [4])
    let first = ms(2) + ms(6_500)
    expect(bench.fire(at: first).first, equals: bench.checked)
    bench.hear(.wait, at: first + ms(1))
    expect(bench.deadline, equals: first + ms(6_500))
    expect(bench.fire(at: first + ms(6_500)).first, equals: bench.checked)
  }

  @Test("stretches of the group do what single blocks do, the silence included")
  func stretches() {
    var single = DeviceBench.accepted(active: false)
    var stretch = single
    single.group([3, 4, 5, 6], at: s(2))
    guard case .onlyListens(let proof) = stretch.device.hearing(at: s(2), smartListens: true) else {
      Issue.record("a passive device only listens")
      return
    }
    let heard = stretch.device.listen(
      proof, to: 3, through: 6, except: UnsafeBufferPointer(start: nil, count: 0), at: s(2))
    #expect(heard.filled == GapMap.Filled(count: 4, last: 6) && !heard.isComplete)
    expect(single.device, equals: stretch.device)
  }
}

@Suite("R10: the gap report")
struct R10ReportTests {
  @Test("carries the six figures: single gaps, chains, a short last block")
  func figures() {
    let cases: [(missing: [BlockNumber], report: GapReport)] = [
      ([4], GapReport(missingPackets: 1, totalGapBytes: 1_000, gaps: 1, largestGap: 1, chains: 0, longestChain: 0)),
      ([10], GapReport(missingPackets: 1, totalGapBytes: 500, gaps: 1, largestGap: 1, chains: 0, longestChain: 0)),
      (
        [2, 3, 5, 9],
        GapReport(missingPackets: 4, totalGapBytes: 4_000, gaps: 3, largestGap: 2, chains: 1, longestChain: 2)
      ),
      (
        [1, 3, 6, 8, 10],
        GapReport(missingPackets: 5, totalGapBytes: 4_500, gaps: 5, largestGap: 1, chains: 2, longestChain: 3)
      ),
    ]
    for (missing, report) in cases {
      var bench = DeviceBench.passive(missing: missing)
      expect(
        bench.notice(1, at: ms(5)), equals: [.checked(report), .send(.report(report), leavesAt: ms(5) + turnaround)])
    }
  }

  @Test("the continuity is the one that the server offered", arguments: [UInt32(0), 1, 2, 5])
  func continuity(continuity: UInt32) {
    var bench = DeviceBench.accepted(active: false, continuity: continuity)
    bench.group([2, 3, 5, 6, 7], at: ms(2))  // 1, 4, 8…10 are missing, with two and three blocks between them
    let expected = bench.device.gaps.statistics(of: tenBlocks, continuity: continuity)
    expect(expected.longestChain, equals: [0: 0, 1: 0, 2: 2, 5: 3][continuity])
    expect(bench.notice(1, at: ms(5)).last, equals: .send(.report(expected), leavesAt: ms(5) + turnaround))
  }

  @Test("one that misses nothing sends ACK(n) at its check, once")
  func complete() {
    var bench = DeviceBench.passive(missing: [])
    expect(bench.role, equals: .complete)
    expect(bench.notice(1, at: ms(5)), equals: [bench.checked, ack(10, ms(5) + turnaround)])
    expect(bench.notice(2, at: ms(6)), equals: [])
    expect(bench.deadline, equals: .never)
  }

  @Test("or earlier, when an OACK comes by unicast")
  func completeEarlier() {
    var bench = DeviceBench.passive(missing: [])
    expect(bench.hear(.wait, at: ms(4)), equals: [ack(10, ms(4) + turnaround)])
    expect(bench.notice(1, at: ms(5)), equals: [])
  }

  @Test("one that misses nothing and hears no notice sends ACK(n) after its silence")
  func completeInSilence() {
    var bench = DeviceBench.passive(missing: [])
    expect(bench.fire(at: ms(6_502)), equals: [bench.checked, ack(10, ms(6_502))])
  }

  @Test(
    "with a report window it is delayed by what is drawn, on top of the turnaround, with the figures of the sending"
  )
  func delayed() {
    var bench = DeviceBench.passive(missing: [4, 8]) { $0.promotion.reportWindow = s(2) }
    expect(bench.notice(1, at: ms(5)), equals: [bench.checked, .drawReportDelay])
    bench.device.delayReport(by: ms(700))
    expect(bench.deadline, equals: ms(705) + turnaround)
    bench.group(4, at: ms(300))
    let report = bench.report()
    expect(bench.fire(at: bench.deadline), equals: [.send(report, leavesAt: ms(705) + turnaround)])
    expect(bench.deadline, equals: ms(1_705) + turnaround)
  }

  @Test("a delayed report is not sent when nothing is missing any more")
  func delayedIsComplete() {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    bench.notice(1, at: ms(5))
    bench.device.delayReport(by: ms(700))
    expect(bench.group(4, at: ms(300)), equals: [.entered(.complete)])
    expect(bench.fire(at: bench.deadline), equals: [])
    expect(bench.deadline, equals: ms(300) + ms(6_500))
  }

  @Test("a new check replaces a report that is still delayed")
  func delayReplaced() {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    bench.notice(1, at: ms(5))
    bench.device.delayReport(by: ms(700))
    expect(bench.notice(2, at: ms(100)), equals: [bench.checked, .drawReportDelay])
    bench.device.delayReport(by: ms(900))
    expect(bench.deadline, equals: ms(1_000) + turnaround)
    expect(bench.fire(at: ms(705) + turnaround), equals: [])
    expect(bench.fire(at: ms(1_000) + turnaround).count, equals: 1)
  }

  @Test("asked by unicast it reports without delay, and the delayed report is replaced")
  func delayReplacedByAsk() {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    bench.notice(1, at: ms(5))
    bench.device.delayReport(by: ms(700))
    expect(
      bench.hear(.check(session: 1), at: ms(100)),
      equals: [
        bench.checked, .send(bench.report(), leavesAt: ms(100) + turnaround),
      ])
    expect(bench.deadline, equals: ms(1_100) + turnaround)
  }

  @Test("the delay stops when the device is passive no more", arguments: [Message.smart, .elected])
  func delayStops(grant: Message) {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    bench.notice(1, at: ms(5))
    bench.device.delayReport(by: ms(700))
    bench.hear(grant, at: ms(10))
    expect(bench.deadline, equals: ms(1_010) + turnaround)
    expect(bench.fire(at: ms(705) + turnaround), equals: [])
  }

  @Test("a delayed report is not withdrawn by an answer to an earlier one")
  func waitLeavesDelay() {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    bench.notice(1, at: ms(5))
    bench.device.delayReport(by: ms(10))
    bench.fire(at: bench.deadline)
    bench.notice(2, at: ms(20))
    bench.device.delayReport(by: ms(500))
    bench.hear(.wait, at: ms(21))
    expect(bench.deadline, equals: ms(520) + turnaround)
  }

  @Test("it is repeated every timeout with the figures of the moment, retries times, then the device goes on waiting")
  func repeats() {
    var bench = DeviceBench.passive(missing: [4, 8])
    bench.notice(1, at: ms(5))
    let sent = ms(5) + turnaround
    for attempt in 1...Int64(5) {
      if attempt == 3 { bench.group(8, at: sent + ms(2_500)) }
      expect(bench.fire(at: sent + s(attempt)), equals: [.send(bench.report(), leavesAt: sent + s(attempt))])
    }
    expect(bench.fire(at: sent + s(6)), equals: [])
    expect(bench.role, equals: .passive)
    expect(bench.deadline, equals: sent + ms(9_000), "the next silence")
  }

  @Test("an answer ends the repeats")
  func answered() {
    var bench = DeviceBench.passive(missing: [4])
    bench.notice(1, at: ms(5))
    expect(bench.hear(.wait, at: ms(6)), equals: [])
    expect(bench.deadline, equals: ms(5) + ms(6_500))
  }

  @Test("the repeats end when the last missing block arrives")
  func repeatsEnd() {
    var bench = DeviceBench.passive(missing: [4])
    bench.notice(1, at: ms(5))
    bench.group(4, at: ms(100))
    expect(bench.fire(at: s(1) + ms(5) + turnaround), equals: [])
    expect(bench.deadline, equals: ms(6_600))
  }

  @Test("it fails one timeout after the last repeat that follows retries + 1 silences")
  func fails() {
    var bench = DeviceBench.passive(missing: [4]) { $0.retries = 2 }
    let last = ms(2) + ms(6_500 * 3)
    let effects = bench.run(until: last + s(3) - Nanoseconds(1))
    expect(effects.count(where: { $0.isCheck }), equals: 3)
    expect(effects.count(where: { if case .send = $0 { true } else { false } }), equals: 9)
    #expect(bench.role == .passive && bench.deadline == last + s(3))
    expect(bench.fire(at: last + s(3)), equals: [.entered(.failed)])
  }

  @Test("it fails although its reports wait longer than a silence lasts")
  func failsWithALongReportWindow() {
    var bench = DeviceBench.passive(missing: [4]) {
      $0.retries = 2
      $0.promotion.reportWindow = s(20)
    }
    var now = Nanoseconds.zero
    while bench.role == .passive, now < s(200) {
      now = bench.deadline
      if bench.fire(at: now).contains(.drawReportDelay) { bench.device.delayReport(by: s(8)) }
    }
    expect(bench.role, equals: .failed)
  }

  @Test("it awaits a silence alone unless a report is due or unanswered")
  func awaitsSilence() {
    var bench = DeviceBench.passive(missing: [4]) { $0.promotion.reportWindow = s(2) }
    #expect(bench.awaitsSilence)
    bench.notice(1, at: ms(5))
    #expect(!bench.awaitsSilence, "its delay is to be drawn")
    bench.device.delayReport(by: s(1))
    #expect(!bench.awaitsSilence, "it is delayed")
    _ = bench.fire(at: bench.deadline)
    #expect(!bench.awaitsSilence, "it is unanswered")
    _ = bench.hear(.wait, at: s(1) + ms(10))
    #expect(bench.awaitsSilence)
    #expect(!DeviceBench.smart(missing: [4]).awaitsSilence)
  }

  @Test("one that misses nothing and is asked by unicast has checked itself, once")
  func completeAndAskedByUnicast() {
    var bench = DeviceBench.passive(missing: [])
    let final = ack(10, ms(5) + turnaround)
    expect(bench.hear(.check(session: 1), at: ms(5)), equals: [bench.checked, final])
    expect(bench.hear(.check(session: 1), at: ms(5)), equals: [final], "it has said so")
  }

  @Test("a packet of the group, or an answer, lets it count its silences anew", arguments: [true, false])
  func silencesAnew(byGroup: Bool) {
    var bench = DeviceBench.passive(missing: [4]) { $0.retries = 2 }
    bench.run(until: ms(2) + ms(6_500 * 2) + ms(100))
    if byGroup { bench.group(1, at: s(14)) } else { bench.hear(.wait, at: s(14)) }
    bench.run(until: s(30))
    expect(bench.role, equals: .passive)
  }
}
