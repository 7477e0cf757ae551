import Foundation
import TFTPWire
import TestSupport
import Testing

@testable import BlockTransfer
@testable import PromotionEngine

/// Whether a map says what its twin says, in everything that can be asked of it.
func agree(_ map: GapMap, _ twin: NaiveGaps, size: UInt64, blockSize: UInt32) -> Bool {
  let file = FileLayout(size: size, blockSize: blockSize)!
  let probes = (0...twin.blocks + 1) as ClosedRange<BlockNumber>
  return map.missing == twin.missing && Array(map.gaps) == twin.gaps && map.count == twin.gaps.count
    && map.isEmpty == (twin.missing == 0) && map.first == twin.first(after: 0)
    && probes.allSatisfy { map.contains($0) == twin.contains($0) && map.first(after: $0) == twin.first(after: $0) }
    && [0, 1, 2, 5].allSatisfy {
      map.statistics(of: file, continuity: $0) == twin.statistics(of: file, continuity: $0)
    }
}

/// Fills both, and says whether they tell the same. An expectation for each of these millions of calls would take most of
/// the engine's tests: a plain comparison says as much, and one expectation says where it failed.
private func alike(
  _ map: inout GapMap, _ twin: inout NaiveGaps, _ first: BlockNumber, through last: BlockNumber? = nil
) -> Bool {
  map.fill(first, through: last ?? first) == twin.fill(first, through: last ?? first)
}

@Suite("GapMap and its brute-force twin")
struct GapMapTests {
  @Test("agree on every subset of up to ten blocks, received in ascending order", arguments: BlockNumber(1)...10)
  func everySubset(blocks: BlockNumber) {
    let size = UInt64(blocks - 1) * 10 + 3
    for subset in 0..<UInt32(1) << blocks {
      var map = GapMap(blocks: blocks)
      var twin = NaiveGaps(blocks: blocks)
      var holds = true
      for block in 1...blocks where subset & (1 << (block - 1)) != 0 { holds = alike(&map, &twin, block) && holds }
      #expect(holds && agree(map, twin, size: size, blockSize: 10), "subset \(subset)")
    }
  }

  @Test("agree on every subset of seven blocks, received in descending order and then once more")
  func descending() {
    for subset in 0..<UInt32(1) << 7 {
      var map = GapMap(blocks: 7)
      var twin = NaiveGaps(blocks: 7)
      for block in [7, 6, 5, 4, 3, 2, 1, 4, 7, 1] as [BlockNumber] where subset & (1 << (block - 1)) != 0 {
        expect(map.fill(block, through: block), equals: twin.fill(block, through: block))
        #expect(agree(map, twin, size: 60, blockSize: 10), "subset \(subset)")
      }
    }
  }

  @Test("agree after every two stretches in a file of six blocks, those beyond its ends and backward ones too")
  func everyPairOfStretches() {
    let ends = (0...8) as ClosedRange<BlockNumber>
    for first in ends {
      for last in ends {
        for secondFirst in ends {
          for secondLast in ends {
            var map = GapMap(blocks: 6)
            var twin = NaiveGaps(blocks: 6)
            let holds =
              alike(&map, &twin, first, through: last) && alike(&map, &twin, secondFirst, through: secondLast)
              && agree(map, twin, size: 55, blockSize: 10)
            if !holds { Issue.record("\(first)…\(last), \(secondFirst)…\(secondLast)") }
          }
        }
      }
    }
  }

  @Test(
    "agree on stretches with gaps, which come one behind the other, overlap, and come again", arguments: UInt64(0)..<300
  )
  func stretchesWithGaps(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = GapMap(blocks: 60)
    var twin = NaiveGaps(blocks: 60)
    var first: BlockNumber = 1
    for _ in 0..<8 {
      let last = min(60, first + BlockNumber.random(in: 0...20, using: &random))
      // Blocks that are lost, but for the last one, as maximal runs.
      var gaps: [Gap] = []
      for block in first..<last where Int.random(in: 0..<3, using: &random) == 0 {
        if let end = gaps.last?.last, end + 1 == block {
          gaps[gaps.count - 1].last = block
        } else {
          gaps.append(Gap(first: block, last: block))
        }
      }
      var expected = GapMap.Filled(count: 0, last: 0)
      for block in first...last where !gaps.contains(where: { $0.first <= block && block <= $0.last }) {
        let filled = twin.fill(block, through: block)
        expected.count += filled.count
        expected.last = max(expected.last, filled.last)
      }
      expect(gaps.withUnsafeBufferPointer { map.fill(first, through: last, except: $0) }, equals: expected)
      #expect(agree(map, twin, size: 599, blockSize: 10))
      // Mostly on from there, with blocks left out or one repeated; sometimes from the beginning.
      let goesOn = Int.random(in: 0..<5, using: &random) > 0
      first = min(60, goesOn ? last + BlockNumber.random(in: 0...3, using: &random) : 1)
    }
  }

