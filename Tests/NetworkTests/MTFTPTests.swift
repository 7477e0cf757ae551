import BlockTransfer
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// Two devices that listen for 2 s, then both send an open; device 1's is at the server first, at 2 000 100 000, and the
/// session begins. Block 1 goes out by unicast and then to the group, at 2 000 120 000 and 8000 ns each: they arrive
/// at 2 000 228 000 and 2 000 236 000. ACK(1) leaves at 2 000 248 000; DATA 2 arrives at 2 000 476 000, DATA 3 248 000 ns later,
/// the empty DATA 4 at 2 000 964 672. ACK(4) ends the session 120 000 ns later. Device 2 loses DATA 3, its third packet.
@Suite struct MTFTPTests {
  private func world(threshold: UInt64) -> SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: threshold, losing: [[], [3]])
    configuration.parameters.mode = .pxeMTFTP
    return configuration
  }

  private let first = DeviceRecord(
    1,
    roles: [.active, .complete],
    sessionsHeard: 1,
    firstCheck: nil,
    completed: 2_000_964_672,
    multicast: 3,
    unicast: 1,
    duplicates: 1,
    offered: 5
  )

  /// Device 1 loses block 1 by unicast and hears it from the group: it is passive while its own session is open, but not
  /// of its first set.
  @Test func theActiveDeviceIsNotOfItsOwnFirstSet() throws {
    var configuration = world(threshold: 0)
    configuration.cohorts[0].downLoss = .trace([[1], []])
    let record = try run(configuration)
    expect(record.ended, equals: .complete)
    expect(record.devices[0].roles.prefix(2), equals: [.passive, .active])
    expect(record.sessions[0].activeDevice, equals: 1)
    expect(record.sessions[0].firstSet, equals: 1)
  }

  /// Block 1, the only one, completes device 1 by unicast: 84 bytes, 672 ns; at 2 000 220 672. To the group it arrives 672 ns later,
  /// before ACK(1) leaves: device 1 has it once more, device 2 loses it. The table of N9 has a row for each.
  @Test func theActiveDeviceIsInTheTableOfLossEvenIfItIsCompleteByThen() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 1, lastBlockBytes: 5, losing: [[], [1]])
    configuration.parameters.mode = .pxeMTFTP
    configuration.limits.time = .seconds(3)
    let record = try run(configuration)
    expect(record.devices[0].completed, equals: Nanoseconds(2_000_220_672))
    expect(
      record.sessionOneLoss,
      equals: [SessionOneLoss(device: 1, received: 1, lost: 0), SessionOneLoss(device: 2, received: 0, lost: 1)])
  }

  /// The uplink is slower than the timeouts: a DATA takes a millisecond, a timeout half of one. Three sessions come and go before
  /// the first DATA of the second arrives, at 10 221 000. Device 2 is passive again in session 2, then in session 3, and
  /// then hears that DATA: it is of either first set once. Device 3, which drives session 3, is of session 2's.
  @Test func aDeviceIsOfAFirstSetOnceHoweverLateTheFirstDataComes() throws {
    var parameters = ProtocolParameters()
    parameters.mode = .pxeMTFTP
    parameters.blockSize = 1180
    parameters.retries = 1
    parameters.timeout = .microseconds(500)
    parameters.sessionTimeout = Nanoseconds(1_000_001)
    parameters.listenDelay = .zero
    let cohorts = [
      (Nanoseconds.zero, Nanoseconds.milliseconds(2)), (.microseconds(1), .microseconds(100)),
      (.milliseconds(5), .microseconds(100)),
    ].map { join, latency in
      var cohort = Cohort(name: "", count: 1)
      cohort.join = .at(.constant(join))
      cohort.latency = .constant(latency)
      return cohort
    }
    let file = try #require(FileLayout(size: 2365, blockSize: 1180))
    var configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: cohorts)
    configuration.uplinkBitsPerSecond = 10_000_000
    configuration.limits.time = .milliseconds(40)
    let sessions = try run(configuration).sessions
    expect(sessions.prefix(3).map(\.activeDevice), equals: [2, 1, 3])
    expect(sessions.prefix(3).map(\.end), equals: [2_841_001, 5_000_001, 8_100_001].map { Nanoseconds($0) })
    expect(sessions.prefix(3).map(\.firstSet), equals: [0, 2, 1])
  }

  /// The group is silent from 2 000 964 672 on; 6.5 s later device 2 checks and promotes itself. ACK(2) leaves at once.
  @Test func whoMissesLittlePromotesItself() throws {
    let record = try run(world(threshold: 931))
    expect(record.ended, equals: .complete)
    expect(record.devices[0], equals: first)
    expect(
      record.devices[1],
      equals: DeviceRecord(
        2,
        roles: [.passive, .smart, .complete],
        sessionsHeard: 1,
        firstCheck: .missing(1),
        promoted: 8_500_964_672,
        completed: 8_500_964_672 + 228_000,
        multicast: 3,
        unicast: 1,
        offered: 5,
        lost: 1
      ))
    expect(
      record.sessions,
      equals: [
        SessionRecord(
          1,
          active: 1,
          begin: 2_000_100_000,
          end: 2_001_084_672,
          data: 4,
          firstSet: 1,
          secondSet: 1,
          promoted: 1
        )
      ])
    expect(record.multicastDataPackets, equals: 4)
    expect(record.unicastDataPackets, equals: 2)
    expect(record.serverBytes, equals: 5 * 1000 + 84)
  }

  /// Having 3 of 4 blocks it waits 3/4 of 2 s and opens at 10 000 964 672. As in the first session, block 1 comes by
  /// unicast 228 000 ns later; 20 000 + 228 000 ns after that DATA 2, 248 000 ns later DATA 3, the last that it missed;
  /// but the session goes on to the end of the file.
  @Test func whoMissesMuchOpensAgain() throws {
    let record = try run(world(threshold: 930))
    let completed: Int64 = 10_000_964_672 + 228_000 + 2 * 248_000
    expect(
      record.devices,
      equals: [
        first,
        DeviceRecord(
          2,
          roles: [.passive, .active, .complete],
          sessionsHeard: 2,
          firstCheck: .missing(1),
          completed: completed,
          multicast: 4,
          duplicates: 4,
          offered: 9,
          lost: 1
        ),
      ])
    expect(
      record.sessions,
      equals: [
        SessionRecord(
          1,
          active: 1,
          begin: 2_000_100_000,
          end: 2_001_084_672,
          data: 4,
          firstSet: 1,
          secondSet: 1
        ),
        SessionRecord(
          2,
          active: 2,
          begin: 10_001_064_672,
          end: completed + 240_672 + 120_000,
          data: 4,
          firstSet: 0,
          secondSet: 0
        ),
      ])
    expect(record.unicastDataPackets, equals: 2)
  }
}
