import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R15: asking the silent")
struct R15AskingTests {
  /// The last notice of session 1, which ended at 100 ms.
  private let lastNotice = ms(120) + turnaround

  private func asks(_ devices: [DeviceID], at now: Nanoseconds) -> [ServerEffect] {
    devices.map { .unicast(.check(session: 1), to: $0, leavesAt: now) }
  }

  @Test(
    "those who have not reported are asked from timeout + report_window after the last notice on",
    arguments: [Nanoseconds.zero, s(2)]
  )
  func firstAsk(reportWindow: Nanoseconds) {
    var bench = ServerBench.afterSession(devices: 4) { $0.promotion.reportWindow = reportWindow }
    bench.hear(gapReport(missing: 3), from: 3, at: ms(200))
    bench.run(until: ms(200))
    expect(bench.deadline, equals: lastNotice + s(1) + reportWindow)
    expect(bench.fire(at: bench.deadline), equals: asks([2, 4], at: lastNotice + s(1) + reportWindow))
  }

  @Test("every timeout, retries times, and they are struck off one timeout after the last", arguments: [1, 5])
  func asksAgain(retries: Int) {
    var bench = ServerBench.afterSession(devices: 3) { $0.retries = retries }
    bench.run(until: ms(200))
    bench.hear(gapReport(missing: 3), from: 3, at: ms(300))
    for ask in 1...Int64(retries) + 1 {
      expect(bench.fire(at: bench.deadline), equals: asks([2], at: lastNotice + s(ask)))
    }
    let end = lastNotice + s(Int64(retries) + 2)
    expect(bench.deadline, equals: end)
    expect(bench.fire(at: end), equals: [.unicast(.elected, to: 3, leavesAt: end)])
    expect(bench.server.peers[2].standing, equals: .struckOff)
  }

  @Test("a report or ACK(n) ends the asking of that device, and the last one the check", arguments: [true, false])
  func answered(byReport: Bool) {
    var bench = ServerBench.afterSession(devices: 3)
    bench.run(until: lastNotice + s(1))
    bench.hear(byReport ? gapReport(missing: 3) : .acknowledgment(10), from: 2, at: ms(1_200))
    expect(bench.fire(at: bench.deadline), equals: asks([3], at: lastNotice + s(2)))
    let effects = bench.hear(.acknowledgment(10), from: 3, at: ms(2_200))
    expect(effects, equals: byReport ? [.unicast(.elected, to: 2, leavesAt: ms(2_200) + turnaround)] : [])
    if !byReport { expect(bench.deadline, equals: .never) }
  }

