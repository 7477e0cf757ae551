import PromotionEngine
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// What is drawn depends on seed, replication, device and purpose, and on nothing else.
@Suite struct IndependenceTests {
  private var lossy: SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 6, blocks: 100, threshold: 9999)
    configuration.cohorts[0].downLoss = .bernoulli(p: .drawn(.beta(a: 2, b: 18)))
    configuration.cohorts[0].upLoss = .bernoulli(p: .constant(0.05))
    configuration.cohorts[0].latency = .drawn(.gamma(shape: 2, scale: 1e-4))
    configuration.parameters.promotion.reportWindow = .milliseconds(5)
    return configuration
  }

  @Test func aReplicationIsTheSameAloneOrAmongOthers() throws {
    let all = try (1...9).map { try run(lossy, seed: 5, replication: $0) }
    try expect(run(lossy, seed: 5, replication: 7).differences(from: all[6]), equals: [])
    expect(Set(all.map { Array($0.devices) }).count, equals: 9)
    #expect(try run(lossy, seed: 6, replication: 7).devices != all[6].devices)
  }

  /// A simulation is a value: a copy taken on the way goes the same way, whatever became of the original.
  @Test func aCopyOfARunGoesItsOwnWay() throws {
    var original = Simulation(lossy, seed: 5, replication: 1)
    var events = 0
    let ended = original.core.advance { _ in
      events += 1
      return events > 100
    }
    #expect(ended == nil)
    var copy = original
    let record = try original.run()
    try expect(copy.run().differences(from: record), equals: [])
  }

  /// In lock-step a lone device is offered the same packets in the same order, whatever the delays on its path.
  @Test func jitterAndLatencyDoNotShiftTheDrawsOfLoss() throws {
    var configuration = lossy
    configuration.cohorts[0].count = 1
    configuration.cohorts[0].latency = .constant(.microseconds(100))
    let still = try run(configuration, seed: 8)
    configuration.cohorts[0].jitter = .drawn(.exponential(mean: 1e-4))
    let jittery = try run(configuration, seed: 8)
    configuration.cohorts[0].jitter = nil
    configuration.cohorts[0].latency = .drawn(.uniform(low: 0, high: 1e-3))
    let distant = try run(configuration, seed: 8)
    #expect(still.devices[0].lostPackets > 0)
    for record in [jittery, distant] {
      expect(record.sessionOneLoss, equals: still.sessionOneLoss)
      expect(record.devices[0].offeredPackets, equals: still.devices[0].offeredPackets)
      #expect(record.devices[0].completed != still.devices[0].completed)
    }
  }

  /// Common random numbers: the threshold matters first after the first check.
  @Test func theThresholdChangesNothingBeforeTheFirstPromotion() throws {
    var without = lossy
    without.parameters.promotion.threshold = 1000  // as many digits: the OACK takes as long
    let promoting = try run(lossy, seed: 9)
    let waiting = try run(without, seed: 9)
    expect(promoting.sessionOneLoss, equals: waiting.sessionOneLoss)
    expect(promoting.devices.map(\.firstCheck), equals: waiting.devices.map(\.firstCheck))
    expect(promoting.sessions[0].dataPackets, equals: waiting.sessions[0].dataPackets)
    #expect(promoting.sessions[0].promoted > waiting.sessions[0].promoted)
  }

  /// A cohort added behind the others leaves their draws as they are.
  @Test func moreDevicesLeaveTheOthersDrawsAlone() throws {
    var larger = lossy
    larger.cohorts.append(Cohort(name: "late", count: 3))
    larger.cohorts[1].join = .at(.constant(.seconds(3000)))
    let few = try run(lossy, seed: 10)
    let many = try run(larger, seed: 10)
    #expect(many.devices.prefix(6).elementsEqual(few.devices))
  }
}
