import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// R22 and R23, worked by hand to the nanosecond. ``SmallWorld`` has the times of one packet.
@Suite struct StartAndHandOverTests {
  private func starting(_ devices: Int, within: Nanoseconds? = nil) -> StartRule {
    var rule = StartRule()
    (rule.devices, rule.within) = (devices, within)
    return rule
  }

  /// Both requests are at the server at 100 000. At 120 000 three OACKs turn to the uplink: two of 159 bytes (1272 ns)
  /// and the election of 97 (776 ns), which is at device 1 at 223 320. Its ACK(0) is at the server 120 000 later, and
  /// the session goes on from there as ever: DATA 1 arrives 128 000 later, DATA 2 and 3 after 248 000 each, the empty DATA
  /// 4 after 240 672. ACK(4) is at the server 120 000 after that.
  @Test func theFirstSessionBeginsWhenEnoughDevicesAreThere() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.parameters.start = starting(2)
    let record = try run(configuration)
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 343_320, end: 1_327_992, data: 4, firstSet: 1, secondSet: 0)
      ])
    expect(record.devices.map(\.roles), equals: [[.passive, .active, .complete], [.passive, .complete]])
    expect(record.devices.map(\.completed), equals: [Nanoseconds(1_207_992), Nanoseconds(1_207_992)])
  }

  /// The first request is at the server at 100 000, so it waits until 1 000 100 000. The election leaves at once: 776,
  /// 100 000, and ACK(0) 120 000 later. Device 2, from 500 ms on, listens to all of it; device 3 comes at 3 s, and drives
  /// a session by R2.
  @Test func orWhenTheFirstOfThemHasWaitedLongEnough() throws {
    var configuration = SmallWorld.configuration(devices: 3, blocks: 4)
    configuration.parameters.start = starting(3, within: .seconds(1))
    configuration.cohorts[0].join = .list([.zero, .milliseconds(500), .seconds(3)])
    let record = try run(configuration)
    expect(record.sessions.map(\.activeDevice), equals: [1, 3])
    expect(record.sessions[0].begin, equals: Nanoseconds(1_000_320_776))
    expect(
      record.devices.map(\.roles),
      equals: [[.passive, .active, .complete], [.passive, .complete], [.active, .complete]])
  }

  /// Silences pass meanwhile: each device reports that it misses everything, and is told to wait. That is not its first
  /// check, for nothing has been sent.
  @Test func whoWaitsForTheStartReportsAndHasMissedNothing() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.parameters.start = starting(5, within: .seconds(100))
    let record = try run(configuration)
    #expect(record.devices.allSatisfy { $0.roles.last == .complete && !$0.missedAtCheck })
    #expect(record.gapSizes.isEmpty)
    expect(record.sessions.map(\.begin), equals: [Nanoseconds(100_000_320_776)])
    let story = try DeviceStory.stories(of: [2], in: configuration, seed: 1, replication: 1)[0]
    expect(story.troubles.silences, equals: 15)  // every 6.5 s
    #expect(story.checks.allSatisfy { $0.figures.missingPackets == 0 })
    let waits = story.parts.filter { $0.activity == .start }
    #expect(waits.count == 1 && waits[0].length > .seconds(99), "one wait, whatever it asks meanwhile: \(story.parts)")
  }

  @Test func aRunMayEndWhileItWaits() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.parameters.start = starting(3)
    configuration.limits.time = .seconds(30)
    let record = try run(configuration)
    #expect(record.ended == .timeLimit && record.sessions.isEmpty)
    expect(record.devices.map(\.roles), equals: [[.passive], [.passive]])
    try expect(
      DeviceStory.stories(of: [1], in: configuration, seed: 1, replication: 1)[0].parts.last?.activity, equals: .start)
  }

  /// Whatever ends its story, it misses the whole file, and none of that was sent. Device 1 of the first run hears nothing
  /// from 1 s on, and gives up.
  @Test func whoEndsBeforeTheStartTellsWhatItMisses() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.parameters.start = starting(3)
    configuration.limits.time = .seconds(300)
    var (deaf, left, limited) = (configuration, configuration, configuration)
    deaf.cohorts[0].downLoss = .outages(.list([Outage(at: .seconds(1), lasting: .seconds(1000))]))
    left.cohorts[0].leave = .at(.constant(.seconds(20)))
    limited.limits.time = .seconds(30)
    for (configuration, ending) in [
      (deaf, DeviceStory.Ending.failed), (left, .switchedOff), (limited, .unfinished(.timeLimit)),
    ] {
      let stories = try [Delivery.byRuns, .packetByPacket].map { delivery in
        try DeviceStory.stories(of: [1], in: configuration, seed: 1, replication: 1, delivery: delivery)
      }
      expect(stories[0], equals: stories[1])
      let story = stories[0][0]
      expect(story.ending, equals: ending)
      #expect(story.checks.isEmpty && story.troubles.silences > 0)
      expect(story.shortfalls.map(\.occasion), equals: [.end])
      expect(story.shortfalls.map(\.time), equals: [story.end])
      expect(story.shortfalls.map(\.figures.missingPackets), equals: [4])
      expect(story.shortfalls.map(\.causes.notSent), equals: [4])
    }
  }

  /// Device 1 loses DATA 2, its third packet, and asks again a second after its ACK(1) left, at 1 000 489 272. Its ACK(2)
  /// is at the server at 1 000 837 272: of three DATA one was a repeat, and that is more than a quarter. The OACK leaves
  /// 20 000 later: 776 and 100 000; the notice 688 after it. Both devices miss blocks 3 to 5 and report 20 000 + 100 000
  /// after the notice, at 1 001 078 736. Two answers of 672 and the election of device 2, who is first in the order now,
  /// 776, leave 20 000 later. Its ACK(2) is at the server 220 000 after that, at 1 001 320 856. DATA 3 arrives 128 000
  /// later, DATA 4 248 000, DATA 5 240 672; ACK(5) is at the server 120 000 later.
  @Test func aDeviceThatLosesMuchLetsAnotherOneDrive() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 5, losing: [[3], []])
    var rule = HandOverRule()
    rule.window = 3
    configuration.parameters.handOver = rule
    let record = try run(configuration)
    expect(
      record.sessions,
      equals: [
        SessionRecord(
          1, active: 1, begin: 341_272, end: 1_000_837_272, ended: .handedOver, data: 3, repeated: 1, firstSet: 1,
          secondSet: 2),
        SessionRecord(
          2, active: 2, begin: 1_001_320_856, end: 1_002_057_528, data: 3, firstSet: 1, secondSet: 0),
      ])
    expect(record.devices.map(\.roles), equals: [[.active, .passive, .complete], [.passive, .active, .complete]])
    expect(record.devices.map(\.completed), equals: [Nanoseconds(1_001_937_528), Nanoseconds(1_001_937_528)])
    let story = try DeviceStory.stories(of: [1], in: configuration, seed: 1, replication: 1)[0]
    expect(story.sessions.map(\.ended), equals: [.handedOver, .complete])
    expect(story.roles.map(\.time)[1], equals: Nanoseconds(1_000_958_048))
  }

  /// The same in windows of two blocks, where rounds would be skipped before and after the loss. Without the rule the
  /// session goes on.
  @Test(arguments: [1, 2, 7, 16]) func roundsAreCountedWhetherTheyAreSkippedOrNot(window: UInt32) throws {
    var configuration = SmallWorld.configuration(
      devices: 3, blocks: 900, losing: [(1...300).filter { $0 % 5 == 0 }.map { UInt64($0) }, [], []])
    configuration.parameters.windowSize = window
    var rule = HandOverRule()
    rule.window = 250
    rule.repeatsPerBillion = 100_000_000
    configuration.parameters.handOver = rule
    let record = try run(configuration)
    expect(record.sessions[0].ended, equals: .handedOver)
    #expect(record.devices.allSatisfy { $0.completed != nil })
    configuration.parameters.handOver = nil
    try expect(run(configuration).sessions[0].ended, equals: .complete)
  }
}
