import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import RunMetrics
@testable import Quantities
@testable import Results
@testable import Scenarios
@testable import Statistics

struct ReplicationRuleTests {
  private static let names = Metric.ofRuns.map(\.name)

  /// Metrics of a run in which only the makespan has a value.
  private static func makespan(_ value: Double?) -> [Double?] { names.map { $0 == "makespan_s" ? value : nil } }

  private static func rule(_ precision: String, replications: Int = 5) throws -> ReplicationRule {
    ReplicationRule(
      try Scenario.swept("{vary: {protocol.windowsize: 1}, \(precision)}", replications: replications))
  }

  /// Takes values in until the rule is decided; gives how many it took.
  private static func decide(_ rule: ReplicationRule, _ value: (Int) -> Double?) -> Int {
    var rule = rule
    while !rule.isDecided { rule.take(makespan(value(rule.taken + 1))) }
    return rule.taken
  }

  @Test func withoutPrecisionItIsTheScenariosNumber() throws {
    expect(Self.decide(try Self.rule("precision: none", replications: 7)) { Double($0 * $0) }, equals: 7)
  }

  @Test func equalValuesEndAtTheMinimumAndItsLookAhead() throws {
    expect(Self.decide(try Self.rule("precision: 1 %, min_replications: 4, look_ahead: 3")) { _ in 9 }, equals: 7)
    expect(Self.decide(try Self.rule("precision: 1 %, min_replications: 4, look_ahead: 0")) { _ in 9 }, equals: 4)
    expect(Self.decide(try Self.rule("precision: 1 %, min_replications: 2, look_ahead: 5")) { _ in 0 }, equals: 7)
  }

  @Test func whatIsNeverPreciseEndsAtTheMaximum() throws {
    let rule = try Self.rule("precision: 1 %, min_replications: 4, max_replications: 23")
    expect(Self.decide(rule) { Double($0 % 2) }, equals: 23)
    var ended = rule
    while !ended.isDecided { ended.take(Self.makespan(Double(ended.taken % 2))) }
    #expect(ended.isImprecise)
  }

  /// Equal values until just before the look-ahead is over, then one far off: that was luck.
  @Test func luckDoesNotEndAPoint() throws {
    let rule = try Self.rule("precision: 1 %, min_replications: 4, look_ahead: 5, max_replications: 40")
    expect(Self.decide(rule) { $0 == 9 ? 20 : 10 }, equals: 40)
    expect(Self.decide(rule) { $0 == 10 ? 20 : 10 }, equals: 9)
  }

  @Test func fromAHundredOnTheLookAheadIsAShare() throws {
    let rule = try Self.rule("precision: 1 %, min_replications: 200, look_ahead: 5, max_replications: 1000")
    expect(Self.decide(rule) { _ in 10 }, equals: 210)
  }

  @Test func aMetricWithoutValuesIsNotWaitedFor() throws {
    expect(Self.decide(try Self.rule("precision: 1 %, min_replications: 4, look_ahead: 0")) { _ in nil }, equals: 4)
  }

  @Test func onlyTheNamedMetricsCount() throws {
    var rule = try Self.rule("precision: 1 %, min_replications: 3, look_ahead: 0, metrics: [server_bytes]")
    while !rule.isDecided { rule.take(Self.names.map { $0 == "server_bytes" ? 5 : Double(rule.taken) }) }
    expect(rule.taken, equals: 3)
  }

  @Test func theTestsPValueIsNoMetricToWaitFor() throws {
    var rule = try Self.rule("precision: 1 %, min_replications: 3, look_ahead: 0")
    while !rule.isDecided { rule.take(Self.names.map { $0 == "loss_uniformity_p" ? Double(rule.taken) : 5 }) }
    expect(rule.taken, equals: 3)
  }

  @Test func aFailedReplicationCountsButHasNoValues() throws {
    var rule = try Self.rule("precision: 1 %, min_replications: 4, look_ahead: 0")
    for replication in 1...4 { rule.take(replication == 2 ? nil : Self.makespan(8)) }
    #expect(rule.isDecided)
    expect(rule.widest, equals: RelativeWidth(metric: "makespan_s", share: 0))
  }

  /// The interval that decides is the one that a reader of summary.csv sees.
  @Test(arguments: UInt64(1)...20)
  func theDecisionAgreesWithTheStatisticsOfTheSummary(seed: UInt64) throws {
    var random = FixedSequence(state: seed)
    let values = (0..<99).map { _ in Double.random(in: 5...15, using: &random) }
    func isNarrow(_ count: Int) -> Bool {
      let statistics = SampleStatistics(Array(values[..<count]))
      return (statistics.halfWidth ?? .infinity) <= 0.1 * (statistics.mean ?? 0)
    }
    let rule = try Self.rule("precision: 10 %, min_replications: 5, look_ahead: 5, max_replications: 99")
    let count = Self.decide(rule) { values[$0 - 1] }
    let expected = (10...99).first { end in (end - 5...end).allSatisfy { isNarrow($0) } }
    expect(count, equals: expected)
  }
}

struct SweepScheduleTests {
  /// Runs end in a random order on several jobs; which runs are done, and what is decided, is the same.
  @Test(arguments: [1, 2, 5, 16])
  func whichRunsAreDoneDoesNotDependOnWhichAreFaster(jobs: Int) throws {
    let scenario = try Scenario.swept(
      "{vary: {protocol.windowsize: 1..6:6}, precision: 10 %, min_replications: 5, max_replications: 60, look_ahead: 3, metrics: [makespan_s]}"
    )
    func value(_ run: RunID) -> RunLine {
      var random = FixedSequence(state: UInt64(run.point * 1000 + run.replication))
      let text = "lab,\(run.point),\(run.replication),1,4,101,65536"
      let makespan = Double.random(in: 5...Double(8 + run.point), using: &random)
      func fields(_ metrics: [Metric]) -> String {
        metrics.map { $0 == .makespan ? FixedPoint(rounding: makespan, decimals: 9)?.description ?? "" : "" }
          .joined(separator: ",")
      }
      let line = "\(text),\(fields(Metric.first)),complete,\(fields(Metric.later))\n"
      return RunLine(Array(line.utf8), nameLength: 3)!
    }
    func sweep(jobs: Int, seed: UInt64) throws -> (done: Set<RunID>, decided: [Int]) {
      var random = FixedSequence(state: seed)
      let ended = Box()
      var schedule = SweepSchedule(points: 6, rule: ReplicationRule(scenario)) { run in
        ended.runs.contains(run) ? .ran(value(run)) : nil
      }
      var working: [RunID] = []
      while true {
        while working.count < jobs, let run = try schedule.nextRun() {
          #expect(!working.contains(run) && !ended.runs.contains(run))
          working.append(run)
        }
        guard !working.isEmpty else { break }
        let run = working.remove(at: Int.random(in: 0..<working.count, using: &random))
        ended.runs.insert(run)
        try schedule.ended(run)
      }
      expect(schedule.done, equals: schedule.total)
      return (ended.runs, schedule.decided.map { $0?.replications ?? -1 })
    }
    let alone = try sweep(jobs: 1, seed: 1)
    for seed in UInt64(1)...5 {
      let outcome = try sweep(jobs: jobs, seed: seed)
      expect(outcome.done, equals: alone.done)
      expect(outcome.decided, equals: alone.decided)
    }
    expect(alone.done.count, equals: alone.decided.reduce(0, +), "no run is done in vain")
    #expect(Set(alone.decided).count > 1, "the points differ")
  }

  private final class Box { var runs = Set<RunID>() }
}
