import Experiments
import FoundationEssentials
import Rivals
import Results
import Runs

extension Tuner {
  /// Compares the choice with what the scenario expects, in each environment. Its replications are run again, for all
  /// their figures.
  package func expectations(of outcome: TuningOutcome) async throws -> [ExpectationReport] {
    guard !scenario.expectations.isEmpty else { return [] }
    var reports: [ExpectationReport] = []
    for (network, context) in try networks(ofChoice: outcome) {
      var runs: [(replication: Int, metrics: [Double?], cohorts: [[Double?]])] = []
      try await Pool(jobs: jobs).run(
        1...max(1, outcome.replications),
        work: { replication in
          let record = try network.run(seed: context.seed, replication: replication)
          return (replication, try RunReport(record, of: context, devices: false))
        },
        consume: { replication, report in runs.append((replication, report.metrics, report.cohorts)) })
      reports.append(ExpectationReport(scenario.expectations, runs: runs, of: context))
    }
    return reports
  }
}

extension TuningOutcome {
  /// A `tune.json` with what became of other expectations than those it was written with; everything else stays.
  package static func json(_ json: String, with expectations: [ExpectationReport]) throws -> String {
    guard case .object(var report) = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)) else {
      return json
    }
    let reports = expectations.compactMap { ExpectReport($0, at: $0.findings.first?.point ?? 0) }
    let expect = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.results.encode(reports))
    report["expect"] = reports.isEmpty ? nil : expect
    return String(decoding: try JSONEncoder.results.encode(JSONValue.object(report)), as: UTF8.self) + "\n"
  }
}

extension Tuning {
  /// What was asked and found for programs, with what became of the scenario's expectations in each environment.
  package func json(with expectations: [ExpectationReport]) throws -> String {
    let reports = expectations.enumerated().compactMap { number, report in
      ExpectReport(report, at: report.findings.first?.point ?? 0).map { outcome in
        EnvironmentReport(
          environment: Dictionary(
            design.environments[number].values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
          met: outcome.met, conditions: outcome.conditions)
      }
    }
    return try json(expect: reports.isEmpty ? nil : reports)
  }
}

/// The outcome of the expectations in an environment for JSON.
private struct EnvironmentReport: Encodable {
  /// Its keys with their values; none if there is but one environment.
  let environment: [String: String]
  let met: Bool
  let conditions: [ExpectReport.Condition]
}
