import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// What a device's story, and the log of a run, say of ports, links and buffers.
@Suite struct PortStoryTests {
  /// Device 1 drives from the uplink itself. Device 2 is of another cohort, behind what `change` puts there.
  private func world(window: UInt32 = 8, _ change: (inout SimulationConfiguration) -> Void) -> SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 41)
    configuration.parameters.windowSize = window
    configuration.cohorts.append(Cohort(name: "behind", count: 1))
    change(&configuration)
    return configuration
  }

  /// The first check of device 2 at which it misses something. Both deliveries must tell the same.
  private func check(in configuration: SimulationConfiguration) throws -> DeviceStory.Check {
    let stories = try [Delivery.byRuns, .packetByPacket].map { delivery in
      try DeviceStory.stories(of: [1, 2], in: configuration, seed: 1, replication: 1, delivery: delivery)
    }
    expect(stories[0], equals: stories[1])
    let check = try #require(stories[0][1].checks.first { $0.figures.missingPackets > 0 })
    expect(check.causes.count, equals: Int(check.figures.missingPackets))
    return check
  }

  private func log(of configuration: SimulationConfiguration) -> [String] {
    var run = TracedRun(configuration, seed: 1, replication: 1)
    var words: [String] = []
    while let event = run.next() { words.append(event.happeningWords) }
    return words
  }

  /// The segment's frames are the OACK of device 2 and then the blocks: the 5th is block 4.
  @Test func aLossOnASegmentIsTheSegments() throws {
    let configuration = world { configuration in
      configuration.segments = [Segment(name: "floor-1"), Segment(name: "floor-2")]
      configuration.segments[1].loss = .trace([PacketRuns(numbers: [5])])
      configuration.cohorts[1].segment = "floor-2"
    }
    let causes = try check(in: configuration).causes
    expect(causes.losses.atSegments, equals: [DeviceStory.Losses.AtSegment(segment: 1, cause: .loss, count: 1)])
    #expect(log(of: configuration).contains { $0.hasSuffix(" to the group, 1 lost on segment floor-2") })
  }

  /// The RRQ of device 2 is its first message, its report the next. One is lost on its path, the other on the segment.
  @Test func aLossOnTheWayUpHasItsPlace() throws {
    for (segment, path, words) in [
      (LossModel.trace([[1]]), LossModel.none, "lost on segment floor-2"), (.none, .trace([[1]]), "lost on the way"),
    ] {
      let configuration = world { configuration in
        configuration.segments = [Segment(name: "floor-1"), Segment(name: "floor-2")]
        configuration.segments[1].loss = segment
        configuration.cohorts[1].segment = "floor-2"
        configuration.cohorts[1].upLoss = path
      }
      #expect(log(of: configuration).contains("does not get RRQ of device 2, \(words)"))
      let story = try DeviceStory.stories(of: [2], in: configuration, seed: 1, replication: 1)[0]
      let lost = story.troubles.lostFromIt
      expect(lost.ownPath, equals: segment == .none ? 1 : 0)
      expect(
        lost.atSegments,
        equals: segment == .none ? [] : [DeviceStory.Losses.AtSegment(segment: 1, cause: .loss, count: 1)])
    }
  }

  /// A window of 8 finds a port ten times as slow as the uplink: the first frame is sent, two wait, and one more has left
  /// by the time that the last ones come, or not.
  @Test func aFullQueueIsThatOfItsSegment() throws {
    let configuration = world { configuration in
      configuration.segments = [Segment(name: "trunk")]
      configuration.segments[0].bitsPerSecond = 100_000_000
      configuration.segments[0].queue = 2
      configuration.cohorts[1].segment = "trunk"
    }
    let causes = try check(in: configuration).causes
    expect(causes.losses.atSegments.map(\.cause), equals: [.queue])
    expect(causes.losses.atSegments.map(\.count), equals: [causes.count])
    #expect(log(of: configuration).contains { $0.hasSuffix(" dropped at the full queue of trunk") })
  }

  /// A chain that loses nothing in good loses in bursts only, by packets and by time; independent loss beside it does not.
  /// What the group's loss takes is asked for again, so that the causes are those of a path or of a segment.
  @Test(arguments: [BurstLength.packets(4), .time(.constant(.milliseconds(1)))])
  func aLossInABurstIsToldApart(length: BurstLength) throws {
    let bursts = LossModel.bursts(loss: .constant(0.3), length: length)
    let bernoulli = LossModel.bernoulli(p: .constant(0.3))
    let own = try lostBlocks { $0.cohorts[1].downLoss = bursts }
    #expect(own.all > 0 && own.inBurst == own.all)
    try expect(lostBlocks { $0.cohorts[1].downLoss = bernoulli }.inBurst, equals: 0)
    let both = try lostBlocks { $0.cohorts[1].downLoss = .anyOf([bernoulli, bursts]) }
    #expect(both.inBurst > 0 && both.inBurst < both.all)
    let segment = try lostBlocks { $0.segments[0].loss = bursts }
    #expect(segment.all > 0 && segment.inBurst == segment.all)
  }

  /// The blocks that device 2 missed at its checks, in eight runs, and those of them that were lost in a burst.
  private func lostBlocks(_ change: (inout SimulationConfiguration) -> Void) throws -> (all: Int, inBurst: Int) {
    var configuration = world { configuration in
      configuration.segments = [Segment(name: "cell")]
      configuration.cohorts[1].segment = "cell"
    }
    change(&configuration)
    var lost = (all: 0, inBurst: 0)
    for seed in UInt64(1)...8 {
      let stories = try [Delivery.byRuns, .packetByPacket].map { delivery in
        try DeviceStory.stories(of: [2], in: configuration, seed: seed, replication: 1, delivery: delivery)
      }
      expect(stories[0], equals: stories[1])
      for losses in stories[0][0].checks.map(\.causes.losses) {
        let atSegments = losses.atSegments.reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.inBurst) }
        lost.all += losses.ownPath + atSegments.0
        lost.inBurst += losses.ownPathInBurst + atSegments.1
      }
    }
    return lost
  }

  @Test func aFullQueueOfALinkIsTheDevicesOwn() throws {
    let configuration = world { configuration in
      configuration.cohorts[1].link = Link(bitsPerSecond: 100_000_000, queue: 2)
    }
    let causes = try check(in: configuration).causes
    #expect(causes.losses.link > 0 && causes.losses.link == causes.count)
    #expect(log(of: configuration).contains { $0.hasSuffix(" dropped at links of devices") })
  }

  @Test func aBufferWithoutRoomIsToldToo() throws {
    let configuration = world { configuration in
      configuration.cohorts[1].receiver = ReceiverBuffer(bitsPerSecond: 100_000_000, bytes: 3000)
    }
    let check = try check(in: configuration)
    #expect(check.causes.losses.buffer > 0 && check.causes.losses.buffer == check.causes.count)
    let story = try DeviceStory.stories(of: [2], in: configuration, seed: 1, replication: 1)[0]
    expect(story.sessions[0].losses.buffer, equals: check.causes.losses.buffer)
  }

  /// What the path loses comes first, then what a port above it did.
  @Test func causesAtTwoSegmentsStandInTheirOrder() throws {
    let configuration = world { configuration in
      configuration.segments = [Segment(name: "floor"), Segment(name: "trunk")]
      configuration.segments[0].parent = "trunk"
      configuration.segments[0].loss = .trace([PacketRuns(numbers: [3])])
      configuration.segments[1].loss = .trace([PacketRuns(numbers: [9, 10])])
      configuration.cohorts[1].segment = "floor"
      configuration.cohorts[1].downLoss = .trace([PacketRuns(numbers: [20])])
    }
    let causes = try check(in: configuration).causes
    expect(causes.losses.ownPath, equals: 1)
    expect(
      causes.losses.atSegments,
      equals: [
        DeviceStory.Losses.AtSegment(segment: 0, cause: .loss, count: 1),
        DeviceStory.Losses.AtSegment(segment: 1, cause: .loss, count: 2),
      ])
  }
}
