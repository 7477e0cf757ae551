import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures
@testable import RunMetrics
@testable import Results
@testable import Scenarios

@Suite struct ExpectationTests {
  private static let metrics = Metric.ofRuns.map(\.name)

  private func scenario(_ expect: String) throws -> Scenario {
    try Scenario.parse(text: scenarioText(more: "expect: \(expect)"), file: "lab.yaml").scenario
  }

  @Test(arguments: [
    ("completion_p95_s < 60 s", "completion_p95_s < 1 min"), ("failed_devices==0", "failed_devices == 0"),
    ("  server_bytes   >=1.5 MiB ", "server_bytes >= 1536 KiB"), ("promotion_rate > 12.5 %", "promotion_rate > 0.125"),
    ("gaps_mean != 3.25", "gaps_mean != 3.25"), ("makespan_s <= 1 ns", "makespan_s <= 1 ns"),
    ("completion_p95_s  of  wifi<60 s", "completion_p95_s of wifi < 1 min"),
    ("devices of 'back room' == 3", "devices of 'back room' == 3"),
    ("devices of back room == 3", "devices of 'back room' == 3"),
    ("devices of 'a < b''s' == 3", "devices of 'a < b''s' == 3"),
    ("failed_devices of of == 0", "failed_devices of of == 0"),
  ])
  func aConditionIsReadAndWrittenBack(text: String, canonical: String) throws {
    let expectation = try Scenarios.Expectation.read(text, scope: .every).get()
    expect(expectation.condition, equals: canonical)
    try expect(Scenarios.Expectation.read(canonical, scope: .every).get(), equals: expectation)
  }

