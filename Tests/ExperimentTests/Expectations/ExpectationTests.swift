import Testing

@testable import Experiment

@Suite struct ExpectationTests {
  private static let metrics = Experiment.Expectation.metrics

  private func scenario(_ expect: String) throws -> Scenario {
    try Scenario.parse(text: scenarioText(more: "expect: \(expect)"), file: "lab.yaml").scenario
  }

  @Test(arguments: [
    ("completion_p95_s < 60 s", "completion_p95_s < 1 min"), ("failed_devices==0", "failed_devices == 0"),
    ("  server_bytes   >=1.5 MiB ", "server_bytes >= 1536 KiB"), ("promotion_rate > 12.5 %", "promotion_rate > 0.125"),
    ("gaps_mean != 3.25", "gaps_mean != 3.25"), ("makespan_s <= 1 ns", "makespan_s <= 1 ns"),
  ])
  func aConditionIsReadAndWrittenBack(text: String, canonical: String) throws {
    let expectation = try Experiment.Expectation.read(text, scope: .every).get()
    #expect(expectation.condition == canonical)
    #expect(try Experiment.Expectation.read(canonical, scope: .every).get() == expectation)
  }

  @Test func theCanonicalScenarioReadsBackToTheSameExpectations() throws {
    let scenario = try scenario("[failed_devices == 0, {that: makespan_s < 90 s, in: mean}, {that: sessions > 1}]")
    #expect(scenario.expectations.map(\.scope) == [.every, .mean, .every])
    #expect(try Scenario.parse(text: scenario.canonicalYAML(), file: "b").scenario == scenario)
    #expect(try Scenario.parse(text: scenario.canonicalJSON(), file: "c").scenario == scenario)
    #expect(try self.scenario("none").expectations.isEmpty)
    #expect(try self.scenario("[]").expectations.isEmpty)
  }

  @Test func everyMetricTakesALimitInItsUnit() throws {
    for metric in RunsTable.metrics {
      let limit =
        switch metric.unit {
        case .seconds: "1 s"
        case .bytes: "1 B"
        case .fraction: "1 %"
        default: "1"
        }
      #expect(throws: Never.self) { try Experiment.Expectation.read("\(metric.name) < \(limit)", scope: .every).get() }
    }
  }

  /// Three replications of a point, and one of another: makespans of 10, 20 and none, failed devices 0, 1, 2 and 0.
  private func report(_ conditions: [String], scope: Experiment.Expectation.Scope = .every) throws -> ExpectationReport
  {
    let csv = """
      point,replication,makespan_s,failed_devices,server_bytes
      0,1,10.000000000,0,100
      0,2,20.000000000,1,100
      0,3,,2,100
      1,1,5.000000000,0,100

      """
    let table = try CSVTable(CSVReader(path: "runs.csv", bytes: Array(csv.utf8))) { _ in true }
    return try ExpectationReport(
      conditions.map { try Experiment.Expectation.read($0, scope: scope).get() }, runs: table)
  }

  @Test(arguments: [
    ("makespan_s <= 20 s", false), ("makespan_s < 20 s", false), ("failed_devices <= 2", true),
    ("failed_devices == 0", false), ("failed_devices >= 0", true), ("failed_devices > 0", false),
    ("server_bytes == 100 B", true), ("server_bytes != 100 B", false),
  ])
  func everyReplicationMustMeetIt(condition: String, isMet: Bool) throws {
    #expect(try report([condition]).isMet == isMet)
  }

  /// The means are 15 s over the two that have a makespan, and 5 s; 1 failed device, and 0.
  @Test(arguments: [
    ("makespan_s <= 15 s", true), ("makespan_s < 15 s", false), ("failed_devices <= 1", true),
    ("failed_devices < 1", false),
  ])
  func theMeanMustMeetIt(condition: String, isMet: Bool) throws {
    #expect(try report([condition], scope: .mean).isMet == isMet)
  }

  @Test func whatIsNotMetIsSaidWithItsFigures() throws {
    #expect(
      try report(["makespan_s < 20 s", "failed_devices == 0", "server_bytes < 1 KiB"]).text == """
        expect: 2 of 3 conditions not met
          makespan_s < 20 s (in every replication, point 0)
            replication 2: 20.000000000 s
            replication 3: no value
          failed_devices == 0 (in every replication, point 0)
            replication 2: 1
            replication 3: 2

        """)
    #expect(
      try report(["makespan_s < 15 s"], scope: .mean).text == """
        expect: 1 of 1 condition not met
          makespan_s < 15 s (in the mean, point 0)
            mean over 2 replications: 15.000000000 s

        """)
    #expect(try report(["server_bytes < 1 KiB"]).text == "expect: 1 condition met\n")
  }
}
