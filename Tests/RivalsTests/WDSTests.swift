import BlockTransfer
import Network
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// `wds` on the network, by hand. Blocks of 958 bytes have 1066 bytes on the wire and take 8528 ns, the last one has half
/// of the data and takes 4696. A JOINACK takes 832 ns, a POLL 784, an SPM 960.
@Suite struct WDSTests {
  /// The first poll comes a second after the first JOIN arrived.
  private static let poll: Int64 = 1_000_100_000
  /// From a poll to the round: 784 + 100 000 + 20 000 + 100 000, and the server's 20 000.
  private static let round: Int64 = 240_784

  private func world(
    blocks: UInt64 = 5, window: UInt32 = 2, _ cohorts: [Cohort],
    _ change: (inout SimulationConfiguration) -> Void = { _ in }
  ) throws -> SimulationConfiguration {
    try RivalsTests.world(.wds, blocks: blocks, blockSize: 958, cohorts) {
      $0.parameters.windowSize = window
      change(&$0)
    }
  }

  private func cohort(_ name: String, losing down: [UInt64] = [], up: [UInt64] = []) -> Cohort {
    var cohort = Cohort(name: name, count: 1)
    if !down.isEmpty { cohort.downLoss = .trace(LossTrace([PacketRuns(numbers: down)])) }
    if !up.isEmpty { cohort.upLoss = .trace(LossTrace([PacketRuns(numbers: up)])) }
    return cohort
  }

  private func run(_ configuration: SimulationConfiguration) throws -> RunRecord {
    try configuration.runByBothDeliveries(seed: 1)
  }

  /// From the round's begin: block 1 comes at 960 + 8528 + 100 000 = 109 488, block 2 at 118 016. Their ACKs take
  /// 120 000, and 20 000 later the next block turns to the uplink: block 3 at 249 488, block 4 at 258 016, block 5, when
  /// block 3 has come at 358 016, at 498 016.
  @Test func aRoundGoesAtThePaceOfTheMaster() throws {
    let record = try run(world([Cohort(name: "a", count: 2)]))
    let begin = Self.poll + Self.round
    #expect(record.devices.allSatisfy { $0.completed == Nanoseconds(begin + 602_712) })
    expect(record.devices.map(\.roles), equals: [[.listening, .master, .complete], [.listening, .complete]])
    #expect(record.sessions.map(\.activeDevice) == [1] && record.sessions[0].dataPackets == 5)
    expect(record.sessions[0].begin, equals: Nanoseconds(begin - 20_000))
    expect(record.sessions[0].end, equals: Nanoseconds(begin + 722_712))
    // Two JOINs, two reports to each of two polls, five ACKs.
    expect(record.devicePackets, equals: 11)
    #expect(record.serverBytes == 2 * 104 + 2 * 98 + 120 + 4 * 1066 + 587)
  }

  /// The master's fourth packet is block 1. The ACK of block 2, which arrives at 238 016, tells that it is lost: it
  /// goes again at 258 016, and block 3 after it.
  @Test func whatTheMasterMissesComesAgainAtOnce() throws {
    let record = try run(world([cohort("a", losing: [4]), cohort("b")]))
    #expect(record.devices.allSatisfy { $0.completed == Nanoseconds(Self.poll + Self.round + 619_768) })
    #expect(record.sessions.count == 1 && record.sessions[0].dataPackets == 6)
    #expect(record.sessions[0].repeatedPackets == 1 && record.devices[1].duplicatePackets == 1)
  }

  /// Device 2's sixth packet is block 3. It reports it at the next poll, 742 712 after the round began, and drives a
  /// round of its own.
  @Test func whatAnotherMissesComesInTheNextRound() throws {
    let record = try run(world([cohort("a"), cohort("b", losing: [6])]))
    let second = Self.poll + Self.round + 742_712 + Self.round
    expect(record.devices[1].completed, equals: Nanoseconds(second + 109_488))
    #expect(record.sessions.map(\.activeDevice) == [1, 2] && record.sessions.map(\.dataPackets) == [5, 1])
    expect(record.devices[1].roles, equals: [.listening, .master, .complete])
    #expect(record.devices[0].firstCheck?.missingPackets == 0 && record.devices[1].firstCheck?.missingPackets == 1)
  }

  /// A lost ACK costs nothing if another follows: the second packet up is the report, the third the ACK of block 1.
  @Test func aLostAcknowledgmentIsNoLostBlock() throws {
    let record = try run(world([cohort("a", up: [3]), cohort("b")]))
    #expect(record.sessions[0].dataPackets == 5 && record.devices[0].duplicatePackets == 0)
  }

