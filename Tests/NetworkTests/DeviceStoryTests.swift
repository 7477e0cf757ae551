import BlockTransfer
@testable import Network
@testable import PromotionRun
@testable import Runs
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite struct DeviceStoryTests {
  private func stories(
    of configuration: SimulationConfiguration, seed: UInt64 = 1, delivery: Delivery = .byRuns
  ) throws -> [DeviceStory] {
    try DeviceStory.stories(
      of: (1...configuration.deviceCount).map { DeviceID($0) }, in: configuration, seed: seed, replication: 1,
      delivery: delivery)
  }

  /// The parts of a story in nanoseconds.
  private func parts(of story: DeviceStory) -> [(DeviceStory.Activity, Int64)] {
    story.parts.map { ($0.activity, $0.until.count) }
  }

  /// The world of `PromotionTests`: the session ends at 1 325 960, its notice arrives at 1 446 648, the report leaves one
  /// turnaround later, `smart` arrives at 1 687 320, and the block that was missing at 1 935 320.
  @Test func aDeviceThatIsPromotedTellsWhatItWaitedFor() throws {
    let configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], [4]])
    let story = try stories(of: configuration)[1]
    let expected: [(DeviceStory.Activity, Int64)] = [
      (.joining, 222_576), (.listening(session: 1, driver: 1), 1_325_960), (.notice, 1_446_648),
      (.report, 1_466_648), (.answer, 1_687_320), (.repair, 1_935_320),
    ]
    expect(parts(of: story).map(\.0), equals: expected.map(\.0))
    expect(parts(of: story).map(\.1), equals: expected.map(\.1))
    expect(story.ending, equals: .complete)
    expect(story.roles.map(\.role), equals: [.passive, .smart, .complete])
    expect(story.roles.map(\.time.count), equals: [222_576, 1_687_320, 1_935_320])
    expect(story.checks.count, equals: 1)
    expect(story.checks[0].occasion, equals: .notice(session: 1))
    expect(story.checks[0].causes, equals: causes { $0.losses.ownPath = 1 })
    expect(story.checks[0].outcome, equals: .promoted(Nanoseconds(1_687_320)))
    #expect(story.limits(notMetBy: story.checks[0].figures).isEmpty)
    expect(story.repaired, equals: 1)
    expect(story.sessions.map(\.new), equals: [3])
    expect(story.sessions.map(\.losses.ownPath), equals: [1])
    expect(story.troubles, equals: DeviceStory.Troubles())
  }

  @Test func aDeviceThatIsToldToWaitDrivesTheNextSession() throws {
    let configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: 930, losing: [[], [4]])
    let story = try stories(of: configuration)[1]
    expect(story.parts.last?.activity, equals: .driving(session: 2))
    expect(story.end, equals: Nanoseconds(1_936_096))
    guard case .toldToWait = story.checks[0].outcome else {
      Issue.record("\(story.checks[0].outcome)")
      return
    }
    expect(story.limits(notMetBy: story.checks[0].figures), equals: [.threshold(930)])
    expect(story.sessions.map(\.driver), equals: [1, 2])
  }

  /// Device 2 joins when blocks were sent; what is lost for all and what finds the queue full has a name of its own.
  @Test func whatIsMissingHasItsCause() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 40)
    configuration.cohorts[0].join = .list([.zero, .milliseconds(3)])
    let late = try stories(of: configuration)[1]
    expect(late.parts.first?.activity, equals: .off)
    expect(late.parts.first?.length, equals: .milliseconds(3))
    let first = try #require(late.checks.first)
    #expect(first.causes.notListening > 5)
    expect(first.causes.count, equals: Int(first.figures.missingPackets))
    expect(first.causes.notListening, equals: first.causes.count)

    var shared = SmallWorld.configuration(devices: 3, blocks: 40)
    shared.parameters.windowSize = 8
    shared.sharedLoss = .trace([PacketRuns(numbers: [3])])
    shared.uplinkQueue = 6
    let record = try run(shared)
    for story in try stories(of: shared) {
      #expect(story.checks.allSatisfy { $0.causes.count == Int($0.figures.missingPackets) })
      expect(story.end, equals: record.devices[Int(story.device) - 1].completed)
    }
  }

  @Test func anOpenThatIsLostIsRepeated() throws {
    let lost = try stories(of: SmallWorld.configuration(devices: 1, blocks: 4, up: [[1, 2]]))[0]
    expect(lost.troubles.repeatedRequests, equals: 2)
    expect(lost.troubles.lostFromIt.ownPath, equals: 2)
    expect(lost.troubles.lostFromIt.count, equals: 2)
    expect(lost.parts.first?.activity, equals: .joining)
    #expect(lost.parts.first.map { $0.length > .seconds(2) } == true)
  }

  /// Whatever happens: the parts follow on each other from 0 to the end, which is that of the report; and both deliveries
  /// tell the same story.
  @Test(arguments: stride(from: UInt64(1), to: 121, by: 30).map { $0..<($0 + 30) })
  func thePartsAddUpAndBothDeliveriesTellTheSame(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = RandomScenario(seed: seed)
      var configuration = scenario.configuration()
      configuration.limits.events = min(configuration.limits.events, 5_000)
      var simulation = Simulation(configuration, seed: seed, replication: 1)
      let record = try simulation.run()
      let told = try stories(of: configuration, seed: seed)
      for (story, device) in zip(told, record.devices) {
        try expectAgreement(
          story, device, waitsForStart: configuration.parameters.start != nil, begin: record.sessions.first?.begin,
          seed: seed)
      }
      let others = try stories(of: configuration, seed: seed, delivery: .packetByPacket)
      for (story, other) in zip(told, others) { expect(story, equals: other, "seed \(seed)") }
    }
  }

  private func expectAgreement(
    _ story: DeviceStory, _ device: DeviceRecord, waitsForStart: Bool, begin: Nanoseconds?, seed: UInt64
  ) throws {
    let comment: Comment = "seed \(seed), device \(device.device)"
    var reached = Nanoseconds.zero
    for part in story.parts {
      expect(part.from, equals: reached, comment)
      #expect(part.length > .zero, comment)
      reached = part.until
    }
    expect(reached, equals: story.end, comment)
    expect(story.parts.reduce(Nanoseconds.zero) { $0 + $1.length }, equals: story.end, comment)
    if let completed = device.completed {
      expect(story.ending, equals: .complete, comment)
      expect(story.end, equals: completed, comment)
    } else {
      #expect(story.ending != .complete, comment)
    }
    expect(story.ending == .switchedOff, equals: device.left, comment)
    expect(story.roles.map { DeviceRole($0.role) }, equals: device.roles, comment)
    expect(story.sessions.count { $0.new + $0.again > 0 }, equals: device.sessionsHeard, comment)
    expect(story.sessions.reduce(0) { $0 + $1.new }, equals: device.multicastBlocks, comment)
    expect(story.repaired, equals: device.unicastBlocks, comment)
    // A device may lose more after its end.
    let lost = story.sessions.reduce(story.troubles.lostToIt) { $0 + $1.losses }
    #expect(UInt64(lost.ownPath) <= device.lostPackets, comment)
    #expect(UInt64(lost.buffer) <= device.path.overruns, comment)
    if story.ending == .complete { #expect(!story.shortfalls.contains { $0.occasion == .end }, comment) }
    for shortfall in story.shortfalls {
      expect(shortfall.causes.count, equals: Int(shortfall.figures.missingPackets), comment)
    }
    // A check before the start (R22) is told, and counts for nothing. The first session begins after the start.
    if waitsForStart {
      if let first = device.firstCheck {
        #expect(story.checks.contains { $0.figures == first }, comment)
      } else {
        #expect(story.checks.allSatisfy { $0.time < begin ?? .never }, comment)
      }
    } else {
      expect(story.checks.first?.figures, equals: device.firstCheck, comment)
    }
    for check in story.checks { expect(check.causes.count, equals: Int(check.figures.missingPackets), comment) }
    for case .promoted(let time) in story.checks.map(\.outcome) {
      #expect(try time >= #require(device.promoted), comment)
    }
  }

  private func causes(_ set: (inout DeviceStory.Causes) -> Void) -> DeviceStory.Causes {
    var causes = DeviceStory.Causes()
    set(&causes)
    return causes
  }
}
