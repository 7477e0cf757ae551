import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

@Suite struct ForkingTests {
  /// Seeds in batches, so that each scenario is not a test case of its own.
  static let batches = stride(from: UInt64(1), to: 61, by: 20).map { $0..<$0 + 20 }

  @Test(arguments: batches)
  func aForkIsTheRunFromTheStartWithItsThreshold(seeds: Range<UInt64>) throws {
    for seed in seeds { try expectForksLikeRuns(seed, delivery: .byRuns) }
  }

  @Test(arguments: [UInt64(500)..<515])
  func soItIsPacketByPacket(seeds: Range<UInt64>) throws {
    for seed in seeds { try expectForksLikeRuns(seed, delivery: .packetByPacket) }
  }

  /// Otherwise the two tests above would say little.
  @Test func theScenariosForkInBothModesAndMoreThanOnce() throws {
    var forks: [MulticastMode: Int] = [:]
    var shared = 0
    for seed in UInt64(1)..<61 {
      var scenario = RandomScenario(seed: seed)
      let configuration = scenario.configuration()
      let thresholds = try Self.thresholds(of: configuration, seed: seed)
      var leaves: [Range<Int>] = []
      try Self.tree(configuration, seed: seed, thresholds: thresholds).forEachLeaf { range, _ in leaves.append(range) }
      let mode = configuration.parameters.mode
      let trunks = zip(thresholds, thresholds.dropFirst()).count {
        !ThresholdTree.agreeOnTheWire($0, $1, in: mode)
      }
      forks[mode, default: 0] += leaves.count - trunks - 1
      shared += thresholds.count - leaves.count
      expect(leaves.flatMap(\.self).sorted(), equals: Array(thresholds.indices), "seed \(seed)")
    }
    #expect(forks[.rfc2090, default: 0] > 40 && forks[.pxeMTFTP, default: 0] > 12 && shared > 50, "\(forks), \(shared)")
  }

  /// Three devices listen; 2 misses a block, 3 two and 4 three.
  private static let steps = SmallWorld.configuration(
    devices: 4, blocks: 20, losing: [[], [5], [5, 9], [5, 9, 13]])

  @Test func thresholdsPartJustAboveAGap() throws {
    let thresholds: [UInt64] = [930, 931, 1860, 1861, 2790, 2791]
    var promoted: [Range<Int>: Int] = [:]
    try Self.tree(Self.steps, seed: 1, thresholds: thresholds).forEachLeaf { range, record in
      promoted[range] = record.devices.count { $0.promoted != nil }
    }
    // 930 and 931 differ, and so do 1860 and 1861: a gap of just the threshold is not detected. Lengths part 931 from 1860.
    expect(promoted.keys.sorted { $0.lowerBound < $1.lowerBound }, equals: [0..<1, 1..<2, 2..<3, 3..<5, 5..<6])
    expect(promoted[5..<6], equals: 3)
  }

  @Test func aLeafIsOneRunAndItsDecisionsAreHeardOf() throws {
    var gaps: Set<UInt64> = []
    var leaves = 0
    let tree = Self.tree(Self.steps, seed: 1, thresholds: [5000, 6000, 9999])
    try tree.forEachLeaf(decided: { gaps.insert($0) }) { _, _ in
      leaves += 1
    }
    expect(leaves, equals: 1)
    expect(gaps, equals: [930, 1860, 2790])
  }

  @Test func theDigitsOfTheThresholdTakeTheirTimeOnTheWire() throws {
    var records: [RunRecord] = []
    try Self.tree(Self.steps, seed: 1, thresholds: [5000, 50_000, 500_000]).forEachLeaf { range, record in
      expect(range.count, equals: 1)
      records.append(record)
    }
    // Four OACKs, each a byte longer.
    expect(records.map(\.serverBytes), equals: [0, 4, 8].map { records[0].serverBytes + $0 })
  }

  private func expectForksLikeRuns(_ seed: UInt64, delivery: Delivery) throws {
    var scenario = RandomScenario(seed: seed)
    let configuration = scenario.configuration()
    let thresholds = try Self.thresholds(of: configuration, seed: seed)
    let tree = Self.tree(configuration, seed: seed, delivery: delivery, thresholds: thresholds)
    try tree.forEachLeaf { range, record in
      for index in range {
        var configuration = configuration
        configuration.parameters.promotion.threshold = thresholds[index]
        var simulation = Simulation(configuration, seed: seed, replication: 1, delivery: delivery)
        let differences = try simulation.run().differences(from: record)
        #expect(differences.isEmpty, "seed \(seed), threshold \(thresholds[index])")
      }
    }
  }

  private static func tree(
    _ configuration: SimulationConfiguration, seed: UInt64, delivery: Delivery = .byRuns, thresholds: [UInt64]
  ) -> ThresholdTree {
    ThresholdTree(configuration, seed: seed, replication: 1, delivery: delivery, thresholds: thresholds)
  }

  /// Ends of the scale, and some of the total gaps that are decided on, where the steps are.
  private static func thresholds(of configuration: SimulationConfiguration, seed: UInt64) throws -> [UInt64] {
    var gaps: Set<UInt64> = []
    let ends = [0, configuration.file.size / 10 + 1, configuration.file.size + 1]
    try tree(configuration, seed: seed, thresholds: ends).forEachLeaf(decided: { gaps.insert($0) }) { _, _ in }
    let some = gaps.sorted().enumerated().filter { $0.offset % (gaps.count / 5 + 1) == 0 }.map(\.element)
    return Set(ends + some + some.map { $0 + 1 }).sorted()
  }
}