  /// Stretches of blocks that arrived, none of them adjacent.
  struct Stretches: ReceivedBlocks {
    var stretches: [ClosedRange<BlockNumber>]
    var first: BlockNumber { stretches.first?.lowerBound ?? 0 }
    var last: BlockNumber { stretches.last?.upperBound ?? 0 }

    mutating func next(from: BlockNumber, through: BlockNumber) -> ClosedRange<BlockNumber>? {
      while let stretch = stretches.first, stretch.upperBound < from { stretches.removeFirst() }
      return stretches.first.flatMap { $0.lowerBound > through ? nil : $0.clamped(to: from...through) }
    }
  }

  @Test("agree on blocks that ascend with others left out, filled in one pass", arguments: UInt64(0)..<300)
  func onePass(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = GapMap(blocks: 90)
    var twin = NaiveGaps(blocks: 90)
    for pass in 0..<6 {
      var stretches: [ClosedRange<BlockNumber>] = []
      var first = BlockNumber.random(in: 0...(seed % 3 == 0 ? 0 : 60), using: &random)
      while first <= 95, !random.once(in: 40) {
        let last = first + BlockNumber.random(in: 0...3, using: &random)
        stretches.append(first...last)
        first = last + BlockNumber.random(in: 2...9, using: &random)
      }
      guard !stretches.isEmpty else { continue }
      var expected = GapMap.Filled.nothing
      for stretch in stretches {
        let filled = twin.fill(stretch.lowerBound, through: stretch.upperBound)
        expected.count += filled.count
        expected.last = max(expected.last, filled.last)
      }
      var received = Stretches(stretches: stretches)
      expect(map.fill(from: &received), equals: expected, "pass \(pass)")
      #expect(agree(map, twin, size: 899, blockSize: 10), "pass \(pass)")
    }
  }

  @Test("agree on random orders of ten blocks", arguments: UInt64(0)..<300)
  func randomOrder(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = GapMap(blocks: 10)
    var twin = NaiveGaps(blocks: 10)
    for block in (BlockNumber(1)...10).shuffled(using: &random) {
      expect(map.fill(block, through: block), equals: twin.fill(block, through: block))
      #expect(agree(map, twin, size: 99, blockSize: 10))
    }
    #expect(map.isEmpty)
  }

  /// How a file fills up.
  enum Filling: CaseIterable {
    case fromTheFront, fromTheTail, atRandom, stretches

    /// The next stretch to fill.
    func stretch(
      of twin: NaiveGaps,
      using random: inout SplitMix64
    ) -> (first: BlockNumber, last: BlockNumber) {
      let any = BlockNumber.random(in: 0...twin.blocks + 3, using: &random)
      switch self {
      case .fromTheFront:
        let block = random.once(in: 8) ? any : twin.first(after: 0) ?? any
        return (block, block)
      case .fromTheTail:
        let last = twin.gaps.last ?? Gap(first: 1, last: 1)
        let from = BlockNumber.random(in: last.first...min(last.last, last.first + 2), using: &random)
        return (from, from)
      case .atRandom:
        return (any, any)
      case .stretches:
        let length = BlockNumber.random(in: 0...twin.blocks / 6 + 1, using: &random)
        return (any, random.once(in: 50) ? .max : any + length)
      }
    }
  }

  @Test("agree on random fill sequences, step by step", arguments: Filling.allCases)
  func randomSequences(filling: Filling) {
    let sequences = ProcessInfo.processInfo.environment["GAPSIM_FILL_SEQUENCES"].flatMap(UInt64.init) ?? 100
    for seed in 0..<sequences {
      var random = SplitMix64(seed: seed)
      let blocks = BlockNumber.random(in: 1...(seed % 50 == 0 ? 400 : 60), using: &random)
      let size = UInt64(blocks - 1) * 100 + UInt64.random(in: 0..<100, using: &random)
      var map = GapMap(blocks: blocks)
      var twin = NaiveGaps(blocks: blocks)
      punch(&map, &twin, using: &random)
      for step in 0..<Int(blocks) {
        let (first, last) = filling.stretch(of: twin, using: &random)
        let holds = alike(&map, &twin, first, through: last)
        guard holds, step % 16 > 0 || agree(map, twin, size: size, blockSize: 100) else {
          Issue.record("seed \(seed), step \(step)")
          return
        }
      }
      #expect(agree(map, twin, size: size, blockSize: 100), "seed \(seed)")
    }
  }

  /// Takes every third block or so as received, so that there are gaps to fill.
  private func punch(_ map: inout GapMap, _ twin: inout NaiveGaps, using random: inout SplitMix64) {
    var holds = true
    for block in 1...twin.blocks where random.once(in: 3) { holds = alike(&map, &twin, block) && holds }
    #expect(holds)
  }

