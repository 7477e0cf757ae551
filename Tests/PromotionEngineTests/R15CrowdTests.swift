import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

/// Devices that are asked and never answer: switched off, or made up by somebody who forges requests.
@Suite("R15: nobody waits for a silent crowd")
struct R15CrowdTests {
  private func election(of devices: [DeviceID], at now: Nanoseconds) -> [ServerEffect] {
    devices.map { .unicast(.elected, to: $0, leavesAt: now) }
  }

  private func joined(_ device: DeviceID, _ isActive: Bool, ended: UInt32, at now: Nanoseconds) -> ServerEffect {
    .unicast(acceptance(isActive: isActive, ended: ended), to: device, leavesAt: now + turnaround)
  }

  /// Device 1 was told to drive at 0 and says nothing; the others wait.
  private func silent(devices: DeviceID, _ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> ServerBench {
    var bench = ServerBench(adjust)
    for device in 1...devices { bench.hear(.request(.usual), from: device, at: .zero) }
    return bench
  }

  @Test("who is to drive by its acceptance and asks for nothing in three timeouts stands as the first of an election")
  func silentAcceptance() {
    var bench = silent(devices: 70)
    expect(bench.deadline, equals: s(3))
    expect(bench.fire(at: ms(2_999)), equals: [])
    expect(bench.fire(at: s(3)), equals: [.sessionEnded(.abandoned)] + election(of: Array(2...65), at: s(3)))
    expect(bench.server.state.phase, equals: .election(of: 1, others: 64))
    expect(bench.fire(at: s(4)), equals: election(of: Array(1...70), at: s(4)))
    let told = ms(4_500) + turnaround
    expect(
      bench.hear(.acknowledgment(0), from: 1, at: ms(4_500)).prefix(3),
      equals: [.sessionOpened(active: 1), .sessionBegan, .multicastData(first: 1, last: 1, leavesAt: told)])
    #expect(bench.server.activeDevice == 1 && bench.server.waiting == 69 && bench.server.sessionsEnded == 1)
  }

  @Test("with a backoff these timeouts grow (R24)")
  func backoff() {
    let bench = silent(devices: 2) {
      $0.backoff = 2
      $0.sessionTimeout = s(70)
    }
    expect(bench.deadline, equals: s(7))
  }

  @Test("as long as nobody else waits it has its session_timeout (R8); who comes after three timeouts is told to drive")
  func aloneAndThen() {
    var bench = silent(devices: 1)
    expect(bench.deadline, equals: s(6))
    expect(
      bench.hear(.request(.usual), from: 2, at: s(4)),
      equals: [
        .sessionEnded(.abandoned), joined(2, true, ended: 1, at: s(4)),
      ])
    expect(bench.deadline, equals: s(5))
    expect(bench.fire(at: s(5)), equals: election(of: [1, 2], at: s(5)))
  }

  @Test("nor does a device wait for it that reports after three timeouts")
  func reportsAfterSilence() {
    var bench = ServerBench.afterSession(devices: 2)
    bench.hear(.error(.undefined), from: 2, at: ms(150))
    bench.run(until: s(2))
    bench.hear(.request(.usual), from: 3, at: s(2))
    #expect(bench.server.activeDevice == 3 && bench.deadline == s(8))
    expect(
      bench.hear(gapReport(missing: 5), from: 2, at: ms(5_500)),
      equals: [.sessionEnded(.abandoned), .unicast(.elected, to: 2, leavesAt: ms(5_500) + turnaround)])
    expect(bench.server.state.phase, equals: .election(of: 3, others: 0))
    expect(bench.fire(at: ms(6_500)), equals: election(of: [3, 2], at: ms(6_500)))
  }

  @Test("a session that has begun goes on for session_timeout")
  func hasBegun() {
    var bench = silent(devices: 3)
    bench.hear(.acknowledgment(0), from: 1, at: s(1))
    expect(bench.deadline, equals: s(7))
  }

  @Test("while many are asked, who joins or asks again is told to drive, and its first ACK opens the session")
  func joinsManyAsked() {
    var bench = silent(devices: 5)
    bench.fire(at: s(3))
    expect(bench.hear(.request(.usual), from: 6, at: ms(3_100)), equals: [joined(6, true, ended: 1, at: ms(3_100))])
    expect(bench.hear(.request(.usual), from: 3, at: ms(3_100)), equals: [joined(3, true, ended: 1, at: ms(3_100))])
    let told = ms(3_200) + turnaround
    expect(
      bench.hear(.acknowledgment(0), from: 6, at: ms(3_200)),
      equals: [
        .sessionOpened(active: 6), .sessionBegan, .multicastData(first: 1, last: 1, leavesAt: told),
      ] + (1...5).map { .unicast(.notActive, to: $0, leavesAt: told) })
    expect(bench.hear(.request(.usual), from: 7, at: ms(3_300)), equals: [joined(7, false, ended: 1, at: ms(3_300))])
    let answer = ServerEffect.unicast(.check(session: 1), to: 7, leavesAt: ms(3_400) + turnaround)
    expect(bench.hear(.acknowledgment(0), from: 7, at: ms(3_400)), equals: [answer])
  }

  @Test("while many are asked, whoever reports that it misses too much is told to drive, be it asked already or not")
  func reportsManyAsked() {
    var bench = silent(devices: 70)
    bench.fire(at: s(3))
    for device in [DeviceID(2), 70] {
      expect(
        bench.hear(gapReport(missing: 5), from: device, at: ms(3_100)),
        equals: [.unicast(.elected, to: device, leavesAt: ms(3_100) + turnaround)])
    }
    expect(bench.hear(.acknowledgment(0), from: 70, at: ms(3_200)).first, equals: .sessionOpened(active: 70))
  }

  @Test("after an election that nobody answered nobody has the session to itself, until somebody asks for a block")
  func afterSilence() {
    var bench = silent(devices: 5)
    bench.run(until: s(20))
    expect(bench.server.state.phase, equals: .idle)
    let joins = s(20)
    for device in DeviceID(6)...7 {
      expect(bench.hear(.request(.usual), from: device, at: joins), equals: [joined(device, true, ended: 1, at: joins)])
    }
    expect(bench.server.state.phase, equals: .election(of: 6, others: 0))
    expect(bench.hear(.acknowledgment(0), from: 7, at: s(21)).first, equals: .sessionOpened(active: 7))
    for device in DeviceID(6)...7 { bench.hear(.acknowledgment(10), from: device, at: s(22)) }
    expect(bench.server.state.phase, equals: .idle)
    expect(bench.hear(.request(.usual), from: 8, at: s(23)).first, equals: .sessionOpened(active: 8))
  }

  @Test("while one is asked, who joins waits")
  func joinsOneAsked() {
    var bench = ServerBench.afterSession(devices: 2)
    bench.hear(gapReport(missing: 5), from: 2, at: ms(200))
    expect(bench.hear(.request(.usual), from: 3, at: ms(300)), equals: [joined(3, false, ended: 1, at: ms(300))])
    expect(bench.hear(.acknowledgment(0), from: 3, at: ms(400)).count, equals: 1, "R8a")
    #expect(bench.server.activeDevice == nil)
  }

  @Test(
    "a crowd that was asked to drive before is one in the next check too; if session_timeout is three timeouts, so it is"
  )
  func crowdAfterElection() {
    var bench = silent(devices: 1000) {
      $0.retries = 2
      $0.sessionTimeout = s(3)
    }
    bench.run(until: s(6))
    expect(bench.hear(.request(.usual), from: 1001, at: s(6)), equals: [joined(1001, true, ended: 1, at: s(6))])
    bench.hear(.acknowledgment(0), from: 1001, at: s(6))
    bench.hear(.acknowledgment(10), from: 1001, at: ms(6_100))
    for device in DeviceID(1002)...1004 { bench.hear(.request(.usual), from: device, at: ms(6_150)) }
    bench.run(until: s(8))
    expect(bench.server.state.phase, equals: .election(of: 1002, others: 2))
    bench.hear(.acknowledgment(0), from: 1002, at: s(8))
    bench.hear(gapReport(missing: 5), from: 1003, at: ms(8_050))
    bench.hear(.acknowledgment(10), from: 1002, at: ms(8_100))
    bench.hear(.acknowledgment(10), from: 1004, at: ms(8_110))
    expect(bench.server.state.phase, equals: .check(awaited: 1), "of the silent ones it expects nothing")
    bench.hear(.acknowledgment(10), from: 1003, at: ms(8_120))
    expect(bench.server.state.phase, equals: .election(of: 66, others: 63), "the first 64 were struck off meanwhile")
    expect(
      bench.hear(.request(.usual), from: 1005, at: ms(8_130)), equals: [joined(1005, true, ended: 3, at: ms(8_130))])
  }

  /// The last notice of session 1, which ended at 100 ms, and a timeout: the server begins to ask.
  private let firstAsk = ms(120) + turnaround + s(1)

  /// Of twenty devices that listened, 2…`answered` have everything; 21 came since.
  private func check(answered: DeviceID) -> ServerBench {
    var bench = ServerBench.afterSession(devices: 21)
    for device in 2..<answered + 1 { bench.hear(.acknowledgment(10), from: device, at: ms(150)) }
    bench.run(until: ms(200))
    return bench
  }

  @Test("a check in which most are silent ends when the server would ask, if another one waits: all are asked to drive")
  func silentCheck() {
    var bench = check(answered: 10)
    bench.hear(.request(.usual), from: 22, at: ms(150))
    expect(bench.deadline, equals: firstAsk)
    expect(bench.fire(at: firstAsk), equals: election(of: [22], at: firstAsk))
    expect(
      bench.fire(at: firstAsk + s(1)), equals: election(of: [22] + (11...21), at: firstAsk + s(1)),
      "the silent ones last")
    let joins = firstAsk + ms(1_100)
    expect(bench.hear(.request(.usual), from: 23, at: joins), equals: [joined(23, true, ended: 1, at: joins)])
    bench.hear(.acknowledgment(0), from: 23, at: ms(2_300))
    bench.hear(gapReport(missing: 5), from: 12, at: ms(2_300))
    bench.hear(.acknowledgment(10), from: 23, at: ms(2_400))
    expect(
      bench.server.state.phase, equals: .check(awaited: 2), "of the silent ones it waits for who has reported since")
  }

  @Test("if nobody else waits they are asked to report, and who joins then ends the check")
  func joinsSilentCheck() {
    var bench = check(answered: 10)
    expect(bench.fire(at: firstAsk), equals: (11...21).map { .unicast(.check(session: 1), to: $0, leavesAt: firstAsk) })
    expect(
      bench.hear(.request(.usual), from: 22, at: s(2)),
      equals: [joined(22, false, ended: 1, at: s(2))]
        + election(of: [22], at: s(2) + turnaround))
  }

  @Test("the second time all are asked to drive, whether or not anybody else waits")
  func secondAsk() {
    var bench = check(answered: 10)
    bench.run(until: firstAsk)
    expect(bench.fire(at: firstAsk + s(1)), equals: election(of: Array(11...21), at: firstAsk + s(1)))
  }

  @Test("a report does not end it: after a burst of losses the rest report as well")
  func reportsInSilentCheck() {
    var bench = check(answered: 1)
    bench.run(until: firstAsk)
    for device in DeviceID(2)...20 {
      expect(
        bench.hear(gapReport(missing: 5), from: device, at: s(2)),
        equals: [.unicast(.wait, to: device, leavesAt: s(2) + turnaround)])
    }
    expect(bench.server.state.phase, equals: .check(awaited: 1))
  }

  @Test("a few are waited for, and so are those who are no more than have answered", arguments: [10, 11] as [DeviceID])
  func noCrowd(answered: DeviceID) {
    var large = check(answered: answered)
    large.hear(.request(.usual), from: 22, at: ms(300))
    large.run(until: firstAsk)
    let isCrowd = answered == 10
    expect(large.server.state.phase, equals: isCrowd ? .election(of: 22, others: 0) : .check(awaited: 10))
    var small = ServerBench.afterSession(devices: isCrowd ? 10 : 9)
    small.hear(.request(.usual), from: 22, at: ms(300))
    small.run(until: firstAsk)
    expect(small.server.state.phase, equals: isCrowd ? .election(of: 22, others: 0) : .check(awaited: 8))
  }
}
