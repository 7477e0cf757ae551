import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results
@testable import RunMetrics
@testable import Statistics

/// Effects of keys, worked by hand.
@Suite struct KeyEffectTests {
  private static let keys = ["protocol.windowsize", "protocol.blksize"]
  private static let points = [["4", "512"], ["4", "1024"], ["8", "512"], ["8", "1024"]]

  private static func effect(
    _ index: Int, points: [[String]] = points, makespans: [[Double]], jump: Double = 0
  ) throws -> KeyEffect? {
    let scratch = try Scratch()
    let folder = try scratch.sweep(keys: keys, points: points, makespans: makespans)
    return try KeyEffect(
      .makespan, of: index, in: SweepData(folder), SweepSamples(folder.table(.runs)), jump: RareJump(size: jump))
  }

  /// The luck of a replication, 0 to 30 s, is the same at all points, so that it costs no precision.
  @Test func luckThatAllShareIsNoDifference() throws {
    let luck = [0.0, 10, 20, 30]
    let effect = try #require(
      try Self.effect(
        0, makespans: [luck.map { 10 + $0 }, luck.map { 20 + $0 }, luck.map { 13 + $0 }, luck.map { 23 + $0 }]))
    #expect(effect.combinations == 2 && effect.replications == 4)
    #expect(effect.values.map(\.text) == ["4", "8"] && effect.best?.text == "4")
    expect(effect.values.map(\.mean), equals: [30, 33])
    let cost = try #require(effect.worst?.cost)
    #expect(abs(cost.mean - 3) < 1e-9)
    let interval = try #require(cost.interval)
    #expect(abs(interval.lowerBound - 3) < 1e-6 && abs(interval.upperBound - 3) < 1e-6)
    #expect(effect.worst?.isWorse == true)
  }

  /// Differences 1, −1, 3, 1: mean 1, standard deviation √(8/3), and t for three degrees of freedom 3.182446.
  @Test func theIntervalIsStudents() throws {
    let effect = try #require(
      try Self.effect(1, makespans: [[10, 10, 10, 10], [11, 9, 13, 11], [10, 10, 10, 10], [11, 9, 13, 11]]))
    let cost = try #require(effect.worst?.cost)
    let interval = try #require(cost.interval)
    let half = 3.182446 * (8.0 / 3).squareRoot() / 2
    #expect(abs(cost.mean - 1) < 1e-9 && abs(interval.upperBound - 1 - half) < 1e-5)
    #expect(effect.worst?.isWorse == false)
  }

  /// What is constant is certain, however little it is: 8 ns of 25 s are no difference, 10 ms are one.
  @Test(arguments: [(8e-9, true, false), (0.01, false, true)])
  func aConstantDifferenceCountsFromATenThousandthOn(more: Double, isSame: Bool, isWorse: Bool) throws {
    let luck = [0.0, 10, 20, 30]
    let makespans = [10, 10, 10 + more, 10 + more].map { base in luck.map { base + $0 } }
    let worst = try #require(try Self.effect(0, makespans: makespans)?.worst)
    #expect(worst.text == "8" && worst.isSame == isSame && worst.isWorse == isWorse)
  }

  /// Four replications in which no timeout of 4 s came leave room for ln 40 s either way, whatever the number of combinations:
  /// all have the same luck.
  @Test(arguments: [(3.6, false), (3.8, true)])
  func whatRareTimeoutsMayMakeUpForIsNoDifference(more: Double, isWorse: Bool) throws {
    let luck = [0.0, 10, 20, 30]
    let makespans = [10, 10, 10 + more, 10 + more].map { base in luck.map { base + $0 } }
    let worst = try #require(try Self.effect(0, makespans: makespans, jump: 4)?.worst)
    #expect(worst.isWorse == isWorse)
    let interval = try #require(worst.cost?.interval)
    #expect(abs(interval.lowerBound - (more - 3.688880)) < 1e-5 && abs(interval.upperBound - (more + 3.688880)) < 1e-5)
  }

  /// Only combinations that each value has count; here that is 512 alone.
  @Test func aCombinationThatAValueLacksIsLeftOut() throws {
    let effect = try #require(
      try Self.effect(
        0, points: Array(Self.points.prefix(3)), makespans: [[10, 10, 10, 10], [99, 99, 99, 99], [12, 12, 12, 12]]))
    #expect(effect.combinations == 1 && effect.values.map(\.mean) == [10, 12])
  }

  @Test func keysThatVaryTogetherHaveNoEffectOfTheirOwn() throws {
    #expect(
      try Self.effect(0, points: [["4", "512"], ["8", "1024"]], makespans: [[10, 10, 10, 10], [12, 12, 12, 12]]) == nil)
  }
}
