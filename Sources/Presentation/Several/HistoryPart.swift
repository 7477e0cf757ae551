import Comparison
import RunMetrics

/// The history of baselines: how the figures moved each time that other results were accepted.
enum HistoryPart {
  /// The metrics that have a shape.
  private static let metrics: [Metric] = [.makespan, .completionP95, .serverBytes, .failed]
  /// The most rows in the markup, so that all have their drawings.
  private static let mostRows = 1000

  /// A section for each history.
  static func sections(
    of histories: [(name: String, history: Result<BaselineHistory, ResultsIndex.IndexDamage>)]
  ) -> [PageSection] {
    histories.enumerated().map { index, entry in
      let body: PagePart
      switch entry.history {
      case .success(let history): body = part(of: history, id: "t-history-\(index + 1)")
      case .failure(let damage): body = .text("It cannot be read: \(damage.reason)")
      }
      return PageSection(
        id: "s-history-\(index + 1)", title: entry.name.isEmpty ? "History" : "History of \(entry.name)", body: body)
    }
  }

  private static func part(of history: BaselineHistory, id: String) -> PagePart {
    var scenarios: [String] = []
    for row in history.rows where !scenarios.contains(row.scenario) { scenarios.append(row.scenario) }
    let byScenario = Dictionary(grouping: history.rows.filter { $0.point == 0 }, by: \.scenario)
    let rows = scenarios.sorted().flatMap { scenario in
      metrics.compactMap { metric in
        cells(scenario, metric, byScenario[scenario, default: []].filter { $0.metric == metric.name })
      }
    }
    var table = PageTable(
      id: id, caption: "What was accepted, from the first to the last",
      header: ["scenario", "figure", "shape", "first", "last", "change", "accepted", "program"], rows: rows)
    table.limit = mostRows
    let all = PageTable(
      id: id + "-all", caption: "Every row of \(BaselineHistory.fileName)",
      header: ["accept", "scenario", "point", "metric", "program", "replications", "mean", "from", "to"],
      rows: history.rows.map { row in
        let ends = [row.interval?.lowerBound, row.interval?.upperBound]
        return [
          PageTable.Cell("\(row.accept)"), PageTable.Cell(row.scenario), PageTable.Cell("\(row.point)"),
          PageTable.Cell(row.metric), PageTable.Cell(row.programVersion), PageTable.Cell("\(row.replications)"),
          PageTable.Cell(GnuplotScript.number(row.mean)),
        ] + ends.map { PageTable.Cell($0.map(GnuplotScript.number) ?? "") }
      })
    return .table(table) + .folded("All figures of the history", .table(all))
  }

  private static func cells(
    _ scenario: String, _ metric: Metric, _ rows: [BaselineHistory.Row]
  ) -> [PageTable.Cell]? {
    guard let first = rows.first, let last = rows.last else { return nil }
    func text(_ row: BaselineHistory.Row) -> String {
      metric.text(
        Estimate(
          mean: row.mean, low: row.interval?.lowerBound, high: row.interval?.upperBound, of: metric,
          in: Metric.Extent()))
    }
    let change = first.mean == 0 ? nil : (last.mean - first.mean) / first.mean.magnitude
    let versions = [first.programVersion, last.programVersion]
    return [
      PageTable.Cell(scenario), PageTable.Cell(metric.title),
      PageTable.Cell(
        "", drawing: SmallDrawing.line(rows.map { (x: Double($0.accept), y: $0.mean) }, marked: rows.count - 1)),
      PageTable.Cell(text(first), value: first.mean), PageTable.Cell(text(last), value: last.mean),
      PageTable.Cell(change.map(OverlayPage.percent) ?? "", value: change),
      PageTable.Cell("\(rows.count { $0.accept > 0 })"),
      PageTable.Cell(versions[0] == versions[1] ? versions[0] : versions.joined(separator: " to ")),
    ]
  }
}
