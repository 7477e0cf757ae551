import BlockTransfer
import Foundation
import Network
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// `slices` on the network, by hand. Blocks of 984 bytes have 1066 bytes on the wire and take 8528 ns, the last one too.
/// A question has 210 bytes and takes 1680 ns. A run begins two seconds after the first device's request arrived.
@Suite struct SlicesTests {
  private static let begin: Int64 = 2_000_100_000

  private func world(
    blocks: UInt64 = 5, slice: UInt32 = 3, _ cohorts: [Cohort],
    _ change: (inout SimulationConfiguration) -> Void = { _ in }
  ) throws -> SimulationConfiguration {
    try RivalsTests.world(.slices, blocks: blocks, blockSize: 984, cohorts) {
      $0.rivals.slice = slice
      change(&$0)
    }
  }

  private func cohort(_ name: String, losing down: [UInt64] = [], up: [UInt64] = []) -> Cohort {
    var cohort = Cohort(name: name, count: 1)
    if !down.isEmpty { cohort.downLoss = .trace(LossTrace([PacketRuns(numbers: down)])) }
    if !up.isEmpty { cohort.upLoss = .trace(LossTrace([PacketRuns(numbers: up)])) }
    return cohort
  }

  private func run(_ configuration: SimulationConfiguration, seed: UInt64 = 1) throws -> RunRecord {
    let record = try configuration.run(seed: seed, replication: 1)
    let packetByPacket = try configuration.run(seed: seed, replication: 1, delivery: .packetByPacket)
    #expect(record.devices == packetByPacket.devices && record.events == packetByPacket.events)
    #expect(record.sessions == packetByPacket.sessions && record.serverBytes == packetByPacket.serverBytes)
    return record
  }

  /// The first slice takes 3 × 8528 ns, the question 1680, its way 100 000, the answer 20 000 and 100 000, the sender
  /// 20 000: the second slice begins 267 264 after the first. Its last block arrives 17 056 + 100 000 later. Its
  /// question turns to the uplink at 284 320, and the answers arrive 221 680 later.
  @Test func withoutLossEachSliceIsSentAndConfirmed() throws {
    let record = try run(world([Cohort(name: "a", count: 2)]))
    #expect(record.devices.allSatisfy { $0.completed == Nanoseconds(Self.begin + 384_320) })
    #expect(record.devices.allSatisfy { $0.roles == [.listening, .complete] })
    expect(record.sessions.map(\.begin), equals: [Nanoseconds(Self.begin)])
    expect(record.sessions.map(\.end), equals: [Nanoseconds(Self.begin + 506_000)])
    #expect(record.sessions[0].dataPackets == 5 && record.sessions[0].repeatedPackets == 0)
    #expect(record.sessions[0].activeDevice == nil && record.sessions[0].firstSet == 2)
    #expect(record.devicePackets == 6 && record.serverBytes == 2 * 98 + 5 * 1066 + 2 * 210)
  }

  /// Device 2 loses block 2, its third packet. It comes again 267 264 after the start, with a question that device 1
  /// need not answer. The second slice begins 8528 + 1680 + 220 000 + 20 000 later.
  @Test func whatSomebodyMissesComesAgainBeforeTheNextSlice() throws {
    let record = try run(world([cohort("a"), cohort("b", losing: [3])]))
    let second = Self.begin + 267_264 + 250_208
    #expect(record.devices.allSatisfy { $0.completed == Nanoseconds(second + 117_056) })
    expect(record.sessions.map(\.end), equals: [Nanoseconds(second + 17_056 + 221_680)])
    #expect(record.sessions[0].dataPackets == 6 && record.sessions[0].repeatedPackets == 1)
    #expect(record.devicePackets == 2 + 3 + 2 && record.serverBytes == 2 * 98 + 6 * 1066 + 3 * 210)
    #expect(record.devices[0].duplicatePackets == 1 && record.devices[1].duplicatePackets == 0)
  }

  /// The question, device 2's fifth packet, or its answer, its second packet up, is lost: the question comes again
  /// 11 ms after it turned to the uplink (1.1 times the 10 ms that answers are taken for at first), and device 1 is
  /// silent then, since the question says that it is ready.
  @Test(arguments: [true, false]) func aLostQuestionOrAnswerCostsALittleMoreThanAnAnswerTakes(isQuestion: Bool) throws {
    let second = isQuestion ? cohort("b", losing: [5]) : cohort("b", up: [2])
    let record = try run(world([cohort("a"), second]))
    let packets: UInt64 = isQuestion ? 6 : 7
    let begin = Self.begin + 25_584 + 11_000_000 + 221_680 + 20_000
    #expect(record.devices.allSatisfy { $0.completed == Nanoseconds(begin + 117_056) })
    #expect(record.devicePackets == packets && record.multicastDataPackets == 5)
  }

