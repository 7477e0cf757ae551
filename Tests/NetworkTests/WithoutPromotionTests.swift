import BlockTransfer
import PromotionEngine
import Runs
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun

/// RFC 2090 alone, PXE 2.1 alone, and mixed groups, worked by hand; see `FirstSessionTests` for the times of a session.
///
/// Packet 1 of a passive device is its OACK, and packet b + 1 is DATA b.
@Suite struct WithoutPromotionTests {
  /// Device 2 loses DATA 3, device 3 loses DATA 2 and 3. A threshold beyond the file would promote both.
  private func world() -> SimulationConfiguration {
    SmallWorld.configuration(devices: 3, blocks: 4, threshold: 1 << 40, losing: [[], [4], [3, 4]])
  }

  /// The OACK is shorter by `promotion` and its value with their zeros: 143 bytes of the shortest one, 1144 ns.
  /// Device 1 has it at 221 144, its ACK(0) begins session 1 at 341 144, ACK(4) ends it at 1 325 816, as with the option
  /// but 128 ns earlier. `elected` turns at 1 345 816, takes 776, arrives at 1 446 592; ACK(2) is there at 1 566 592; DATA
  /// 3 turns at 1 586 592, takes 8000, arrives at 1 694 592 at devices 2 and 3; ACK(4) is there at 1 814 592. `elected`
  /// turns 20 000 later and arrives at 1 935 368; ACK(1) is there at 2 055 368; DATA 2 arrives at 2 183 368, and ACK(4)
  /// 120 000 after that. Session 3 sends one block: device 3 got the other one in session 2.
  @Test func aSessionSendsJustWhatItsActiveDeviceMisses() throws {
    let record = try run(world().withoutPromotion(in: .rfc2090))
    expect(record.ended, equals: .complete)
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_144, end: 1_325_816, data: 4, firstSet: 2, secondSet: 2),
        SessionRecord(2, active: 2, begin: 1_566_592, end: 1_814_592, data: 1, firstSet: 1, secondSet: 1),
        SessionRecord(3, active: 3, begin: 2_055_368, end: 2_303_368, data: 1, firstSet: 0, secondSet: 0),
      ])
    expect(
      record.devices,
      equals: [
        DeviceRecord(
          1, roles: [.active, .complete], sessionsHeard: 1, firstCheck: nil, completed: 1_205_816, multicast: 4,
          offered: 5),
        DeviceRecord(
          2, roles: [.passive, .active, .complete], sessionsHeard: 2, firstCheck: nil, completed: 1_694_592,
          multicast: 4, offered: 7, lost: 1),
        DeviceRecord(
          3, roles: [.passive, .active, .complete], sessionsHeard: 3, firstCheck: nil, completed: 2_183_368,
          multicast: 4, offered: 8, lost: 2),
      ])
    // Three OACKs, the file, and for each election an OACK of 97 bytes and a block.
    #expect(record.serverBytes == 3 * 143 + 3084 + 2 * 1097)
    expect(record.unicastDataPackets, equals: 0)
    expect(record.gapSizes, equals: [])
  }

  /// The devices ask with the option, which the server leaves out of its answers.
  @Test func withAnOldServerNewDevicesDoTheSame() throws {
    var configuration = world()
    configuration.parameters.speaksPromotion = false
    try expect(run(configuration).differences(from: run(world().withoutPromotion(in: .rfc2090))), equals: [])
  }

  /// A scenario's `protocol.strategy`, for everybody who runs it.
  @Test(arguments: [(StrategyName.rfc2090, MulticastMode.rfc2090), (.pxeMTFTP, .pxeMTFTP)])
  func theStrategyOfAScenarioIsTheSame(strategy: StrategyName, mode: MulticastMode) throws {
    var configuration = world()
    configuration.strategy = strategy
    let (record, plain) = try (run(configuration), run(world().withoutPromotion(in: mode)))
    expect(record.strategy, equals: strategy)
    #expect(record.sessions == plain.sessions && Array(record.devices) == Array(plain.devices))
    #expect(record.serverBytes == plain.serverBytes && record.events == plain.events)
    let traced = try TracedRun(configuration, seed: 1, replication: 1).finish()
    expect(traced.serverBytes, equals: plain.serverBytes)
    let stories = try DeviceStory.stories(of: [2], in: configuration, seed: 1, replication: 1)
    #expect(stories[0].mode == mode && stories[0].end == plain.devices[1].completed)
    var captured = CapturedRun(configuration, seed: 1, replication: 1, at: .server, title: "test")
    try expect(captured.write { _ in }.serverBytes, equals: plain.serverBytes)
  }

  /// Nobody misses anything: two elections are answered with ACK(4), and no session follows. Device 3's `elected` turns
  /// 240 776 after device 2's, at 1 345 816 + 776 + 100 000 + 20 000 + 100 000 + 20 000.
  @Test func whoMissesNothingAnswersItsElectionWithTheLastAcknowledgment() throws {
    var configuration = world().withoutPromotion(in: .rfc2090)
    configuration.cohorts[0].downLoss = .none
    let record = try run(configuration)
    expect(record.sessions.count, equals: 1)
    #expect(record.serverBytes == 3 * 143 + 3084 + 2 * 97)
    expect(record.devices.map(\.completed), equals: [1_205_816, 1_205_816, 1_205_816].map { Nanoseconds($0) })
    let elections = try elections(in: configuration)
    expect(elections.map(\.device), equals: [2, 3])
    expect(elections.map(\.time), equals: [Nanoseconds(1_345_816), Nanoseconds(1_586_592)])
  }

  private func elections(in configuration: SimulationConfiguration) throws -> [(device: DeviceID, time: Nanoseconds)] {
    var run = TracedRun(configuration, seed: 1, replication: 1)
    var elections: [(DeviceID, Nanoseconds)] = []
    while let event = run.next() {
      if case .sent(.elected, _, let device, _) = event.happening { elections.append((device, event.time)) }
    }
    _ = try run.finish()
    return elections
  }

  /// Devices 1 and 2 have the option, device 3 has not. OACKs of 161, 161 and 143 bytes: session 1 goes as in
  /// `PromotionTests`, the notice arrives at 1 446 648, device 2's report is there at 1 566 648; `smart` and then
  /// `elected` turn at 1 586 648, and arrive at 1 687 320 and 1 688 096. DATA 3 by unicast turns at 1 827 320 and arrives
  /// at 1 935 320. Session 2 begins at 1 808 096; its DATA 2 turns at 1 828 096, when DATA 3 has not left; it leaves at
  /// 1 843 320, and arrives at 1 943 320, when device 2 still listens. DATA 3 arrives at 2 191 320, ACK(4) 120 000 later.
  @Test func inAMixedGroupOneIsPromotedAndTheOtherElected() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], [4]])
    var old = Cohort(name: "old", count: 1)
    old.isPlain = true
    old.downLoss = .trace(LossTrace([PacketRuns(numbers: [3, 4])]))
    configuration.cohorts.append(old)
    let record = try run(configuration)
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_288, end: 1_325_960, data: 4, firstSet: 2, secondSet: 2, promoted: 1),
        SessionRecord(2, active: 3, begin: 1_808_096, end: 2_311_320, data: 2, firstSet: 0, secondSet: 0),
      ])
    expect(
      record.devices[1],
      equals: DeviceRecord(
        2, roles: [.passive, .smart, .complete], sessionsHeard: 2, firstCheck: .missing(1), promoted: 1_687_320,
        completed: 1_935_320, multicast: 3, unicast: 1, duplicates: 1, offered: 9, lost: 1))
    let third = record.devices[2]
    expect(third.roles, equals: [.passive, .active, .complete])
    #expect(third.firstCheck == nil && !third.missedAtCheck)
    expect(third.completed, equals: Nanoseconds(2_191_320))
    #expect((third.offeredPackets, third.lostPackets, third.multicastBlocks) == (9, 2, 4))
    #expect(record.serverBytes == 2 * 161 + 143 + 3084 + 2 * 3 * 86 + 84 + 97 + 1000 + 2000)
  }

  /// With one device each packet is its own: a session sends the file, and again what it lost of it.
  @Test(arguments: [UInt64(1), 2, 3])
  func aDeviceAloneIsSentTheFileAndAgainWhatItLost(seed: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 300)
    configuration.cohorts[0].downLoss = .bernoulli(p: .constant(0.05))
    configuration.parameters.retries = 9
    configuration.parameters.sessionTimeout = .seconds(10)
    configuration.parameters.groupTimeout = .seconds(11)
    let record = try run(configuration.withoutPromotion(in: .rfc2090), seed: seed)
    let oacks = record.devices[0].offeredPackets - record.multicastDataPackets
    #expect(record.sessions.map(\.dataPackets) == [300 + record.devices[0].lostPackets - (oacks - 1)])
    expect(record.sessions[0].repeatedPackets, equals: record.devices[0].lostPackets - (oacks - 1))
    #expect(record.sessions[0].repeatedPackets > 0)
  }

  /// A session's distinct blocks are those that are new to its active device.
  @Test(arguments: [UInt64(1), 2, 3])
  func everySessionSendsTheGapsOfItsActiveDevice(seed: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 12, blocks: 120)
    configuration.cohorts[0].downLoss = .bernoulli(p: .constant(0.1))
    configuration.parameters.retries = 9
    configuration.parameters.sessionTimeout = .seconds(10)
    configuration.parameters.groupTimeout = .seconds(11)
    configuration = configuration.withoutPromotion(in: .rfc2090)
    let record = try run(configuration, seed: seed)
    let stories = try DeviceStory.stories(of: Array(1...12), in: configuration, seed: seed, replication: 1)
    #expect(record.sessions.count > 3)
    for session in record.sessions {
      let heard = try stories[#require(session.activeDevice) - 1].sessions.first { $0.session == session.session }
      expect(heard?.new, equals: session.dataPackets - session.repeatedPackets)
    }
    // In the order of arrival, each once.
    let drivers = record.sessions.compactMap(\.activeDevice)
    expect(drivers, equals: Set(drivers).sorted())
  }

  /// R19 is left out, and the silence is as long as with a check that comes to nothing.
  @Test func mtftpWithoutPromotionGoesByItsOpensAlone() throws {
    func world(threshold: UInt64) -> SimulationConfiguration {
      var configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: threshold, losing: [[], [3]])
      configuration.parameters.mode = .pxeMTFTP
      return configuration
    }
    let plain = try run(world(threshold: 1 << 40).withoutPromotion(in: .pxeMTFTP))
    expect(plain.sessions.map(\.dataPackets), equals: [4, 4], "a session is always the whole file")
    expect(plain.devices.map(\.roles), equals: [[.active, .complete], [.passive, .active, .complete]])
    #expect(plain.devices.allSatisfy { $0.firstCheck == nil })
    let checked = try run(world(threshold: 0))
    expect(plain.sessions, equals: checked.sessions)
    expect(plain.devices.map(\.completed), equals: checked.devices.map(\.completed))
    expect(plain.serverBytes, equals: checked.serverBytes)
    // By the server's setting alone it is the same: nothing is negotiated.
    var oldServer = world(threshold: 1 << 40)
    oldServer.parameters.speaksPromotion = false
    try expect(run(oldServer).differences(from: plain), equals: [])
  }

  @Test func aStoryOfOneWithoutChecksWaitsForNoNotice() throws {
    let configuration = world().withoutPromotion(in: .rfc2090)
    let stories = try DeviceStory.stories(of: [2, 3], in: configuration, seed: 1, replication: 1)
    for story in stories {
      #expect(!story.checksItself && story.checks.isEmpty && !story.parts.contains { $0.activity == .notice })
      #expect(story.parts.contains { $0.activity == .session })
    }
  }
}