  @Test func theCanonicalScenarioReadsBackToTheSameExpectations() throws {
    let scenario = try scenario("[failed_devices == 0, {that: makespan_s < 90 s, in: mean}, {that: sessions > 1}]")
    expect(scenario.expectations.map(\.scope), equals: [.every, .mean, .every])
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "b").scenario, equals: scenario)
    try expect(Scenario.parse(text: scenario.canonicalJSON(), file: "c").scenario, equals: scenario)
    #expect(try self.scenario("none").expectations.isEmpty)
    #expect(try self.scenario("[]").expectations.isEmpty)
  }

  @Test(arguments: [
    ("sessions of wifi < 3", "'sessions' is no metric of cohorts.csv"),
    ("completion_p95 of wifi < 3 s", "'completion_p95' is no metric of cohorts.csv"),
    ("devices == 3", "'devices' is no metric of runs.csv"), ("failed_devices of == 0", "is no condition"),
    ("failed_devices of 'wifi == 0", "is no condition"),
  ])
  func aConditionOfACohortIsRefusedWithWhatIsWrong(text: String, says: String) {
    guard case .failure(let error) = Scenarios.Expectation.read(text, scope: .every) else {
      Issue.record("\(text) was read")
      return
    }
    #expect(error.message.contains(says), "\(error.message)")
  }

  @Test func anUnknownCohortIsNamedWithItsPlaceAndTheNearest() throws {
    let text = """
      file: {size: 40 KiB}
      cohorts:
        - {name: wifi, count: 4}
        - {name: desks, count: 2}
      expect:
        - failed_devices of desks == 0
        - completion_p95_s of wify < 60 s
      """
    let error = #expect(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "lab.yaml") }
    let description = try #require(error?.description)
    #expect(
      description.contains("lab.yaml:7:5: error: expect[1]: 'wify' is no cohort; cohorts: wifi, desks"),
      "\(description)")
    #expect(description.contains("did you mean 'wifi'?"))
    let right = try Scenario.parse(text: text.replacing("wify", with: "wifi"), file: "lab.yaml").scenario
    expect(right.expectations.map(\.cohort), equals: ["desks", "wifi"])
    try expect(Scenario.parse(text: right.canonicalYAML(), file: "b").scenario, equals: right)
  }

  @Test func everyMetricTakesALimitInItsUnit() throws {
    for metric in Metric.ofRuns {
      let limit =
        switch metric.unit {
        case .seconds: "1 s"
        case .bytes: "1 B"
        case .fraction: "1 %"
        default: "1"
        }
      #expect(throws: Never.self) { try Scenarios.Expectation.read("\(metric.name) < \(limit)", scope: .every).get() }
    }
    for metric in Metric.ofCohorts {
      let unit = metric.unit == .seconds ? " s" : metric.unit == .bytes ? " B" : ""
      #expect(throws: Never.self) {
        try Scenarios.Expectation.read("\(metric.name) of wifi < 1\(unit)", scope: .every).get()
      }
    }
  }

  /// Three replications of a point, and one of another: makespans of 10, 20 and none, failed devices 0, 1, 2 and 0.
  private func report(_ conditions: [String], scope: Scenarios.Expectation.Scope = .every) throws -> ExpectationReport {
    let runs = """
      point,replication,makespan_s,failed_devices,server_bytes,ended
      0,1,10.000000000,0,100,complete
      0,2,20.000000000,1,100,complete
      0,3,,2,100,time_limit
      1,1,5.000000000,0,100,complete

      """
    let cohorts = """
      point,replication,cohort,failed_devices,completion_p95_s
      0,1,wifi,0,9.000000000
      0,1,desks,0,4.000000000
      0,2,wifi,1,19.000000000
      0,2,desks,0,5.000000000
      0,3,wifi,2,
      0,3,desks,0,6.000000000
      1,1,desks,0,4.500000000

      """
    func reader(_ name: String, _ text: String) throws(CSVError) -> CSVReader {
      try CSVReader(path: name, bytes: Array(text.utf8))
    }
    return try ExpectationReport(
      conditions.map { try Scenarios.Expectation.read($0, scope: scope).get() }, runs: reader("runs.csv", runs)
    ) { () throws(CSVError) in try reader("cohorts.csv", cohorts) }
  }

  @Test func aCohortIsHeldAgainstItsOwnFigures() throws {
    #expect(try report(["failed_devices of desks == 0", "completion_p95_s of desks <= 6 s"]).isMet)
    try expect(
      report(["completion_p95_s of wifi < 10 s"]).text,
      equals: """
        expect: 1 of 1 condition not met
          completion_p95_s of wifi < 10 s (in every replication, point 0)
            replication 2: 19.000000000 s
            replication 3: no value
          completion_p95_s of wifi < 10 s (in every replication, point 1)
            no figures

        """)
    #expect(
      try report(["completion_p95_s of wifi < 14 s"], scope: .mean).text.contains(
        "mean over 2 replications: 14.000000000 s"))
  }

  /// What `tune` has of a point gives the same report as its files.
  @Test func figuresWithoutFilesAreHeldAgainstTheSame() throws {
    let conditions = ["makespan_s < 20 s", "failed_devices == 0", "completion_p95_s of back < 3 s", "gaps_mean < 1"]
    let expectations = try conditions.map { try Scenarios.Expectation.read($0, scope: .every).get() }
    var context = RunContext.lab
    context.cohorts = ["front", "back"]
    func metrics(_ values: [String: Double], of names: [String]) -> [Double?] { names.map { values[$0] } }
    let runs = [(1, 19.5, 2.5), (2, 20, 3.5)].map { number, makespan, completion in
      (
        replication: number,
        metrics: metrics(
          ["makespan_s": makespan, "failed_devices": Double(number - 1), "gaps_mean": 1.25],
          of: Metric.ofRuns.map(\.name)),
        cohorts: [
          metrics([:], of: Metric.ofCohorts.map(\.name)),
          metrics(["completion_p95_s": completion], of: Metric.ofCohorts.map(\.name)),
        ]
      )
    }
    expect(
      ExpectationReport(expectations, runs: runs, of: context).text,
      equals: """
        expect: 4 of 4 conditions not met
          makespan_s < 20 s (in every replication)
            replication 2: 20.000000000 s
          failed_devices == 0 (in every replication)
            replication 2: 1
          completion_p95_s of back < 3 s (in every replication)
            replication 2: 3.500000000 s
          gaps_mean < 1 (in every replication)
            replication 1: 1.250000
            replication 2: 1.250000

        """)
  }

  @Test func reportsForProgramsAreAsTheyWere() throws {
    let report = try report(["makespan_s < 20 s", "server_bytes < 1 KiB", "completion_p95_s of 'a<b' < 1 s"])
    try Golden.expect(
      report.junit(name: "lab & co") { $0 == 0 ? [] : [VariedKey(name: "file.size", value: "1 MiB")] },
      in: "expect/junit.xml")
    struct Both: Encodable {
      let first: ExpectReport?
      let second: ExpectReport?
    }
    let json = try JSONEncoder.results.encode(
      Both(first: ExpectReport(report, at: 0), second: ExpectReport(report, at: 1)))
    try Golden.expect(String(decoding: json, as: UTF8.self) + "\n", in: "expect/conditions.json")
    #expect(ExpectReport(report, at: 7)?.conditions.isEmpty == true)
    #expect(try ExpectReport(self.report([]), at: 0) == nil)
  }

  @Test(arguments: [
    ("makespan_s <= 20 s", false), ("makespan_s < 20 s", false), ("failed_devices <= 2", true),
    ("failed_devices == 0", false), ("failed_devices >= 0", true), ("failed_devices > 0", false),
    ("server_bytes == 100 B", true), ("server_bytes != 100 B", false),
  ])
  func everyReplicationMustMeetIt(condition: String, isMet: Bool) throws {
    try expect(report([condition]).isMet, equals: isMet)
  }

  /// The means are 15 s over the two that have a makespan, and 5 s; 1 failed device, and 0.
  @Test(arguments: [
    ("makespan_s <= 15 s", true), ("makespan_s < 15 s", false), ("failed_devices <= 1", true),
    ("failed_devices < 1", false),
  ])
  func theMeanMustMeetIt(condition: String, isMet: Bool) throws {
    try expect(report([condition], scope: .mean).isMet, equals: isMet)
  }

  @Test func whatIsNotMetIsSaidWithItsFigures() throws {
    try expect(
      report(["makespan_s < 20 s", "failed_devices == 0", "server_bytes < 1 KiB"]).text,
      equals: """
        expect: 2 of 3 conditions not met
          makespan_s < 20 s (in every replication, point 0)
            replication 2: 20.000000000 s
            replication 3: no value
          failed_devices == 0 (in every replication, point 0)
            replication 2: 1
            replication 3: 2

        """)
    try expect(
      report(["makespan_s < 15 s"], scope: .mean).text,
      equals: """
        expect: 1 of 1 condition not met
          makespan_s < 15 s (in the mean, point 0)
            mean over 2 replications: 15.000000000 s

        """)
    try expect(report(["server_bytes < 1 KiB"]).text, equals: "expect: 1 condition met at 2 points\n")
  }
}
