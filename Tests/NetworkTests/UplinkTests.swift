import PromotionEngine
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import PromotionRun
@testable import Runs

@Suite struct UplinkTests {
  /// A window of four finds room for two: DATA 1 is being sent, DATA 2 waits, 3 and 4 are dropped, for everyone, and were
  /// never offered to the device. DATA 2 arrives at 477 272; a second later the device asks for 3, 4, 5 and loses 5 in
  /// the same way: DATA 4 leaves at 1 000 613 272. The last ask leaves at 2 000 713 272; DATA 5 takes 672.
  @Test func aFullQueueDropsForEveryone() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 5)
    configuration.parameters.windowSize = 4
    configuration.uplinkQueue = 1
    let record = try run(configuration)
    expect(
      record.devices,
      equals: [
        DeviceRecord(
          1,
          roles: [.active, .complete],
          sessionsHeard: 1,
          firstCheck: nil,
          completed: 2_000_933_944,
          multicast: 5,
          offered: 6
        )
      ])
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_272, end: 2_001_053_944, data: 5, firstSet: 0, secondSet: 0)
      ])
    #expect(record.serverBytes == 159 + 4 * 1000 + 84 + 3 * 86)
  }

  /// The second multicast packet, DATA 2, is taken before the fan-out (the OACKs are unicast and not counted): nobody
  /// was offered it. The ACK(1) of 489 272 is repeated a second later.
  @Test func sharedLossTakesAPacketFromEveryoneAndIsNobodys() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.sharedLoss = .trace([[2]])
    let record = try run(configuration)
    expect(record.devices.map(\.completed), equals: [Nanoseconds(1_001_205_944), Nanoseconds(1_001_205_944)])
    expect(record.devices.map(\.lostPackets), equals: [0, 0])
    expect(record.devices.map(\.offeredPackets), equals: [5, 6])
    expect(record.multicastDataPackets, equals: 5)
    expect(record.sessions.map(\.repeatedPackets), equals: [1])
    expect(record.sessionOneLoss.map(\.received), equals: [4, 4])
  }

  /// With a window of 8 a packet that overtook another would make the active device ask early.
  @Test(arguments: UInt64(1)...5)
  func jitterNeverReordersAPath(seed: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 200)
    configuration.parameters.windowSize = 8
    configuration.cohorts[0].jitter = .drawn(.exponential(mean: 1e-3))
    let record = try run(configuration, seed: seed)
    expect(record.sessions.map(\.repeatedPackets), equals: [0])
    expect(record.multicastDataPackets, equals: 200)
    expect(record.devices[0].duplicatePackets, equals: 0)
  }

  /// Constant jitter is latency: a round trip of 248 000 ns gets longer by 2 × 7000.
  @Test func jitterComesOnTopOfTheLatencyInBothDirections() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4)
    configuration.cohorts[0].jitter = .constant(.microseconds(7))
    let record = try run(configuration)
    // RRQ, OACK, ACK(0) and DATA 1, then three more round trips, of which the last has the empty block.
    #expect(record.devices[0].completed == Nanoseconds(1_205_944 + 4 * 7000 + 3 * 14_000))
  }

  /// Two devices with latencies of 1 ms and 10 µs: the packets of the group arrive at each in its own time.
  @Test func aPacketReachesEachDeviceAfterItsOwnLatency() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4)
    configuration.cohorts.append(configuration.cohorts[0])
    configuration.cohorts[1].latency = .constant(.microseconds(10))
    configuration.cohorts[1].join = .at(.constant(.microseconds(91)))
    let record = try run(configuration)
    expect(record.devices[0].completed, equals: Nanoseconds(1_205_944))
    expect(record.devices[1].completed, equals: Nanoseconds(1_205_944 - 90_000))
  }
}
