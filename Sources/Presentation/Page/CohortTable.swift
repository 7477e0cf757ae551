import Quantities
import Results
import RunMetrics

/// The cohorts of a run beside each other.
struct CohortTable: Sendable {
  let table: PageTable

  private static let counts: [Metric] = [.devices, .completed, .failed, .left, .secondSet, .promoted]
  private static let times: [Metric] = [.completionMean, .completionP95]

  /// nil if the results have no cohorts.
  init?(_ folder: ResultsFolder, _ digest: DeviceDigest?) throws {
    guard folder.has(.cohortsSummary) else { return nil }
    let summary = try folder.table(.cohortsSummary)
    let (cohort, metric) = (try summary.column("cohort"), try summary.column("metric"))
    let columns = try ["mean", "ci95_low", "ci95_high"].map { try summary.column($0) }
    var names: [String] = []
    var estimates: [String: [String: Estimate]] = [:]
    for (row, fields) in summary.rows.enumerated() {
      if estimates[fields[cohort]] == nil { names.append(fields[cohort]) }
      guard let mean = try summary.number(row, columns[0]) else {
        estimates[fields[cohort], default: [:]] = estimates[fields[cohort]] ?? [:]
        continue
      }
      estimates[fields[cohort], default: [:]][fields[metric]] = Estimate(
        mean: mean, low: try summary.number(row, columns[1]) ?? mean, high: try summary.number(row, columns[2]) ?? mean)
    }
    guard !names.isEmpty else { return nil }
    // A column of zeros says nothing of those that are switched off.
    let counts = Self.counts.filter { metric in
      metric != .left || names.contains { (estimates[$0]?[metric.name]?.mean ?? 0) > 0 }
    }
    let metrics = counts + Self.times
    let last = digest.map { $0.last.reduce(into: [:]) { $0[$1.cohort, default: 0] += 1 } }
    let columnsOfMetrics = metrics.map { metric in metric.cells(names.map { estimates[$0]?[metric.name] }) }
    let replications = digest.map { HumanUnits.plural($0.last.count, "replication") } ?? ""
    table = PageTable(
      id: "t-cohorts",
      caption: "The cohorts: means ± half of the 95 % confidence interval"
        + (digest == nil ? "" : "; and of \(replications), in how many the last device was one of theirs"),
      header: ["cohort"] + metrics.map(\.short)
        + (digest == nil ? [] : ["last"]),
      rows: names.enumerated().map { row, name in
        [PageTable.Cell(name)] + columnsOfMetrics.map { $0[row] }
          + (last.map { [PageTable.Cell("\($0[name] ?? 0)")] } ?? [])
      }
    ).wrapping()
  }
}
