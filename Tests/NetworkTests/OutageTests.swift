@testable import Network
import PromotionRun
import Runs
import RandomStreams
import TestSupport
import Testing
import Timebase

/// N13: outages.
@Suite struct OutageTests {
  private func process(_ model: OutageModel, seed: UInt64 = 1) -> OutageProcess {
    OutageProcess(
      model, stream: RandomStream(StreamKey(seed: seed, replication: 1, device: 1, purpose: .downLoss)))
  }

  private func instants(_ model: OutageModel, of times: ClosedRange<Int64>) -> [Int64] {
    var process = process(model)
    return times.filter { process.loses(at: Nanoseconds($0)) }
  }

  @Test func listedOutagesLastFromTheirBeginningToBeforeTheirEnd() {
    let model = OutageModel.list([
      Outage(at: Nanoseconds(20), lasting: Nanoseconds(2)), Outage(at: Nanoseconds(5), lasting: Nanoseconds(3)),
      Outage(at: Nanoseconds(6), lasting: Nanoseconds(1)), Outage(at: Nanoseconds(21), lasting: Nanoseconds(2)),
      Outage(at: Nanoseconds(30), lasting: .zero),
    ])
    expect(instants(model, of: 0...40), equals: [5, 6, 7, 20, 21, 22])
  }

  @Test func outagesComeFromBeginningToBeginning() {
    let every10 = TimeModel.constant(Nanoseconds(10))
    let for2 = TimeModel.constant(Nanoseconds(2))
    expect(
      instants(.recurring(every: every10, lasting: for2, first: nil), of: 0...35), equals: [10, 11, 20, 21, 30, 31])
    expect(
      instants(.recurring(every: every10, lasting: for2, first: .constant(.zero)), of: 0...24),
      equals: [
        0, 1, 10, 11, 20, 21,
      ])
  }

  /// The share of time in outages that do not overlap is mean length over mean distance, by the renewal theorem: of 20 000
  /// distances with a coefficient of variation of 1 its standard error is below a hundredth of it.
  @Test(arguments: UInt64(1)...3) func theShareOfTimeIsTheMeansQuotient(seed: UInt64) {
    var process = process(
      .recurring(
        every: .drawn(.uniform(low: 0.5, high: 1.5)), lasting: .drawn(.uniform(low: 0, high: 0.4)), first: nil),
      seed: seed)
    let step = Nanoseconds.milliseconds(10)
    var out = 0
    let steps = 2_000_000
    for index in 0..<steps where process.loses(at: step * index) { out += 1 }
    #expect(abs(Double(out) / Double(steps) - 0.2) < 0.006)
  }

  /// DATA 2 leaves at 617 272 and arrives 100 000 ns later.
  @Test(arguments: [(Int64(717_271), UInt64(0)), (717_272, 1), (717_273, 0)])
  func aPacketIsLostThatArrivesInAnOutage(at: Int64, lost: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts.append(configuration.cohorts[0])
    configuration.cohorts[0].count = 1
    configuration.cohorts[1].count = 1
    configuration.cohorts[1].downLoss = .outages(
      .list([Outage(at: Nanoseconds(at), lasting: Nanoseconds(1))]))
    let record = try run(configuration)
    expect(record.devices.map(\.lostPackets), equals: [0, lost])
  }

  /// What arrives later by jitter has the fate of the instant at which it would have arrived.
  @Test func jitterDoesNotMoveAPacketIntoAnOutage() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4)
    configuration.cohorts[0].jitter = .constant(.microseconds(50))
    // Its RRQ arrives at 150 000, its OACK leaves by 171 272, would arrive 100 000 later, and arrives 50 000 after that.
    configuration.cohorts[0].downLoss = .outages(.list([Outage(at: Nanoseconds(271_272), lasting: Nanoseconds(1))]))
    try expect(run(configuration).devices[0].lostPackets, equals: 1)
    configuration.cohorts[0].downLoss = .outages(.list([Outage(at: Nanoseconds(321_272), lasting: Nanoseconds(1))]))
    try expect(run(configuration).devices[0].lostPackets, equals: 0)
  }

  /// Both deliveries, in long sessions: stretches between changes are taken at once.
  @Test(arguments: UInt64(1)...12) func stretchesAreThePackets(seed: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 12, blocks: 3000, threshold: 400_000)
    configuration.cohorts[0].downLoss = .outages(
      .recurring(
        every: .drawn(.exponential(mean: 0.05)), lasting: .drawn(.exponential(mean: 0.002)), first: nil))
    configuration.cohorts[0].upLoss = .outages(
      .recurring(every: .constant(.milliseconds(90)), lasting: .constant(.milliseconds(1)), first: nil))
    configuration.parameters.windowSize = seed.isMultiple(of: 2) ? 8 : 1
    let record = try run(configuration, seed: seed)
    #expect(record.devices.reduce(0) { $0 + $1.lostPackets } > 50)
    #expect(record.devices.allSatisfy { $0.completed != nil })
  }
}