  /// Both blocks of the window are lost: after a second the master is named again and gets them again.
  @Test func aLostWindowComesAgainAfterATimeout() throws {
    let record = try run(world([cohort("a", losing: [4, 5]), cohort("b")]))
    let completed = Nanoseconds(Self.poll + Self.round + 1_000_000_000 + 602_712)
    expect(record.devices.map(\.completed), equals: [completed, completed])
    expect(record.sessions[0].dataPackets, equals: 7)
  }

  @Test func theFirstMasterHasTheLongestRoundTrip() throws {
    var far = Cohort(name: "far", count: 1)
    far.latency = .constant(.milliseconds(1))
    let record = try run(world([Cohort(name: "near", count: 2), far]))
    expect(record.sessions.map(\.activeDevice), equals: [3])
  }

  /// 100 of the first 200 blocks, every second one: 64 ranges in one report, 36 in the next.
  private func lossy() -> Cohort { cohort("lossy", losing: (1...100).map { 3 + 2 * $0 }) }

  @Test func aReportHasAtMostSixtyFourRanges() throws {
    let record = try run(world(blocks: 400, window: 4, [cohort("a"), lossy()]))
    expect(record.sessions.map(\.dataPackets), equals: [400, 64, 36])
    expect(record.devices[1].multicastBlocks, equals: 400)
  }

  /// The master lost none of 400 blocks, the other one a quarter of them: it gets them by a transfer of its own, from
  /// block 1 to the last one that it misses, 200.
  @Test func whoIsSlowIsSentToUnicast() throws {
    let record = try run(world(blocks: 400, window: 4, [cohort("a"), lossy()]) { $0.rivals.slow = SlowRule() })
    expect(record.sessions.map(\.dataPackets), equals: [400])
    expect(record.devices[1].roles, equals: [.listening, .fetching, .complete])
    #expect(record.devices[1].unicastBlocks == 100 && record.devices[1].multicastBlocks == 300)
    #expect(record.devices[1].duplicatePackets == 100 && record.unicastDataPackets == 200)
  }

  /// Nothing comes from the master for six seconds. Then it is struck off, and the other one drives a round.
  @Test func aMasterThatIsSwitchedOffIsReplaced() throws {
    var first = cohort("a")
    first.leave = .at(.constant(Nanoseconds(Self.poll + 400_000)))
    let record = try run(world([first, cohort("b")]))
    #expect(record.devices[0].left && record.sessions.map(\.activeDevice) == [1, 2])
    let completed = try #require(record.devices[1].completed)
    #expect(completed > Nanoseconds(Self.poll) + .seconds(6) && completed < Nanoseconds(Self.poll) + .seconds(7))
  }

  /// A silent device is asked six times, and refused from then on.
  @Test func whoAnswersNoPollIsStruckOff() throws {
    let record = try run(world([cohort("a"), cohort("b", up: Array(2...40))]))
    let begin = Self.poll + 6_000_000_000
    expect(record.sessions.map(\.begin), equals: [Nanoseconds(begin)])
    #expect(record.devices.allSatisfy { $0.completed != nil })
  }

  /// Device 2 joins when the first blocks were sent, and gets them in the next round.
  @Test func whoJoinsLateTakesPartInTheRoundThatRuns() throws {
    var late = Cohort(name: "late", count: 1)
    late.join = .at(.constant(Nanoseconds(Self.poll + 2_000_000)))
    let record = try run(world(blocks: 400, window: 4, [cohort("a"), late]))
    #expect(record.sessions.count == 2 && record.sessions[0].dataPackets == 400)
    #expect(record.sessions[1].dataPackets < 100 && record.devices[1].sessionsHeard == 2)
    #expect(record.devices[1].multicastBlocks == 400 && record.devices[1].duplicatePackets == 0)
  }

  /// R22: the poll comes with the second device, or when the wait is over.
  @Test func theFirstPollComesWithEnoughDevices() throws {
    let record = try run(world([Cohort(name: "a", count: 2)]) { $0.parameters.start = StartRule() })
    #expect(record.sessions[0].begin.map { $0 < .milliseconds(1) } == true && record.sessions.count == 1)
    let alone = try run(
      world([cohort("a")]) {
        $0.parameters.start = StartRule()
        $0.parameters.start?.within = .milliseconds(3)
      })
    #expect(alone.sessions[0].begin == Nanoseconds(3_100_000 + Self.round - 20_000))
  }

  @Test func whoseJoinIsNeverHeardFails() throws {
    let record = try run(world([cohort("a", up: Array(1...6))]))
    #expect(record.devices[0].roles == [.failed] && record.devicePackets == 6 && record.serverBytes == 0)
  }
}
