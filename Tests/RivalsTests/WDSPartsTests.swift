import BlockTransfer
import Network
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// The parts of `wds`, without a network: what comes from the wire need not make sense.
@Suite struct WDSPartsTests {
  // MARK: Throughput

  /// p = (24 + 1) / (98 + 2) = ¼: √p = ½, 1 + 9/4 × (1 + 32/16) = 7.75.
  @Test func slownessIsThatOfTheSpecification() {
    let throughput = WDSThroughput(roundTrip: .milliseconds(1), asked: 98, lost: 24)
    expect(throughput.slowness, equals: 1e6 * 0.5 * 7.75)
  }

  @Test func aLongerRoundTripOrMoreLossIsSlower() {
    let master = WDSThroughput(roundTrip: .milliseconds(3), asked: 98, lost: 24)
    let far = WDSThroughput(roundTrip: .milliseconds(4), asked: 98, lost: 24)
    #expect(!far.isBelow(750_000_000, of: master))  // three quarters of it, and not less
    let farther = WDSThroughput(roundTrip: Nanoseconds(4_000_001), asked: 98, lost: 24)
    #expect(farther.isBelow(750_000_000, of: master) && !farther.isBelow(740_000_000, of: master))
    #expect(WDSThroughput(roundTrip: .milliseconds(3), asked: 98, lost: 70).isBelow(500_000_000, of: master))
    #expect(!master.isBelow(1_000_000_000, of: master))
  }

  // MARK: A round

  private func sent(_ round: inout WDSRound, window: Int) -> [Gap] {
    var sent: [Gap] = []
    round.fill(window: window) { sent.append($0) }
    return sent
  }

  private func acknowledge(_ block: BlockNumber, firstMissing: BlockNumber, in round: inout WDSRound) {
    let tellsSomething = round.acknowledge(WDSAcknowledgment(block: block, firstMissing: firstMissing))
    #expect(tellsSomething)
  }

  @Test func aRoundIsTheUnionOfWhatIsMissed() {
    var round = WDSRound(
      over: [Gap(first: 7, last: 9), Gap(first: 1, last: 2), Gap(first: 3, last: 3), Gap(first: 8, last: 12)], of: 20)
    let all = sent(&round, window: 100)
    expect(all, equals: [Gap(first: 1, last: 3), Gap(first: 7, last: 12)])
  }

  @Test(arguments: [
    Gap(first: 0, last: 3), Gap(first: 3, last: 2), Gap(first: 5, last: 21), Gap(first: .max, last: .max),
    Gap(first: 0, last: .max),
  ])
  func rangesThatTheFileDoesNotHaveAreIgnored(range: Gap) {
    var round = WDSRound(over: [range], of: 20)
    let nothing = sent(&round, window: 5)
    #expect(round.isOver && nothing.isEmpty)
  }

  @Test func aWindowIsFilledUp() {
    var round = WDSRound(over: [Gap(first: 1, last: 3), Gap(first: 7, last: 9)], of: 9)
    let sent1 = sent(&round, window: 4)
    expect(sent1, equals: [Gap(first: 1, last: 3), Gap(first: 7, last: 7)])
    let sent2 = sent(&round, window: 4)
    #expect(sent2.isEmpty)
    acknowledge(2, firstMissing: 1, in: &round)  // 1 is lost
    let sent3 = sent(&round, window: 4)
    expect(sent3, equals: [Gap(first: 1, last: 1), Gap(first: 8, last: 8)])
    acknowledge(7, firstMissing: 4, in: &round)  // 3 has come, its ACK is lost
    let sent4 = sent(&round, window: 4)
    expect(sent4, equals: [Gap(first: 9, last: 9)])
    round.giveUpUnderWay()
    let sent5 = sent(&round, window: 4)
    expect(sent5, equals: [1, 8, 9].map { Gap(first: $0, last: $0) })
    for block: BlockNumber in [1, 8, 9] { acknowledge(block, firstMissing: 10, in: &round) }
    #expect(round.isOver)
  }

  @Test(arguments: [BlockNumber(0), 4, 10, .max]) func anACKOfWhatIsNotUnderWayTellsNothing(block: BlockNumber) {
    var round = WDSRound(over: [Gap(first: 1, last: 9)], of: 9)
    _ = sent(&round, window: 3)
    let tellsSomething = round.acknowledge(WDSAcknowledgment(block: block, firstMissing: .max))
    #expect(!tellsSomething)
    let sent6 = sent(&round, window: 3)
    #expect(sent6.isEmpty)
  }

  // MARK: Losses

  @Test func lossIsWhatIsMissedAgain() {
    var report = WDSLossReport()
    var gaps = GapMap(blocks: 10)
    let report1 = report.report(gaps, to: 0)
    expect(report1, equals: WDSReport(poll: 0, ranges: [Gap(first: 1, last: 10)], asked: 0, lost: 0))
    _ = gaps.fill(1, through: 4)
    _ = gaps.fill(6, through: 9)
    let second = WDSReport(poll: 1, ranges: [Gap(first: 5, last: 5), Gap(first: 10, last: 10)], asked: 10, lost: 2)
    let report2 = report.report(gaps, to: 1)
    expect(report2, equals: second)
    let report3 = report.report(gaps, to: 1)
    expect(report3, equals: second)  // the same poll again
    _ = gaps.fill(5, through: 5)
    let report4 = report.report(gaps, to: 2)
    expect(report4, equals: WDSReport(poll: 2, ranges: [Gap(first: 10, last: 10)], asked: 12, lost: 3))
  }

  /// Who was not there in the round before has lost nothing of it.
  @Test func aLateDeviceHasNoLossesYet() {
    var report = WDSLossReport()
    let first = report.report(GapMap(blocks: 10), to: 7)
    #expect(first.asked == 0 && first.lost == 0)
  }

  // MARK: The server

  private func polling() throws -> WDSServer {
    var server = WDSServer(WDSSettings(try world(.wds, blocks: 5, [Cohort(name: "a", count: 2)])), devices: 2)
    var effects: [WDSServer.Effect] = []
    server.receive(.join, from: 1, at: .zero, into: &effects)
    server.fire(at: server.deadline, into: &effects)
    return server
  }

  /// Nobody else's answer, none to another poll, and no word that only a server says, moves it.
  @Test(arguments: [
    (DeviceID(2), WDSMessage.report(WDSReport(poll: 0, ranges: [], asked: 0, lost: 0))),
    (1, .report(WDSReport(poll: 1, ranges: [], asked: 0, lost: 0))), (0, .join), (3, .join), (.max, .join),
    (1, .acknowledgment(WDSAcknowledgment(block: 1, firstMissing: 2))), (1, .transfer(.acknowledgment(0))),
    (1, .data(1)), (1, .kick(.fail)), (1, .poll(0)),
  ])
  func whatMakesNoSenseIsIgnored(device: DeviceID, message: WDSMessage) throws {
    var server = try polling()
    let deadline = server.deadline
    var effects: [WDSServer.Effect] = []
    server.receive(message, from: device, at: .seconds(1), into: &effects)
    #expect(effects.isEmpty && server.deadline == deadline)
  }

  /// Ranges beyond the file, more losses than blocks, and numbers near the largest.
  @Test func aHostileReportEndsInARoundOverNothing() throws {
    var server = try polling()
    var effects: [WDSServer.Effect] = []
    let report = WDSReport(poll: 0, ranges: [Gap(first: 0, last: .max)], asked: .max, lost: .max)
    server.receive(.report(report), from: 1, at: .seconds(1), into: &effects)
    #expect(!effects.contains { if case .data = $0 { true } else { false } })
  }
}
