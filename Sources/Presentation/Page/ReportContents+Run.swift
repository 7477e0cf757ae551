import Experiments
import Glibc
import Quantities
import Results
import RunMetrics
import Scenarios

/// What a report says of a run.
extension ReportContents {
  private static let first: [Metric] = [
    .makespan, .completionP95, .serverBytes, .promotionRate, .sessions, .gapBytesMean, .failed,
  ]
  private static let ofGaps: [Metric] = [
    .secondSet, .gapBytesMean, .gapBytesP95, .gapsMean, .gapBlocksMean, .gapBlocksMax, .longestChainMax,
  ]

  mutating func addRun(_ gallery: Gallery) throws {
    let (runs, point) = (try folder.table(.runs), try SweepData(folder).points[0])
    let digest = folder.has(.devices) ? try DeviceDigest(folder) : nil
    if verdict.isEmpty { verdict = [try RunOutcome(runs, point, isLive: folder.isLive).remark] }
    figures = keyFigures(point, Self.first)
    note =
      runs.rows.count > 1
      ? "Of \(runs.rows.count) \(folder.isLive ? "runs" : "replications"): \(Estimate.legend(figures.map(\.value)))."
      : ""
    let devices = PagePart.Place(id: "s-devices", title: "The devices")
    troubles = try Troubles(runs).remarks(
      devices: devices, sessions: PagePart.Place(id: "s-sessions", title: "The sessions"),
      table: PagePart.Place(id: "s-tables", title: "The replications"))
    if let cohorts = try CohortTable(folder, digest)?.table {
      add("s-cohorts", "Cohorts", .table(cohorts))
    }
    add("s-time", "Over time", pictures.take("completion", "roles"))
    add("s-replay", "Replay of \(folder.isLive ? "run" : "replication") 1", try gallery.replay?.part ?? PagePart())
    add(devices.id, "The slowest and the failed devices", try DeviceSection(folder, digest, gallery.data).body)
    try addSessions()
    add(
      "s-gaps", "What was missing",
      .figures(keyFigures(point, Self.ofGaps)) + pictures.take("total-gap", "gap-sizes", "missing-blocks"))
    try addBytes(point, gallery.data)
    try addTables(digest)
  }

  private func keyFigures(_ point: SweepData.Point, _ metrics: [Metric]) -> [KeyFigure] {
    metrics.compactMap { metric in
      guard let estimate = point[metric] else { return nil }
      var note = ""
      if metric == .serverBytes, let scenario, scenario.bytes > 0 {
        note = DisplayUnit.figure(estimate.mean / Double(scenario.bytes)) + " × the image"
      }
      let label = metric.title + (metric.unit == .blocks ? " [blocks]" : "")
      return KeyFigure(label: label, value: metric.text(estimate), note: note)
    }
  }

  private mutating func addSessions() throws {
    let table = try folder.table(.sessions)
    guard !table.rows.isEmpty else { return }
    var sessions = PageTable(id: "t-sessions", caption: "Sessions", DataTable(table, without: ["scenario", "point"]))
    sessions.anchor = ("sessions", ["replication", "session"])
    add("s-sessions", "Sessions", .table(sessions) + source(.sessions))
  }

  private mutating func addBytes(_ point: SweepData.Point, _ data: RunData?) throws {
    var body = PagePart()
    if let scenario, let kinds = try SentKinds(folder, scenario, point).table { body += .table(kinds) }
    body += pictures.take("uplink", "segments", "losses")
    if let data { body += .text(try LossesPicture.sentence(of: data) ?? "") }
    if folder.has(.segments) {
      let table = try folder.table(.segments)
      body += self.table(
        .segments, PageTable(id: "t-segments", caption: "Segments", DataTable(table, without: ["scenario", "point"])))
    }
    add("s-bytes", "What was sent", body)
  }

  private mutating func addTables(_ digest: DeviceDigest?) throws {
    var body = table(
      .summary, PageTable(id: "t-metrics", caption: "Every metric", Self.metrics(try folder.table(.summary))))
    body += table(
      .runs,
      PageTable(
        id: "t-runs", caption: "Replications", DataTable(try folder.table(.runs), without: ["scenario", "point"])))
    if let digest { body += table(.devices, digest.table) }
    add("s-tables", "Tables", body)
  }

  /// The summary of a run, without the columns that are the same in all rows, and with numbers of six digits.
  private static func metrics(_ summary: CSVTable) -> DataTable {
    var table = DataTable(summary, without: ["scenario", "point"])
    table.rows = table.rows.map { row in
      row.map { field in
        guard field.contains("."), let number = CSVTable.number(field) else { return field }
        let digits = number == 0 ? 0 : log10(number.magnitude).rounded(.down) + 1
        let places = Double(pow(10, min(6, max(0, 6 - digits))))
        return GnuplotScript.number((number * places).rounded() / places)
      }
    }
    return table
  }
}
