import Testing
import Timebase

@testable import NetworkModel

@Suite struct MulticastLogTests {
  /// Runs of these lengths, each of which repeats the last block of the one before, so that none joins another; the fourth goes back
  /// to the beginning, which begins another ascent.
  private static let lengths = [1, 1, 7, 8, 1, 9, 1, 1, 1, 64, 3, 5000] + Array(repeating: 2, count: 100) + [700]

  private static func log() -> MulticastLog {
    var log = MulticastLog()
    var (first, time) = (UInt32(1), Int64(0))
    for (index, length) in lengths.enumerated() {
      if index == 3 { first = 1 }
      log.append(
        MulticastRun(
          departure: Nanoseconds(time), period: Nanoseconds(10), place: UInt64(time), placeStep: 1, first: first,
          count: length, session: 1))
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

  @Test func anAscentEndsWhereBlocksGoBack() {
    let log = Self.log()
    #expect(log.ascents.map(\.start) == [0, 9])
    let ends = Self.lengths.indices.map { $0 < 3 ? 9 : log.packets }
    #expect(log.runs.indices.map { log.endOfAscent(ofRun: $0) } == ends)
  }

  /// What the log keeps follows its runs, however long they are.
  @Test func waymarksAreFewForLongRuns() {
    #expect(Self.log().strideLog2 > 3)
    var log = MulticastLog()
    let run = MulticastRun(
      departure: .zero, period: Nanoseconds(10), place: 1, placeStep: 1, first: 1, count: 50_000_000, session: 1)
    log.append(run)
    #expect(log.waymarks.count <= 16 + 64 + 1)
    #expect(log.run(of: 49_999_999) == 0)
  }
}
