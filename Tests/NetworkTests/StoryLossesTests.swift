import BlockTransfer
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// What a device's story says of packets that it did not get, also where no check looks at them.
@Suite struct StoryLossesTests {
  /// The stories of all devices. Both deliveries must tell the same.
  private func stories(of configuration: SimulationConfiguration) throws -> [DeviceStory] {
    let stories = try [Delivery.byRuns, .packetByPacket].map { delivery in
      try DeviceStory.stories(
        of: (1...configuration.deviceCount).map { DeviceID($0) }, in: configuration, seed: 1, replication: 1,
        delivery: delivery)
    }
    expect(stories[0], equals: stories[1])
    return stories[0]
  }

  /// What stops a device's packets, in a network of its own.
  enum Obstacle: CaseIterable {
    case ownPath, beforeFanOut, queue, segmentLoss, segmentQueue, link, buffer

    /// - Parameter loss: what loses, if a loss does; the fifth packet of a device or a segment by default.
    func put(into configuration: inout SimulationConfiguration, ofCohort cohort: Int = 0, losing loss: LossModel? = nil)
    {
      let fifth = LossModel.trace([PacketRuns(numbers: [5])])
      switch self {
      case .ownPath: configuration.cohorts[cohort].downLoss = loss ?? fifth
      case .beforeFanOut: configuration.sharedLoss = loss ?? .trace([PacketRuns(numbers: [4])])
      case .queue: configuration.uplinkQueue = 6
      case .segmentLoss, .segmentQueue:
        configuration.segments = [Segment(name: "floor")]
        configuration.cohorts[cohort].segment = "floor"
        if self == .segmentLoss { configuration.segments[0].loss = loss ?? fifth }
        if self == .segmentQueue {
          (configuration.segments[0].bitsPerSecond, configuration.segments[0].queue) = (100_000_000, 2)
        }
      case .link: configuration.cohorts[cohort].link = Link(bitsPerSecond: 100_000_000, queue: 2)
      case .buffer: configuration.cohorts[cohort].receiver = ReceiverBuffer(bitsPerSecond: 100_000_000, bytes: 3000)
      }
    }

    func count(in losses: DeviceStory.Losses) -> Int {
      switch self {
      case .ownPath: losses.ownPath
      case .beforeFanOut: losses.beforeFanOut
      case .queue: losses.queue
      case .segmentLoss: losses.atSegments.first { $0.segment == 0 && $0.cause == .loss }?.count ?? 0
      case .segmentQueue: losses.atSegments.first { $0.segment == 0 && $0.cause == .queue }?.count ?? 0
      case .link: losses.link
      case .buffer: losses.buffer
      }
    }
  }

