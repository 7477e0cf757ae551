import TestSupport
import Testing

@testable import Presentation

/// The median of several replications, which no single one bends.
@Suite struct CompletionTimesTests {
  private static func times(_ replications: [(devices: Int, times: [Double])]) -> CompletionTimes {
    var all = CompletionTimes()
    for (number, replication) in replications.enumerated() {
      for time in replication.times { all.count("\(number + 1)", time) }
      for _ in replication.times.count..<replication.devices { all.count("\(number + 1)", nil) }
    }
    all.sort()
    return all
  }

  /// Some replications, made of a number: some devices never complete, some replications lucky.
  private static func some(_ seed: Int) -> CompletionTimes {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    return times(
      (0..<(1 + next(6))).map { _ in
        let devices = 1 + next(40)
        let complete = next(devices + 1)
        return (devices, (0..<complete).map { _ in Double(next(1000)) / 10 })
      })
  }

  @Test(arguments: 0..<200) func theMedianLiesBetweenTheReplications(seed: Int) {
    let times = Self.some(seed)
    for step in 1...20 {
      let single = times.replications.map { $0.time(step, of: 20) ?? .infinity }
      let median = times.medianTime(step, of: 20) ?? .infinity
      #expect((single.min() ?? 0)...(single.max() ?? 0) ~= median)
      #expect(single.count { $0 <= median } * 2 >= single.count)
    }
  }

  @Test(arguments: 0..<200) func linesRiseAndNeverGoBackInTime(seed: Int) {
    let times = Self.some(seed)
    for line in [times.median(resolution: 50)] + times.replications.map({ $0.line(resolution: 50) }) {
      for (before, after) in zip(line, line.dropFirst()) {
        #expect(before.time <= after.time && before.share < after.share)
      }
      #expect(line.allSatisfy { $0.share > 0 && $0.share <= 1 })
    }
  }

  @Test func aLuckyReplicationIsNoPlateau() {
    let times = Self.times([(2, [1, 1]), (2, [10, 20]), (2, [11, 21])])
    expect(times.median(resolution: 300).map(\.time), equals: [10, 20])
  }

  @Test func theMedianEndsWhereHalfOfTheReplicationsDo() {
    let times = Self.times([(4, [1, 2]), (4, [1, 2, 3, 4])])
    expect(times.median(resolution: 300).map(\.share), equals: [0.25, 0.5])
    #expect(Self.times([(3, [])]).median(resolution: 300).isEmpty)
    #expect(CompletionTimes().median(resolution: 300).isEmpty)
  }

  @Test func groupsAreJoinedReplicationByReplication() {
    var times = Self.times([(2, [1]), (1, [5])])
    times.join(Self.times([(1, [2]), (3, [3, 4])]))
    expect(times.replications.map(\.devices), equals: [3, 4])
    #expect(times.complete == 5 && times.devices == 7)
  }
}
