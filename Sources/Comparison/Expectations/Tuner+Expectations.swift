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

extension Tuner {
  /// A `tune.json` with what became of other expectations than those it was written with; everything else stays.
  package func json(_ json: String, with expectations: [ExpectationReport]) throws -> String {
    guard case .object(var report) = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)) else {
      return json
    }
    let environments = environment.map { points in (0..<points.count).map { points.settings.values(at: $0) } } ?? [[]]
    let reports = EnvironmentReport.all(expectations, in: environments)
    report["expect"] = try reports.map {
      try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.results.encode($0))
    }
    return String(decoding: try JSONEncoder.results.encode(JSONValue.object(report)), as: UTF8.self) + "\n"
  }
}

extension Tuning {
  /// What was asked and found for programs, with what became of the scenario's expectations in each environment.
  package func json(with expectations: [ExpectationReport]) throws -> String {
    try json(expect: EnvironmentReport.all(expectations, in: design.environments.map(\.values)))
  }
}

/// The outcome of the expectations in an environment for JSON.
private struct EnvironmentReport: Encodable {
  /// Its keys with their values; none if there is but one environment.
  let environment: [String: String]
  let met: Bool
  let conditions: [ExpectReport.Condition]

  /// One for each environment; nil if nothing is expected.
  static func all(_ expectations: [ExpectationReport], in environments: [[VariedKey]]) -> [EnvironmentReport]? {
    let reports = zip(expectations, environments).compactMap { report, values in
      ExpectReport(report, at: report.findings.first?.point ?? 0).map { outcome in
        EnvironmentReport(
          environment: Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }), met: outcome.met,
          conditions: outcome.conditions)
      }
    }
    return reports.isEmpty ? nil : reports
  }
}