  /// A driver checks nothing. What cost it time stands at its session.
  @Test(arguments: Obstacle.allCases)
  func aDriverTellsWhereItsPacketsWereStopped(obstacle: Obstacle) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 41)
    configuration.parameters.windowSize = 8
    obstacle.put(into: &configuration)
    let story = try stories(of: configuration)[0]
    expect(story.ending, equals: .complete)
    let losses = story.sessions[0].losses
    #expect(obstacle.count(in: losses) > 0)
    expect(obstacle.count(in: losses), equals: losses.count)
    expect(story.troubles.lostToIt.count, equals: 0)
    #expect(story.checks.isEmpty && story.shortfalls.isEmpty)
  }

  /// The first packet to a device is the answer to its request.
  @Test(arguments: [Obstacle.ownPath, .segmentLoss, .buffer])
  func aMessageToOneDeviceIsToldWithItsPlace(obstacle: Obstacle) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4)
    obstacle.put(into: &configuration)
    let first = LossModel.trace([PacketRuns(numbers: [1])])
    switch obstacle {
    case .ownPath: configuration.cohorts[0].downLoss = first
    case .segmentLoss: configuration.segments[0].loss = first
    default: configuration.cohorts[0].receiver = ReceiverBuffer(bitsPerSecond: 100_000_000, bytes: 50)
    }
    let story = try stories(of: configuration)[0]
    expect(obstacle.count(in: story.troubles.lostToIt), equals: obstacle == .buffer ? 6 : 1)
    expect(obstacle.count(in: story.troubles.lostToIt), equals: story.troubles.lostToIt.count)
    #expect(story.troubles.repeatedRequests > 0)
  }

  /// Device 2 comes late, is promoted, and asks for eight blocks at once. They are at the server 120 000 ns later, and what
  /// is lost on the way back is so from 10 000 ns after that on. The limit ends the run before any timeout.
  @Test(arguments: Obstacle.allCases.filter { $0 != .beforeFanOut })
  func whatASmartDeviceAskedForAndDidNotGetHasItsPlace(obstacle: Obstacle) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 41, threshold: 1_000_000)
    configuration.parameters.promotion.smartWindow = 8
    configuration.cohorts.append(Cohort(name: "late", count: 1))
    configuration.cohorts[1].join = .at(.constant(.milliseconds(9)))
    let promoted = try #require(stories(of: configuration)[1].roles.first { $0.role == .smart }).time
    let outage = Outage(at: promoted + .microseconds(130), lasting: .seconds(1))
    obstacle.put(into: &configuration, ofCohort: 1, losing: .outages(.list([outage])))
    configuration.limits.time = promoted + .milliseconds(5)
    let story = try stories(of: configuration)[1]
    let end = try #require(story.shortfalls.last)
    expect(end.occasion, equals: .end)
    let stopped = obstacle.count(in: end.causes.losses)
    #expect(stopped > 0)
    expect(stopped, equals: end.causes.losses.count)
    expect(stopped, equals: obstacle.count(in: story.troubles.lostToIt))
    expect(stopped + end.causes.notListening, equals: end.causes.count)
    expect(story.checks.map(\.causes.losses.count), equals: [0])
  }

  /// Device 1 loses its last window, and asks for it again a second later, when device 2 is complete and listens still:
  /// what of it is stopped counts, wherever that is. If it is stopped for both, it comes once more.
  @Test(arguments: [Obstacle.ownPath, .segmentLoss, .beforeFanOut])
  func whoIsCompleteLosesPacketsWhileItListens(obstacle: Obstacle) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 8, losing: [[6, 7, 8, 9]])
    configuration.parameters.windowSize = 4
    configuration.cohorts.append(Cohort(name: "complete", count: 1))
    let outage = Outage(at: .milliseconds(500), lasting: .seconds(1))
    obstacle.put(into: &configuration, ofCohort: 1, losing: .outages(.list([outage])))
    let story = try stories(of: configuration)[1]
    #expect(story.ending == .complete && story.end < .milliseconds(500))
    expect(story.sessions.map(\.new), equals: [8])
    expect(story.sessions.map(\.again), equals: [obstacle == .beforeFanOut ? 4 : 0])
    expect(story.sessions.map { obstacle.count(in: $0.losses) }, equals: [4])
    expect(story.sessions.map(\.losses.count), equals: [4])
    expect(story.troubles.lostToIt.count, equals: 0)
  }

  /// Nothing counts once the device is switched off, or has sent its ACK(n): device 3 drives a session at 5 s.
  @Test(arguments: [Obstacle.ownPath, .segmentLoss], [true, false])
  func whoNoLongerListensLosesNothing(obstacle: Obstacle, leaves: Bool) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 8, losing: [[6, 7, 8, 9]])
    configuration.parameters.windowSize = 4
    configuration.cohorts.append(Cohort(name: "complete", count: 1))
    configuration.cohorts.append(Cohort(name: "late", count: 1))
    configuration.cohorts[2].join = .at(.constant(.seconds(5)))
    if leaves { configuration.cohorts[1].leave = .at(.constant(.milliseconds(400))) }
    let outage = Outage(at: leaves ? .milliseconds(500) : .seconds(4), lasting: .seconds(10))
    obstacle.put(into: &configuration, ofCohort: 1, losing: .outages(.list([outage])))
    let all = try stories(of: configuration)
    expect(all[2].sessions.map(\.driver), equals: [3])
    let story = all[1]
    expect(story.ending, equals: .complete)
    expect(story.sessions.map(\.session), equals: [1])
    expect(story.sessions.map(\.losses.count), equals: [0])
  }

  /// R6: an ask for a block that was not asked for before is no repeat, though it comes after a timeout. Block by block
  /// the lost one was asked for at once, also behind rounds that are skipped. In windows of 2 it is the last of its window.
  @Test(arguments: [(UInt32(1), UInt64(10), 1, 0), (2, 11, 0, 1), (1, 90, 1, 0)])
  func aFirstAskIsNoRepeat(window: UInt32, lost: UInt64, repeats: Int, late: Int) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 120, losing: [[lost]])
    configuration.parameters.windowSize = window
    let story = try stories(of: configuration)[0]
    expect(story.ending, equals: .complete)
    expect(story.troubles.repeatedAsks, equals: repeats)
    expect(story.troubles.lateAsks, equals: late)
  }

  /// Device 2 begins to listen while a window is on its way: what comes to its link after that and is dropped is the
  /// link's.
  @Test func aPacketCountsWhereItIsStoppedOnceTheDeviceListens() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 15)
    configuration.parameters.windowSize = 14
    configuration.cohorts[0].latency = .constant(.microseconds(50))
    configuration.cohorts.append(Cohort(name: "behind", count: 1))
    configuration.cohorts[1].latency = .constant(.microseconds(125))
    configuration.cohorts[1].link = Link(bitsPerSecond: 100_000_000, queue: 3)
    let story = try stories(of: configuration)[1]
    let check = try #require(story.checks.first)
    #expect(check.causes.losses.link > 0)
    expect(check.causes.losses.link, equals: story.sessions[0].losses.link)
    expect(check.causes.losses.link + check.causes.notListening, equals: check.causes.count)
  }

  /// What never left the server did not, whether the device listened by then or not.
  @Test func whatNeverLeftTheServerIsNotUnderWay() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 15)
    configuration.parameters.windowSize = 16
    configuration.uplinkQueue = 7
    configuration.cohorts[0].leave = .at(.constant(.milliseconds(2)))
    configuration.cohorts.append(Cohort(name: "late", count: 1))
    configuration.cohorts[1].join = .at(.constant(.milliseconds(10)))
    let check = try #require(stories(of: configuration)[1].checks.first)
    expect(check.causes.losses.queue, equals: 7)
    expect(check.causes.notListening, equals: 8)
    expect(check.causes.count, equals: 15)
  }

  /// Of 10 blocks it got 3. Block 4 is lost again and again, and none behind it is sent.
  @Test func whoGivesUpTellsWhatItMisses() throws {
    let configuration = SmallWorld.configuration(devices: 1, blocks: 10, losing: [Array(5...40)])
    let story = try stories(of: configuration)[0]
    expect(story.ending, equals: .failed)
    expect(story.shortfalls.map(\.occasion), equals: [.end])
    expect(story.shortfalls.map(\.time), equals: [story.end])
    expect(story.shortfalls.map(\.causes.losses.ownPath), equals: [1])
    expect(story.shortfalls.map(\.causes.notSent), equals: [6])
    expect(story.troubles.repeatedAsks, equals: configuration.parameters.retries)
  }

  @Test func whoIsStoppedTellsWhatItMisses() throws {
    var left = SmallWorld.configuration(devices: 1, blocks: 40)
    left.cohorts[0].leave = .at(.constant(.milliseconds(2)))
    var limited = SmallWorld.configuration(devices: 1, blocks: 40)
    limited.limits.time = .milliseconds(2)
    for configuration in [left, limited] {
      let story = try stories(of: configuration)[0]
      #expect(story.ending != .complete)
      expect(story.shortfalls.map(\.occasion), equals: [.end])
      expect(story.shortfalls.map(\.time), equals: [.milliseconds(2)])
      expect(story.shortfalls.map(\.causes.notSent), equals: story.shortfalls.map { Int($0.figures.missingPackets) })
    }
    let unheard = SmallWorld.configuration(devices: 1, blocks: 40, up: [Array(1...40)])
    let story = try stories(of: unheard)[0]
    expect(story.ending, equals: .failed)
    #expect(story.shortfalls.isEmpty)
  }

  /// A device that does not speak of promotion checks nothing, and tells why it has to drive.
  @Test func whoChecksNothingTellsWhyItDrives() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 10)
    var plain = Cohort(name: "plain", count: 1)
    plain.isPlain = true
    plain.downLoss = .trace([PacketRuns(numbers: [5])])
    configuration.cohorts.append(plain)
    let story = try stories(of: configuration)[1]
    expect(story.ending, equals: .complete)
    expect(story.shortfalls.map(\.occasion), equals: [.drives])
    expect(story.shortfalls.map(\.causes.losses.ownPath), equals: [1])
    expect(story.shortfalls.map(\.causes.count), equals: [1])
  }

  /// Device 2 leaves, and the server asks it in vain before device 3 may drive.
  @Test func aWaitForASessionNamesWhomTheServerWaitsFor() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 10)
    for name in ["gone", "bad"] {
      configuration.cohorts.append(Cohort(name: name, count: 1))
    }
    configuration.cohorts[1].leave = .at(.constant(.milliseconds(1)))
    configuration.cohorts[2].downLoss = .trace([PacketRuns(numbers: [5])])
    let story = try stories(of: configuration)[2]
    let waits = story.parts.filter { $0.activity == .session && !$0.awaited.isEmpty }
    #expect(!waits.isEmpty)
    #expect(waits.allSatisfy { $0.awaited == [2] })
  }
}
