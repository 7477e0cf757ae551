import BlockTransfer
import TestSupport
import Testing
import Timebase

@testable import Network

/// Many ascents at once come to what single packets come to.
@Suite struct ClimbTests {
  /// A pass that climbs through a file: blocks left out, runs of any length, some blocks sent twice.
  private static func log(using random: inout FixedSequence) -> MulticastLog {
    var log = MulticastLog()
    var (first, time) = (BlockNumber.random(in: 1...4, using: &random), Int64(0))
    while first < 120 {
      let count = Bool.random(using: &random) ? 1 : Int.random(in: 1...9, using: &random)
      log.append(
        MulticastRun(
          departure: Nanoseconds(time), period: Nanoseconds(10), sequence: UInt64(time), sequenceStep: 1, first: first,
          count: count, pass: 1))
      // One repeats the last block; the others leave some out, or go on after a while.
      first += UInt32(count) - 1 + UInt32.random(in: 0...5, using: &random)
      time += Int64(count) * 10 + 15
    }
    return log
  }

  @Test(arguments: UInt64(0)..<400) func aClimbFillsWhatItsPacketsFill(seed: UInt64) {
    var random = FixedSequence(state: seed)
    let log = Self.log(using: &random)
    expect(log.endOfClimb(ofRun: 0), equals: log.packets)
    var gaps = Self.gapMap(of: 110, emptiedBy: seed, using: &random)
    let start = Int.random(in: 0..<log.packets / 2, using: &random)
    let end = Int.random(in: start + 1...log.packets, using: &random)
    let lost = (start..<end).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
    var twin = gaps
    let expected = Self.fill(&twin, from: log, start..<end, losing: lost)
    guard let lastHeard = (start..<end).last(where: { !lost.contains($0) }) else { return }
    let filled = Self.withPart(log, start..<end, losing: lost) { part in
      let last = log.run(of: lastHeard)
      var climb = Climb(part, from: log.run(of: start), through: last, last: part.block(of: lastHeard, in: last))
      return gaps.fill(from: &climb)
    }
    expect(filled, equals: expected)
    expect(gaps, equals: twin)
  }

  /// A pass that goes back now and then, with everything that ``log(using:)`` has.
  private static func logOfManyClimbs(using random: inout FixedSequence) -> MulticastLog {
    var log = MulticastLog()
    var (first, time) = (BlockNumber.random(in: 1...40, using: &random), Int64(0))
    while log.packets < 300 {
      let count = Bool.random(using: &random) ? 1 : Int.random(in: 1...9, using: &random)
      log.append(
        MulticastRun(
          departure: Nanoseconds(time), period: Nanoseconds(10), sequence: UInt64(time), sequenceStep: 1, first: first,
          count: count, pass: 1))
      time += Int64(count) * 10 + 15
      first += UInt32(count) - 1 + UInt32.random(in: 0...5, using: &random)
      if first > 200 || Int.random(in: 0..<6, using: &random) == 0 {
        first -= min(first - 1, .random(in: 10...60, using: &random))
      }
    }
    return log
  }

  /// Every block is missing, or many are.
  private static func gapMap(
    of blocks: BlockNumber, emptiedBy seed: UInt64, using random: inout FixedSequence
  ) -> GapMap {
    var gaps = GapMap(blocks: blocks)
    for block in 1...blocks where seed % 3 != 0 && Int.random(in: 0..<3, using: &random) > 0 {
      _ = gaps.fill(block, through: block)
    }
    return gaps
  }

  /// Fills with what was received of some packets, one by one.
  private static func fill(
    _ gaps: inout GapMap, from log: MulticastLog, _ packets: Range<Int>, losing lost: [Int]
  ) -> GapMap.Filled {
    var filled = GapMap.Filled.nothing
    for packet in packets where !lost.contains(packet) {
      let run = log.runs[log.run(of: packet)]
      let block = run.first + UInt32(packet - run.start)
      let new = gaps.fill(block, through: block)
      filled = GapMap.Filled(count: filled.count + new.count, last: max(filled.last, new.last))
    }
    return filled
  }