  /// Device 2 hears nothing after its welcome. The sender asks again ten times, 11 ms apart, and five times, a second
  /// apart, and goes on without it a second after the last. After 6.5 s of silence the device asks whether it still takes part; it does not hear two
  /// answers, and learns from the third that it does not.
  @Test func whoIsSilentIsDroppedAndFails() throws {
    let record = try run(world([cohort("a"), cohort("b", losing: Array(2...25))]))
    let second = Self.begin + 25_584 + 110_000_000 + 6_000_000_000
    expect(record.devices[0].completed, equals: Nanoseconds(second + 117_056))
    #expect(record.devices[1].roles == [.listening, .failed] && record.devices[1].multicastBlocks == 0)
    expect(record.sessions.map(\.end), equals: [Nanoseconds(second + 17_056 + 221_680)])
    #expect(record.devicePackets == 3 + 4 && record.ended == .complete)
  }

  /// R24: 1 + 2 + 4 + 8 + 16 + 32 s.
  @Test func timeoutsGrow() throws {
    let record = try run(world([cohort("a"), cohort("b", losing: Array(2...100))]) { $0.parameters.backoff = 2 })
    #expect(record.devices[0].completed == Nanoseconds(Self.begin + 25_584 + 110_000_000 + 63_000_000_000 + 117_056))
    expect(record.devices[1].roles.last, equals: .failed)
  }

  /// The late device's request arrives in the first run, and again a second later, when that is over. The next run begins
  /// two seconds after that.
  @Test func whoComesLateWaitsForTheNextRun() throws {
    var late = Cohort(name: "late", count: 1)
    late.join = .at(.constant(Nanoseconds(2_000_200_000)))
    let record = try run(world([cohort("a"), late]))
    #expect(record.sessions.count == 2 && record.sessions.allSatisfy { $0.dataPackets == 5 })
    expect(record.sessions[1].begin, equals: Nanoseconds(5_000_300_000))
    expect(record.devices[1].completed, equals: Nanoseconds(5_000_300_000 + 384_320))
    #expect(record.devices[1].sessionsHeard == 1 && record.devices[1].duplicatePackets == 0)
    // The first device listens to the next run until its first question tells that it is another one.
    expect(record.devices[0].duplicatePackets, equals: 3)
    // A request and two answers; two requests and two answers.
    expect(record.devicePackets, equals: 3 + 4)
  }

  /// R22: two requests arrive at 100 000, so the slice turns to the uplink at 120 000, behind two welcomes of 784 ns.
  @Test func theFirstRunBeginsWithEnoughDevices() throws {
    let rule = StartRule()
    let record = try run(world([Cohort(name: "a", count: 2)]) { $0.parameters.start = rule })
    expect(record.sessions.map(\.begin), equals: [Nanoseconds(100_000)])
    expect(
      record.devices.map(\.completed), equals: [Nanoseconds(120_000 + 1568 + 384_320)] + [record.devices[0].completed])
    var alone = rule
    alone.within = .milliseconds(3)
    let other = try run(world([cohort("a")]) { $0.parameters.start = alone })
    expect(other.sessions.map(\.begin), equals: [Nanoseconds(3_100_000)])
  }

  @Test func whoseRequestIsNeverHeardFails() throws {
    let record = try run(world([cohort("a", up: Array(1...6))]))
    #expect(record.devices[0].roles == [.failed] && record.devicePackets == 6 && record.serverBytes == 0)
  }

  /// A pattern without chance that takes the same block each time does not hold up the others for ever.
  @Test func whoNeverGetsABlockIsDroppedAfterTwoHundredRounds() throws {
    // Of two missing blocks and the question it hears the question alone: welcome, 1, 2, question, 1, 2, question, …
    let lost = (UInt64(2)...900).filter { $0 % 3 != 1 }
    let record = try run(world(blocks: 3, slice: 2, [cohort("a"), cohort("b", losing: lost)]))
    expect(record.devices.map { $0.roles.last }, equals: [.complete, .failed])
    #expect(record.sessions.count == 1 && record.sessions[0].dataPackets == 200 * 2 + 1)
  }

  /// A block is sent M times until R devices have it: P(M > m) = 1 − (1 − pᵐ)^R. The mean of many blocks is within four of
  /// its standard errors, which fails by chance for one seed in 15 000.
  @Test(arguments: [(3, 0.01, 1.0300), (10, 0.05, 1.4273), (100, 0.01, 1.6440)])
  func transmissionsOfABlockAreThoseOfTheClosedForm(devices: Int, p: Double, published: Double) throws {
    var cohort = Cohort(name: "a", count: devices)
    cohort.downLoss = .bernoulli(p: .constant(p))
    let configuration = try world(blocks: 1000, slice: 112, [cohort])
    let runs = 10
    let sent = try (1...runs).reduce(0) {
      let record = try configuration.run(seed: 11, replication: $1)
      #expect(record.devices.allSatisfy { $0.completed != nil } && record.sessions.count == 1)
      return $0 + Double(record.multicastDataPackets)
    }
    let beyond = (0...60).map { 1 - pow(1 - pow(p, Double($0)), Double(devices)) }
    let mean = beyond.reduce(0, +)
    let square = beyond.enumerated().reduce(0) { $0 + Double(2 * $1.offset + 1) * $1.element }
    let blocks = Double(1000 * runs)
    #expect(abs(mean - published) < 0.00005)
    #expect(abs(sent / blocks - mean) < 4 * ((square - mean * mean) / blocks).squareRoot())
  }
}
