import Testing

@testable import Experiment

/// What a comparison says of results that do not differ, and of such that do.
@Suite struct FalseAlarmTests {
  private static let metrics = ["makespan_s", "completion_mean_s", "completion_p95_s", "server_bytes", "sessions"]

  /// About normal: the sum of twelve uniform numbers.
  private static func normal(_ random: inout FixedSequence) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
  }

  /// Two results of ten replications whose values are alike by `common`, the new ones `shift` larger in makespan.
  private static func comparisons(
    _ random: inout FixedSequence, paired: Bool, shift: Double = 0, limits: RegressionLimits? = nil
  ) throws -> [MetricComparison] {
    let header = "point,replication,seed,\(metrics.joined(separator: ",")),ended\n"
    var (base, new) = (header, header)
    for replication in 1...10 {
      base += "0,\(replication),1"
      new += "0,\(replication),\(paired ? 1 : 2)"
      for metric in metrics {
        let common = paired ? normal(&random) : 0
        let value = 100 + common + normal(&random)
        let other = 100 + common + normal(&random) + (metric == "makespan_s" ? shift : 0)
        base += "," + HumanUnits.fixed(value, decimals: 6)
        new += "," + HumanUnits.fixed(other, decimals: 6)
      }
      base += ",complete\n"
      new += ",complete\n"
    }
    let one = try RunSamples(CSVTable(CSVReader(path: "base", bytes: Array(base.utf8))) { _ in true })
    let other = try RunSamples(CSVTable(CSVReader(path: "new", bytes: Array(new.utf8))) { _ in true })
    var comparisons = metrics.map { MetricComparison($0, one.points[0], other.points[0], limits: limits) }
    comparisons.decide(hasLimits: limits != nil)
    return comparisons
  }

  /// Of 300 pairs 15 may be called another; more than 31 has a probability below 0.0001 (binomial).
  @Test(arguments: [true, false])
  func whatDoesNotDifferIsSeldomSaidTo(paired: Bool) throws {
    var random = FixedSequence(state: paired ? 1 : 2)
    var alarms = 0
    for _ in 0..<300 {
      let comparisons = try Self.comparisons(&random, paired: paired)
      if comparisons.contains(where: { $0.verdict != .noEvidence }) { alarms += 1 }
    }
    #expect(alarms <= 31)
    #expect(alarms >= 1, "a test that never alarms is none")
  }

  /// Exactly at its limit, a metric is said to be beyond it in 2.5 % of the cases: of 300, 7 or 8; more than 18 has a
  /// probability below 0.0003.
  @Test func aLimitThatIsJustKeptIsSeldomSaidToBeBroken() throws {
    var random = FixedSequence(state: 3)
    let limits = try RegressionLimits("makespan_s=2%")
    var alarms = 0
    for _ in 0..<300 {
      let comparisons = try Self.comparisons(&random, paired: true, shift: 2, limits: limits)
      if comparisons[0].verdict == .regressed { alarms += 1 }
    }
    #expect(alarms >= 1 && alarms <= 18)
  }

  @Test func whatDiffersByMuchIsFound() throws {
    var random = FixedSequence(state: 4)
    for _ in 0..<20 {
      #expect(try Self.comparisons(&random, paired: true, shift: 5)[0].verdict == .regressed)
      #expect(try Self.comparisons(&random, paired: true, shift: -5)[0].verdict == .improved)
      #expect(try Self.comparisons(&random, paired: false, shift: 5)[0].verdict == .regressed)
      let limited = try Self.comparisons(&random, paired: true, shift: 5, limits: RegressionLimits("makespan_s=20%"))
      #expect(limited[0].verdict == .worse)
    }
  }

  /// What all have in common is taken out of pairs alone: a difference of 2 where the values themselves vary by 1.4.
  @Test func pairsFindMoreThanIndependentRuns() throws {
    var random = FixedSequence(state: 5)
    func found(_ paired: Bool) throws -> Int {
      try (0..<100).count { _ in try Self.comparisons(&random, paired: paired, shift: 2)[0].verdict == .regressed }
    }
    #expect(try found(true) > 30)
  }
}