  @Test(arguments: UInt64(0)..<400) func climbsLaidTogetherFillWhatTheirPacketsFill(seed: UInt64) throws {
    var random = FixedSequence(state: seed)
    let log = Self.logOfManyClimbs(using: &random)
    var coverage = Coverage()
    // Devices that hear about the same lose each what it loses. From the second one on they look at that alone.
    let (start, end) = (Int.random(in: 0..<100, using: &random), Int.random(in: 200...log.packets, using: &random))
    for device in 0..<6 {
      var gaps = Self.gapMap(of: 190, emptiedBy: seed, using: &random)
      let start = device == 4 ? start + 1 : start
      let end = device > 4 ? end - 1 : end
      let lost = (start..<end).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
      var twin = gaps
      let expected = Self.fill(&twin, from: log, start..<end, losing: lost)
      let isTaken = Self.withPart(log, start..<end, losing: lost) { part in
        coverage.take(part, of: log, ofBranch: 0, from: log.run(of: start))
      }
      try #require(isTaken)
      expect(gaps.fill(from: &coverage), equals: expected)
      expect(gaps, equals: twin)
    }
  }

  /// What was sent to one branch is not taken for what was sent to another, nor one part of the log for another.
  @Test(arguments: UInt64(0)..<100) func whatIsSharedIsOfOneBranchAndPart(seed: UInt64) {
    var random = FixedSequence(state: seed)
    let logs = (0..<2).map { _ in Self.logOfManyClimbs(using: &random) }
    var coverage = Coverage()
    for _ in 0..<20 {
      let branch = Int.random(in: 0..<2, using: &random)
      let start = Int.random(in: 0...1, using: &random) * 20
      let end = logs[branch].packets - Int.random(in: 0...1, using: &random) * 20
      let lost = (start..<end).filter { _ in Int.random(in: 0..<9, using: &random) == 0 }
      var (gaps, twin) = (GapMap(blocks: 300), GapMap(blocks: 300))
      let expected = Self.fill(&twin, from: logs[branch], start..<end, losing: lost)
      let isTaken = Self.withPart(logs[branch], start..<end, losing: lost) { part in
        coverage.take(part, of: logs[branch], ofBranch: branch, from: logs[branch].run(of: start))
      }
      guard isTaken else { continue }
      expect(gaps.fill(from: &coverage), equals: expected)
      expect(gaps, equals: twin)
    }
  }

  /// A part that was offered at once, and is taken climb by climb, loses the same packets, and every packet is in one climb.
  @Test(arguments: UInt64(0)..<100) func aPartFallsApartIntoItsClimbs(seed: UInt64) {
    var random = FixedSequence(state: seed)
    let log = Self.logOfManyClimbs(using: &random)
    let start = Int.random(in: 0..<100, using: &random)
    let end = Int.random(in: 200...log.packets, using: &random)
    let lost = (start..<end).filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
    Self.withPart(log, start..<end, losing: lost) { part in
      var (rest, next, lostBefore) = (part, start, [Int]())
      var lastHeard: Int?
      while rest.start < end {
        let run = log.run(of: rest.start)
        let climb = rest.removeFirst(until: min(end, log.endOfClimb(ofRun: run)), from: run, after: &lastHeard)
        expect(climb.start, equals: next)
        expect(climb.lastHeard, equals: (start..<climb.end).last { !lost.contains($0) })
        expect(log.runs[run].climb, equals: log.runs[log.run(of: climb.end - 1)].climb)
        lostBefore += climb.lost[..<climb.lostCount]
        next = climb.end
      }
      expect(next, equals: end)
      expect(lostBefore, equals: lost)
    }
  }

  private static func withPart<Value>(
    _ log: MulticastLog, _ packets: Range<Int>, losing lost: [Int], _ body: (LogPart) -> Value
  ) -> Value {
    withUnsafeTemporaryAllocation(of: Gap.self, capacity: 300) { gaps in
      var lost = lost
      return lost.withUnsafeMutableBufferPointer { lost in
        log.runs.withUnsafeBufferPointer { runs in
          log.checkpoints.withUnsafeBufferPointer { checkpoints in
            var part = LogPart(
              runs: runs, checkpoints: checkpoints, strideLog2: log.strideLog2, lost: lost, gaps: gaps, lastHeard: nil)
            (part.start, part.end, part.lostCount) = (packets.lowerBound, packets.upperBound, lost.count)
            return body(part)
          }
        }
      }
    }
  }
}
