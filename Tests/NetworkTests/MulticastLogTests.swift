import TestSupport
import Testing
import Timebase

@testable import Network

@Suite struct MulticastLogTests {
  /// Runs of these lengths, each of which repeats the last block of the one before, so that none joins another; the fourth goes back
  /// to the beginning, which begins another ascent.
  private static let lengths = [1, 1, 7, 8, 1, 9, 1, 1, 1, 64, 3, 5000] + Array(repeating: 2, count: 100) + [700]

  private static func log(afterEach check: (MulticastLog) -> Void = { _ in }) -> MulticastLog {
    var log = MulticastLog()
    var (first, time) = (UInt32(1), Int64(0))
    for (index, length) in lengths.enumerated() {
      if index == 3 { first = 1 }
      log.append(
        MulticastRun(
          departure: Nanoseconds(time), period: Nanoseconds(10), sequence: UInt64(time), sequenceStep: 1, first: first,
          count: length, pass: 1))
      check(log)
      (first, time) = (first + UInt32(length) - 1, time + Int64(length) * 10 + 5)
    }
    return log
  }

  @Test func everyPacketIsFoundInItsRun() throws {
    let log = Self.log()
    let runs = Self.lengths.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    try #require(log.packets == runs.count && log.runs.count == Self.lengths.count)
    #expect(runs.indices.first { log.run(of: $0) != runs[$0] } == nil)
    #expect(
      runs.indices.first { packet in
        let run = log.runs[runs[packet]]
        return log.departure(of: packet) != run.departure(at: packet - run.start)
      } == nil)
  }

  /// Whoever knows the lead of a checkpoint knows the blocks from there to the next one, none of which is the first or the last of a
  /// run; and it is known wherever that is so.
  private static func expectLeads(in log: MulticastLog) {
    let stride = 1 << log.strideLog2
    #expect(log.checkpoints.count == (log.packets - 1) / stride + 1)
    for (index, checkpoint) in log.checkpoints.enumerated() {
      let packets = index * stride..<(index + 1) * stride
      let run = log.runs[log.run(of: packets.lowerBound)]
      let isInside = run.start < packets.lowerBound && packets.upperBound < run.end
      let lead = run.first &- UInt32(run.start)
      expect(checkpoint.lead, equals: isInside ? lead : Checkpoint.noLead, "packets \(packets) of \(log.packets)")
    }
  }

  @Test func leadsTellTheBlocksInsideRuns() {
    let log = Self.log { Self.expectLeads(in: $0) }
    #expect(log.checkpoints.count { $0.lead != Checkpoint.noLead } > log.checkpoints.count * 3 / 4)
  }

  /// A run that is joined block by block has the leads of one that is logged at once.
  @Test func leadsOfARunThatGrows() {
    var log = MulticastLog()
    for packet in 0..<700 {
      let restarts = packet >= 333 ? 1 : 0  // block 333 is sent again
      log.append(
        MulticastRun(
          departure: Nanoseconds(Int64(packet) * 10), period: .zero, sequence: UInt64(packet), sequenceStep: 0,
          first: UInt32(packet + 1 - restarts), count: 1, pass: 1))
      Self.expectLeads(in: log)
    }
    expect(log.runs.count, equals: 2)
    expect(log.strideLog2, equals: 3)
    log.append(
      rounds: 4,
      of: MulticastRun(
        departure: .seconds(1), period: Nanoseconds(10), sequence: 10_000, sequenceStep: 1, first: 700, count: 1000,
        pass: 1),
      every: .seconds(1), sequenceNumbersOfRound: 2000)
    Self.expectLeads(in: log)
    #expect(log.strideLog2 > 3)
  }

  @Test func anAscentEndsWhereBlocksGoBack() {
    let log = Self.log()
    expect(log.ascents.map(\.start), equals: [0, 9])
    let ends = Self.lengths.indices.map { $0 < 3 ? 9 : log.packets }
    expect(log.runs.indices.map { log.endOfAscent(ofRun: $0) }, equals: ends)
  }

  /// Each range is logged block by block: pass 1 sends 1–2, 5–6, 4 and 9, pass 2 sends 10.
  @Test func aClimbEndsWhereBlocksGoBackOrAPassEnds() {
    var log = MulticastLog()
    for (packet, block) in [1, 2, 5, 6, 4, 9, 10].enumerated() {
      log.append(
        MulticastRun(
          departure: Nanoseconds(Int64(packet) * 10), period: .zero, sequence: UInt64(packet), sequenceStep: 0,
          first: UInt32(block), count: 1, pass: block == 10 ? 2 : 1))
    }
    expect(log.ascents.map(\.start), equals: [0, 2, 4, 5, 6])
    expect([0, 2, 4, 5, 6].map { log.endOfClimb(ofRun: log.run(of: $0)) }, equals: [4, 4, 6, 6, 7])
    expect((0..<7).map(log.endOfPass), equals: [6, 6, 6, 6, 6, 6, 7])
    expect(log.blocks(ofClimbs: 0...1), equals: 1...9)
  }

  /// What the log keeps follows its runs, however long they are.
  @Test func checkpointsAreFewForLongRuns() {
    #expect(Self.log().strideLog2 > 3)
    var log = MulticastLog()
    let run = MulticastRun(
      departure: .zero, period: Nanoseconds(10), sequence: 1, sequenceStep: 1, first: 1, count: 50_000_000, pass: 1)
    log.append(run)
    #expect(log.checkpoints.count <= 16 + 64 + 1)
    expect(log.run(of: 49_999_999), equals: 0)
  }
}
