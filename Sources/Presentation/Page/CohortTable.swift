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
    let all = Dictionary(uniqueKeysWithValues: Metric.ofCohorts.map { ($0.name, $0) })
    var names: [String] = []
    var estimates: [String: [String: Estimate]] = [:]
    for (row, fields) in summary.rows.enumerated() {
      if estimates[fields[cohort]] == nil { names.append(fields[cohort]) }
      var known = estimates[fields[cohort]] ?? [:]
      if let mean = try summary.number(row, columns[0]), let metric = all[fields[metric]] {
        // How many devices there are comes first.
        let extent = Metric.Extent(devices: known[Metric.devices.name]?.high ?? .infinity)
        known[metric.name] = Estimate(
          mean: mean, low: try summary.number(row, columns[1]), high: try summary.number(row, columns[2]), of: metric,
          in: extent)
      }
      estimates[fields[cohort]] = known
    }
    guard !names.isEmpty else { return nil }
    // A column of zeros says nothing of those that are switched off.
    let counts = Self.counts.filter { metric in
      metric != .left || names.contains { (estimates[$0]?[metric.name]?.mean ?? 0) > 0 }
    }
    let metrics = counts + Self.times
    // Nobody is the last where nobody is complete.
    let digest = digest.flatMap { $0.last.isEmpty ? nil : $0 }
    let last = digest.map { $0.last.reduce(into: [:]) { $0[$1.cohort, default: 0] += 1 } }
    let columnsOfMetrics = metrics.map { metric in metric.cells(names.map { estimates[$0]?[metric.name] }) }
    table = PageTable(
      id: "t-cohorts",
      caption: digest?.replications == 1
        ? "The cohorts, and whose device was the last"
        : "The cohorts: \(Estimate.legend(columnsOfMetrics.joined().map(\.text)))"
          + (digest.map { "; and \(Self.whose($0)), in how many the last device was one of theirs" } ?? ""),
      header: ["cohort"] + metrics.map(\.short)
        + (digest == nil ? [] : ["last"]),
      rows: names.enumerated().map { row, name in
        [PageTable.Cell(name)] + columnsOfMetrics.map { $0[row] }
          + (last.map { [PageTable.Cell("\($0[name] ?? 0)")] } ?? [])
      }
    ).wrapping()
  }

  /// The replications that have a last device.
  private static func whose(_ digest: DeviceDigest) -> String {
    let all = HumanUnits.plural(digest.replications, "replication")
    return digest.last.count == digest.replications
      ? "of \(all)" : "of the \(digest.last.count) of \(all) in which any device is complete"
  }
}
