import BlockTransfer
import Network
import PromotionEngine
import Runs
import TestSupport
import Testing
import Timebase

@testable import Rivals

/// `nack` and `nack_fec` to the nanosecond.
///
/// A block of 1000 bytes takes 8720 ns on the wire (with parity packets 8688), the last one 4720 (4688), a confirmation
/// 976, an ask 784 (752). Registrations arrive at 100 000, the answers turn to the uplink at 120 000 before the first
/// block. There is no report window unless a test sets one.
@Suite struct NackTests {
  private func network(
    _ strategy: StrategyName, blocks: UInt64 = 10, losing lost: [PacketRuns], up: [PacketRuns] = [],
    _ change: (inout SimulationConfiguration) -> Void = { _ in }
  ) throws -> SimulationConfiguration {
    var cohort = Cohort(name: "a", count: lost.count)
    cohort.downLoss = .trace(LossTrace(lost))
    if !up.isEmpty { cohort.upLoss = .trace(LossTrace(up)) }
    return try world(strategy, blocks: blocks, [cohort]) {
      $0.rivals.reportWindow = .zero
      change(&$0)
    }
  }

  /// Device 2 loses block 3, its fourth packet. The first ask turns to the uplink at 203 200, when the last block is paid
  /// for, and arrives at 305 936; the report leaves 20 µs later. The longest round trip is that of the second
  /// confirmation, 221 952 ns, so the server collects until twice that has passed since its last copy.
  @Test func whatADeviceReportsIsTheNextPass() throws {
    let record = try network(.nack, losing: [[], [4]]).runByBothDeliveries(seed: 1)
    #expect(record.ended == .complete && record.strategy == .nack)
    expect(record.devices.map(\.roles), equals: [[.listening, .complete], [.listening, .complete]])
    expect(record.devices.map(\.completed), equals: [305_152, 20_755_824].map { Nanoseconds($0) })
    expect(record.devices.map(\.firstCheck?.missingPackets), equals: [0, 1])
    expect(record.devices.map(\.missedAtCheck), equals: [false, true])
    expect(record.sessions.map(\.begin), equals: [120_000, 20_647_104].map { Nanoseconds($0) })
    expect(record.sessions.map(\.end), equals: [20_647_104, 41_099_728].map { Nanoseconds($0) })
    #expect(record.sessions.map(\.dataPackets) == [10, 1] && record.sessions.map(\.firstSet) == [2, 1])
    expect(record.sessions.map(\.secondSet), equals: [1, 0])
    // Two registrations, two echoes, one report. Six asks: five in a row have no answer.
    expect(record.devicePackets, equals: 5)
    #expect(record.serverBytes == 2 * 122 + 9 * 1090 + 590 + 1090 + 18 * 98)
  }

  /// Groups of 4 blocks. Device 1 loses the blocks 1 and 2, device 2 the blocks 3 and 9. Two parity packets mend the first
  /// group of either, one mends the last group.
  @Test func aParityPacketMendsAnyLossOfItsGroup() throws {
    let record = try network(.nackFEC, losing: [[2, 3], [4, 10]]) { $0.rivals.group = 4 }.runByBothDeliveries(seed: 1)
    expect(record.strategy, equals: .nackFEC)
    expect(record.sessions.map(\.dataPackets), equals: [10, 3])
    expect(record.sessions[1].begin, equals: Nanoseconds(20_646_784))
    expect(record.devices.map(\.completed), equals: [20_764_160, 20_772_848].map { Nanoseconds($0) })
    #expect(record.devices.map(\.multicastBlocks) == [10, 10] && record.devices.map(\.duplicatePackets) == [1, 1])
    #expect(record.serverBytes == 2 * 122 + 9 * 1086 + 586 + 3 * 1086 + 18 * 94)
  }

  /// One copy of an ask. At its first ask, at 203 200, the server has measured nothing yet, so it asks again a `timeout`
  /// later. Then it knows the round trip: twice 220 976 ns after the second ask it sends what the report says.
  @Test(arguments: [
    // Packet 12 is the ask, packet 3 of the device its report.
    (down: PacketRuns(numbers: [4, 12]), up: PacketRuns(), packets: UInt64(3)),
    (down: PacketRuns(numbers: [4]), up: PacketRuns(numbers: [3]), packets: UInt64(4)),
  ])
  func aLostAskOrReportIsAskedForAgain(down: PacketRuns, up: PacketRuns, packets: UInt64) throws {
    let record = try network(.nack, losing: [down], up: [up]) { $0.parameters.noticeCopies = 1 }
      .runByBothDeliveries(seed: 1)
    expect(record.sessions.map(\.end), equals: [1_000_203_200, 1_001_095_824].map { Nanoseconds($0) })
    expect(record.sessions[1].begin, equals: Nanoseconds(1_000_645_152))
    expect(record.devices[0].completed, equals: Nanoseconds(1_000_753_872))
    expect(record.devicePackets, equals: packets)
  }