  @Test("a report from before the session's end does not count")
  func earlierReport() {
    var bench = ServerBench()
    for device in DeviceID(1)...2 { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(gapReport(missing: 3), from: 2, at: ms(50))
    bench.hear(.acknowledgment(10), from: 1, at: ms(100))
    bench.run(until: ms(200))
    expect(bench.fire(at: bench.deadline), equals: asks([2], at: lastNotice + s(1)))
  }

  @Test("one that joined since is not asked")
  func joinedSince() {
    var bench = ServerBench.afterSession(devices: 2)
    bench.hear(.request(.usual), from: 3, at: ms(101))
    bench.run(until: ms(200))
    expect(bench.fire(at: bench.deadline), equals: asks([2], at: lastNotice + s(1)))
  }

  @Test("a queued device is asked like any passive one, and a smart one is not")
  func queuedAndSmart() {
    var bench = ServerBench {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    for device in DeviceID(1)...3 { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(50))
    bench.hear(gapReport(missing: 2), from: 3, at: ms(50))
    bench.hear(.acknowledgment(10), from: 1, at: ms(100))
    bench.run(until: ms(200))
    expect(bench.fire(at: bench.deadline), equals: asks([3], at: lastNotice + s(1)))
  }

  @Test("the check is over at once when nobody listened")
  func nobody() {
    var bench = ServerBench.afterSession(devices: 1)
    bench.run(until: ms(200))
    expect(bench.deadline, equals: .never)
  }
}

@Suite("R15: the election")
struct R15ElectionTests {
  /// Devices 2…5 have reported after session 1; device 6 joined since. The last report elects.
  private func elected(_ order: ActiveOrder) -> (bench: ServerBench, last: [ServerEffect]) {
    var bench = ServerBench.afterSession(devices: 5) { $0.activeOrder = order }
    bench.run(until: ms(200))
    bench.hear(.request(.usual), from: 6, at: ms(300))
    bench.hear(gapReport(missing: 5, gaps: 2), from: 5, at: ms(400))
    bench.hear(gapReport(missing: 2, gaps: 2), from: 4, at: ms(400))
    bench.hear(gapReport(missing: 5, gaps: 4), from: 3, at: ms(400))
    let last = bench.hear(gapReport(missing: 2, gaps: 1), from: 2, at: ms(400))
    return (bench, last)
  }

  private func election(of device: DeviceID, at now: Nanoseconds) -> ServerEffect {
    .unicast(.elected, to: device, leavesAt: now)
  }

  @Test(
    "elects in the order that is set, ties by registration, one that joined since as missing everything",
    arguments: [
      (ActiveOrder.arrival, [2, 3, 4, 5, 6] as [DeviceID]), (.largestGap, [6, 3, 5, 2, 4]),
      (.smallestGap, [2, 4, 3, 5, 6]), (.mostGaps, [3, 4, 5, 2, 6]),
    ]
  )
  func order(order: ActiveOrder, expected: [DeviceID]) {
    var (bench, effects) = elected(order)
    var now = ms(400)
    for device in expected {
      expect(effects.last, equals: election(of: device, at: now + turnaround))
      now += ms(100)
      effects = bench.hear(.acknowledgment(10), from: device, at: now)  // it misses nothing any more
    }
    expect(effects, equals: [])
    expect(bench.server.sessionsEnded, equals: 1, "no session started")
  }

  @Test("the report is answered with wait before the server elects")
  func waitFirst() {
    let (_, effects) = elected(.arrival)
    expect(
      effects,
      equals: [.unicast(.wait, to: 2, leavesAt: ms(400) + turnaround), election(of: 2, at: ms(400) + turnaround)])
  }

  @Test("the election is repeated every timeout, retries times; the others are asked at the second; all are struck off")
  func repeats() {
    var (bench, _) = elected(.arrival)
    let sent = ms(400) + turnaround
    let all = [2, 3, 4, 5, 6] as [DeviceID]
    for attempt in 1...Int64(5) {
      expect(bench.deadline, equals: sent + s(attempt))
      let asked = attempt == 1 ? [2] : all
      expect(bench.fire(at: bench.deadline), equals: asked.map { election(of: $0, at: sent + s(attempt)) })
    }
    expect(bench.server.state.phase, equals: .election(of: 2, others: 4))
    expect(bench.fire(at: sent + s(6)), equals: all.dropFirst().map { election(of: $0, at: sent + s(6)) })
    expect(bench.server.peers[2].standing, equals: .struckOff)
    expect(bench.fire(at: sent + s(7)), equals: all.dropFirst().map { election(of: $0, at: sent + s(7)) })
    expect(bench.fire(at: sent + s(8)), equals: [])
    #expect(bench.server.state.phase == .idle && bench.deadline == .never)
    expect(
      bench.hear(.acknowledgment(0), from: 2, at: s(9)),
      equals: [.unicast(.check(session: 1), to: 2, leavesAt: s(9) + turnaround)])
  }

  @Test(
    "the first of several that answers drives, the others wait and are told so; their late answers are not answered")
  func several() {
    var (bench, _) = elected(.arrival)
    for _ in 1...2 { bench.fire(at: bench.deadline) }
    let told = s(3) + turnaround
    expect(
      bench.hear(.acknowledgment(6), from: 4, at: s(3)),
      equals: [
        .sessionOpened(active: 4), .sessionBegan, .multicastData(first: 7, last: 7, leavesAt: told),
        .unicast(.notActive, to: 2, leavesAt: told), .unicast(.notActive, to: 3, leavesAt: told),
        .unicast(.notActive, to: 5, leavesAt: told), .unicast(.notActive, to: 6, leavesAt: told),
      ])
    #expect(bench.server.waiting == 4 && bench.server.activeDevice == 4)
    expect(bench.hear(.acknowledgment(3), from: 2, at: ms(3_001)), equals: [])
    expect(
      bench.hear(.acknowledgment(3), from: 2, at: s(4)),
      equals: [.unicast(.check(session: 1), to: 2, leavesAt: s(4) + turnaround)])
    // Who is told so is passive again, and drives when its turn has come.
    var device = DeviceBench.passive(missing: [4, 9])
    device.hear(.elected, at: ms(5))
    expect(device.hear(.notActive, at: ms(6)), equals: [.entered(.passive)])
    expect(device.hear(.elected, at: ms(7)).first, equals: .entered(.active))
  }

  @Test("one of several that misses nothing, or gives up, leaves the others asked; the last one brings the next")
  func severalLeave() {
    var (bench, _) = elected(.arrival)
    for _ in 1...2 { bench.fire(at: bench.deadline) }
    bench.hear(.request(.usual), from: 7, at: ms(2_450))
    expect(bench.server.state.phase, equals: .election(of: 2, others: 4))
    for device in [3, 4, 5] as [DeviceID] {
      expect(bench.hear(.acknowledgment(10), from: device, at: s(3)), equals: [])
    }
    expect(bench.hear(.error(.undefined), from: 2, at: s(3)), equals: [])
    expect(bench.server.state.phase, equals: .election(of: 6, others: 0))
    expect(bench.hear(.acknowledgment(10), from: 6, at: s(3)), equals: [election(of: 7, at: s(3) + turnaround)])
    expect(bench.deadline, equals: s(4) + turnaround)
  }

  @Test("who leaves and comes back is asked as often as the others of its new round")
  func asksAnew() {
    var (bench, _) = elected(.arrival)
    bench.hear(.acknowledgment(10), from: 2, at: ms(500))
    bench.hear(.request(.usual), from: 2, at: ms(600))
    let sent = ms(500) + turnaround
    var asked = 0
    while bench.server.standing(of: 2) != .struckOff {
      asked += bench.fire(at: bench.deadline).count {
        if case .unicast(.elected, to: 2, _) = $0 { true } else { false }
      }
    }
    #expect(asked == 6 && bench.deadline == .never)
    #expect(bench.server.standing(of: 3) == .struckOff && sent < s(1))
  }

  @Test("its first ACK starts the next session with what it misses, and the others listen")
  func starts() {
    var (bench, _) = elected(.arrival)
    expect(
      bench.hear(.acknowledgment(6), from: 2, at: ms(500)),
      equals: [
        .sessionOpened(active: 2), .sessionBegan, .multicastData(first: 7, last: 7, leavesAt: ms(500) + turnaround),
      ])
    expect(bench.deadline, equals: ms(6_500))
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: ms(600)),
      equals: [.sessionEnded(.complete), .multicast(.check(session: 2), leavesAt: ms(600) + turnaround)])
    bench.run(until: ms(700))
    expect(bench.fire(at: bench.deadline).count, equals: 4, "3, 4, 5 and 6 are asked")
  }

  @Test("one that joins during the election is passive and waits (R16)")
  func joinsDuringElection() {
    var (bench, _) = elected(.arrival)
    expect(
      bench.hear(.request(.usual), from: 7, at: ms(450)),
      equals: [.unicast(acceptance(isActive: false, ended: 1), to: 7, leavesAt: ms(450) + turnaround)])
  }

  @Test("a device that waits comes to its turn when the session of another is abandoned")
  func abandoned() {
    var (bench, _) = elected(.arrival)
    bench.hear(.acknowledgment(0), from: 2, at: ms(500))
    bench.fire(at: ms(6_500))
    for device in DeviceID(3)...5 { bench.hear(.acknowledgment(10), from: device, at: s(7)) }
    expect(bench.hear(gapReport(missing: 10), from: 6, at: s(8)).last, equals: election(of: 6, at: s(8) + turnaround))
  }

  @Test("the device answers an election with an ask for its first missing block")
  func device() {
    var bench = DeviceBench.passive(missing: [4, 9])
    expect(bench.hear(.elected, at: ms(5)), equals: [.entered(.active), ack(3, ms(5) + turnaround)])
    expect(bench.hear(.elected, at: ms(6)), equals: [], "once is enough")
  }
}
