import BlockTransfer
import Foundation
import Network
import PromotionEngine
import Statistics
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

@Suite struct CarouselTests {
  /// DATA of 1000 bytes takes 8688 ns on the wire, the last block 4688 ns, a control packet 688 ns. Both joins arrive
  /// at 100 µs, the answers turn to the uplink at 120 µs, before the first block. Device 2 loses block 3 of the first
  /// round: its fourth packet.
  @Test func whatIsLostComesWithTheNextRoundAndTheLastToLeaveStopsTheServer() throws {
    var second = Cohort(name: "b", count: 1)
    second.downLoss = .trace([[4]])
    let record = try world(.carousel, blocks: 10, [Cohort(name: "a", count: 1), second]).run(seed: 1, replication: 1)
    expect(record.ended, equals: .complete)
    expect(record.devices.map(\.roles), equals: [[.listening, .complete], [.listening, .complete]])
    // 120 000 + 2 × 688 + 9 × 8688 + 4688 is when the first round has left, and 100 000 later it has arrived.
    expect(record.devices[0].completed, equals: Nanoseconds(304_256))
    expect(record.devices[1].completed, equals: Nanoseconds(304_256 + 3 * 8688))
    // Device 2 says so 20 µs later, which takes 100 µs. By then two more rounds were sent.
    expect(record.sessions.map(\.dataPackets), equals: [10, 10, 10, 10])
    expect(record.sessions.map(\.begin), equals: [120_000, 202_880, 285_760, 368_640].map { Nanoseconds($0) })
    expect(record.sessions.map(\.end), equals: [198_192, 281_072, 363_952, 446_832].map { Nanoseconds($0) })
    #expect(record.sessions.allSatisfy { $0.activeDevice == nil && $0.repeatedPackets == 0 })
    expect(record.devicePackets, equals: 4)
    #expect(record.serverBytes == 2 * 86 + 4 * (9 * 1086 + 586))
    expect(record.unicastDataPackets, equals: 0)
  }

  @Test func whoJoinsLateTakesTheRoundFromWhereItIs() throws {
    var late = Cohort(name: "late", count: 1)
    late.join = .at(.constant(.microseconds(500)))
    let record = try world(.carousel, blocks: 100, [Cohort(name: "a", count: 1), late]).run(seed: 1, replication: 1)
    let device = record.devices[1]
    #expect(device.multicastBlocks == 100 && device.sessionsHeard == 2)
    #expect(device.completed.map { $0 < (record.sessions[1].end ?? .zero) + .microseconds(109) } == true)
  }

  /// `timeline.csv` ends with the last device. What the server sends after that is in the counts of the run alone.
  @Test func theTimelineEndsWithTheLastDeviceAndTheServerGoesOn() throws {
    var cohort = Cohort(name: "a", count: 2)
    cohort.leave = .devices([(1, 200), (2, 450)].map { DeviceLeave(device: $0, at: .microseconds($1)) })
    let record = try world(.carousel, blocks: 100, [cohort]) { $0.timelineStep = .microseconds(100) }
      .run(seed: 1, replication: 1)
    expect(record.ended, equals: .complete)
    expect(record.timeline.map(\.time), equals: (0...5).map { .microseconds(100 * $0) })
    expect(record.timeline.map(\.failed), equals: [0, 0, 1, 1, 1, 2])
    let sent = try #require(record.timeline.last).sent
    #expect(sent.multicastData + sent.unicastData + sent.control < record.serverBytes / 10)
  }

  /// A device that is switched off says nothing, and its server does not go on for ever.
  @Test func aServerThatHearsNothingForAllRepeatsAndOneMoreRoundStops() throws {
    var cohort = Cohort(name: "a", count: 2)
    cohort.leave = .devices([DeviceLeave(device: 2, at: .microseconds(200))])
    let record = try world(.carousel, blocks: 100, [cohort]).run(seed: 1, replication: 1)
    expect(record.ended, equals: .complete)
    // The word of device 1 comes in the second round; it ends, and five repeats and one more are quiet.
    expect(record.sessions.count, equals: 8)
    #expect(record.devices[1].left)
  }

  @Test func whoseJoinIsNeverHeardFails() throws {
    var cohort = Cohort(name: "a", count: 1)
    cohort.upLoss = .bernoulli(p: .constant(1))
    let record = try world(.carousel, blocks: 10, [cohort]).run(seed: 1, replication: 1)
    expect(record.devices[0].roles, equals: [.listening, .failed])
    #expect(record.devicePackets == 6 && record.serverBytes == 0)
  }

  /// A trace takes block 2 of each round. The server stops after the round of the join and three quiet ones: thirteen
  /// packets with the welcome. At the first silence the device misses one block, and at the three after it still one.
  @Test func whoGainsNothingByJoiningAgainFails() throws {
    var cohort = Cohort(name: "a", count: 1)
    let lost = (0..<9).flatMap { cycle in [3, 6, 9, 12].map { 13 * UInt64(cycle) + $0 } }
    cohort.downLoss = .trace([PacketRuns(numbers: lost)])
    let record = try world(.carousel, blocks: 3, [cohort]) { $0.parameters.retries = 2 }.run(seed: 1, replication: 1)
    expect(record.ended, equals: .complete)
    expect(record.devices[0].roles, equals: [.listening, .failed])
    expect(record.devices[0].multicastBlocks, equals: 2)
    #expect(record.devicePackets == 4 && record.sessions.count == 16)
  }

  /// The slowest of R devices has n blocks after m rounds with probability (1 − pᵐ)^(R n). 600 replications; each share
  /// within 4 standard errors of it, which fails by chance for one seed in 4000.
  @Test(arguments: [(devices: 20, p: 0.1, first: 3), (devices: 100, p: 0.01, first: 2)])
  func roundsUntilTheSlowestHasEverythingAreDistributedAsTheClosedFormSays(
    devices: Int, p: Double, first: Int
  ) throws {
    let (blocks, runs) = (50, 600)
    var cohort = Cohort(name: "a", count: devices)
    cohort.downLoss = .bernoulli(p: .constant(p))
    let configuration = try world(.carousel, blocks: UInt64(blocks), [cohort])
    var rounds: [Int: Int] = [:]
    for replication in 1...runs {
      let record = try configuration.run(seed: 3, replication: replication)
      let last = try #require(record.devices.compactMap(\.completed).max())
      // Blocks wait for the answers to all joins, which left before the first of them, and take 100 µs.
      let way = Nanoseconds.microseconds(100) + Nanoseconds(688) * devices
      rounds[record.sessions.count { ($0.begin ?? .never) + way < last }, default: 0] += 1
    }
    for m in first...first + 2 {
      let expected = pow(1 - pow(p, Double(m)), Double(devices * blocks))
      let observed = Double(rounds.filter { $0.key <= m }.values.reduce(0, +)) / Double(runs)
      let error = (expected * (1 - expected) / Double(runs)).squareRoot()
      #expect(abs(observed - expected) <= 4 * error + 0.5 / Double(runs), "\(m) rounds: \(observed), not \(expected)")
    }
  }
}