  /// It joins when the first blocks have left, takes part from then on, and reports the rest in one range.
  @Test(arguments: [StrategyName.nack, .nackFEC])
  func whoJoinsLateTakesPartAndReportsTheRest(strategy: StrategyName) throws {
    var late = Cohort(name: "late", count: 1)
    late.join = .at(.constant(.microseconds(500)))
    let record = try world(strategy, blocks: 100, [Cohort(name: "a", count: 1), late]).runByBothDeliveries(seed: 1)
    let missed = try #require(record.devices[1].firstCheck)
    #expect(missed.gaps == 1 && (30...60).contains(missed.missingPackets))
    expect(record.sessions.map(\.dataPackets), equals: [100, UInt64(missed.missingPackets)])
    #expect(record.devices.allSatisfy { $0.roles.last == .complete && $0.duplicatePackets == 0 })
  }

  /// The server has asked its last and rests. Who registers then is asked, and gets the whole file.
  @Test(arguments: [StrategyName.nack, .nackFEC])
  func whoRegistersAfterTheEndStartsItAgain(strategy: StrategyName) throws {
    var late = Cohort(name: "late", count: 1)
    late.join = .at(.constant(.seconds(60)))
    let record = try world(strategy, blocks: 50, [Cohort(name: "a", count: 1), late]).runByBothDeliveries(seed: 1)
    expect(record.sessions.map(\.dataPackets), equals: [50, 50])
    #expect(record.devices.allSatisfy { $0.roles.last == .complete })
  }

  /// R22: it begins when three devices have registered, or five seconds after the first.
  @Test(
    arguments: [(joins: [1, 2, 3], begin: 3_000_120_000), (joins: [1, 2, 9], begin: 6_000_100_000)]
      as [([Int64], Int64)])
  func theFirstPassWaitsForDevices(joins: [Int64], begin: Int64) throws {
    var cohort = Cohort(name: "a", count: 3)
    cohort.join = .list(joins.map { .seconds($0) })
    let record = try world(.nack, blocks: 10, [cohort]) {
      $0.parameters.start = StartRule()
      $0.parameters.start?.devices = 3
      $0.parameters.start?.within = .seconds(5)
    }.runByBothDeliveries(seed: 1)
    expect(record.sessions[0].begin, equals: Nanoseconds(begin))
    #expect(record.devices.allSatisfy { $0.roles.last == .complete })
  }

  @Test func whoseRegistrationIsNeverHeardFails() throws {
    var cohort = Cohort(name: "a", count: 1)
    cohort.upLoss = .bernoulli(p: .constant(1))
    let record = try world(.nack, blocks: 10, [cohort]).runByBothDeliveries(seed: 1)
    expect(record.devices[0].roles, equals: [.listening, .failed])
    #expect(record.devicePackets == 6 && record.serverBytes == 0)
  }

  /// Its reports are lost from the first on. It reports to five asks, registers after a silence, and gives up.
  @Test func whoseReportsAreNeverHeardFails() throws {
    let record = try network(.nack, losing: [[4]], up: [PacketRuns([3...1000])]).runByBothDeliveries(seed: 1)
    #expect(record.devices[0].roles == [.listening, .failed] && record.sessions.count == 1)
    expect(record.devicePackets, equals: 2 + 5 + 6)
  }

  /// A report is cut into packets of at most `blksize` bytes: 32 bytes of header and 8 for each range.
  @Test func aLongReportIsSeveralPackets() throws {
    var configuration = try world(.nack, blocks: 100, blockSize: 64, [Cohort(name: "a", count: 1)]) {
      $0.rivals.reportWindow = .zero
    }
    // Every other block of the first twenty: ten ranges, four in a packet.
    configuration.cohorts[0].downLoss = .trace([PacketRuns(numbers: (1...10).map { 2 * $0 + 1 })])
    let record = try configuration.runByBothDeliveries(seed: 1)
    #expect(record.devicePackets == 2 + 3 && record.sessions.map(\.dataPackets) == [100, 10])
  }
}