  @Test("agree when hundreds of gaps go from the front and some from the middle", arguments: UInt64(0)..<10)
  func longFront(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = GapMap(blocks: 1_000)
    var twin = NaiveGaps(blocks: 1_000)
    var holds = true
    for block in stride(from: BlockNumber(2), through: 1_000, by: 2) { holds = alike(&map, &twin, block) && holds }
    while let first = twin.first(after: 0), holds {
      let block = random.once(in: 4) ? BlockNumber.random(in: first...1_000, using: &random) : first
      holds =
        alike(&map, &twin, block) && map.first == twin.first(after: 0)
        && map.first(after: block) == twin.first(after: block) && Array(map.gaps) == twin.gaps
    }
    #expect(holds)
    #expect(map.isEmpty)
  }

  @Test("two maps are equal when the same blocks are missing, however they came about")
  func equality() {
    var front = GapMap(blocks: 200)
    var other = GapMap(blocks: 200)
    for block in stride(from: BlockNumber(2), through: 200, by: 2) { _ = front.fill(block, through: block) }
    for block in stride(from: BlockNumber(1), through: 150, by: 2) { _ = front.fill(block, through: block) }
    _ = other.fill(1, through: 150)
    #expect(front != other)
    for block in stride(from: BlockNumber(200), through: 2, by: -2) { _ = other.fill(block, through: block) }
    expect(front, equals: other)
    expect(front.hashValue, equals: other.hashValue)
  }

  @Test("blocks at the ends of the number range fill nothing and are not missing")
  func extremes() {
    var map = GapMap(blocks: 5)
    expect(map.fill(.max, through: .max), equals: GapMap.Filled(count: 0, last: 0))
    expect(map.fill(0, through: 0), equals: GapMap.Filled(count: 0, last: 0))
    #expect(!map.contains(0) && !map.contains(.max))
    #expect(map.first(after: .max) == nil)
    expect(map.fill(0, through: .max), equals: GapMap.Filled(count: 5, last: 5))
  }

  @Test("a file of no known size misses nothing")
  func unknownFile() {
    var map = GapMap(blocks: 0)
    #expect(map.isEmpty && map.first == nil && map.gaps.isEmpty)
    expect(map.fill(1, through: 9), equals: GapMap.Filled(count: 0, last: 0))
  }

  @Test("the largest file has one gap at the start, and splits without overflow")
  func largestFile() {
    let file = FileLayout(size: UInt64(UInt32.max - 2), blockSize: 1)!
    var map = GapMap(blocks: file.blocks)
    expect(map.missing, equals: UInt32.max - 1)
    expect(map.fill(2_000_000_000, through: 2_000_000_000).count, equals: 1)
    let report = map.statistics(of: file, continuity: .max)
    expect(report.totalGapBytes, equals: UInt64(UInt32.max - 3))
    #expect(report.gaps == 2 && report.chains == 1 && report.longestChain == 2)
  }

  @Test("room that is made for gaps is there, and changes nothing")
  func room() {
    var map = GapMap(blocks: 1000)
    map.makeRoom(for: 100)
    #expect(map == GapMap(blocks: 1000) && map.storage.capacity >= 100)
    let capacity = map.storage.capacity
    _ = map.fill(3, through: 7)
    map.makeRoom(for: 10 * capacity)
    #expect(map.gaps == [Gap(first: 1, last: 2), Gap(first: 8, last: 1000)] && map.storage.capacity == capacity)
  }
}

@Suite("The file's last block")
struct FileLayoutTests {
  @Test(
    "counts in the total gap with the bytes that it has",
    arguments: [
      (size: UInt64(9_500), blocks: UInt32(10), last: UInt32(500)), (10_000, 11, 0), (9_999, 10, 999), (0, 1, 0),
      (999, 1, 999), (1_000, 2, 0),
    ]
  )
  func lastBlock(size: UInt64, blocks: UInt32, last: UInt32) throws {
    let file = try #require(FileLayout(size: size, blockSize: 1_000))
    expect(file.blocks, equals: blocks)
    expect(file.lastBlockBytes, equals: last)
    expect(GapMap(blocks: blocks).statistics(of: file, continuity: 1).totalGapBytes, equals: size)
    var allButLast = GapMap(blocks: blocks)
    if blocks > 1 { _ = allButLast.fill(1, through: blocks - 1) }
    expect(allButLast.statistics(of: file, continuity: 1).totalGapBytes, equals: UInt64(last))
    var lastAlone = GapMap(blocks: blocks)
    _ = lastAlone.fill(blocks, through: blocks)
    expect(lastAlone.statistics(of: file, continuity: 1).totalGapBytes, equals: size - UInt64(last))
  }

  @Test("a file of too many blocks, or of blocks of no bytes, has no layout")
  func refusal() {
    #expect(FileLayout(size: 1, blockSize: 0) == nil)
    #expect(FileLayout(size: UInt64(UInt32.max - 1), blockSize: 1) == nil)
    #expect(FileLayout(size: .max, blockSize: .max) == nil)
    #expect(FileLayout(size: UInt64(UInt32.max - 2), blockSize: 1)?.blocks == UInt32.max - 1)
  }
}
