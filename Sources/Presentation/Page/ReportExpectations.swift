import Comparison
import Experiments
import Results
import Scenarios

/// Whether a scenario's expectations are met, as a page shows it.
struct ReportExpectations: Sendable {
  /// The most points that are named for a condition that is not met.
  private static let shown = 8

  private let report: ExpectationReport
  /// The name of a point: the values of the keys that vary.
  private let names: [Int: String]

  /// Compares results with what their scenario expects. Nil if it expects nothing, or if they are the results of a
  /// tuning, of a share, which say nothing about the whole, or of a race, which is asked nothing.
  init?(_ scenario: Scenario?, _ folder: ResultsFolder) throws {
    guard let scenario, !scenario.expectations.isEmpty, folder.kind != .tune, folder.manifest.share == nil,
      !folder.isRace
    else { return nil }
    report = try ExpectationReport(scenario.expectations, results: folder)
    let points = folder.kind == .sweep ? try SweepData(folder).points : []
    names = Dictionary(
      points.compactMap { point in Int(point.number).map { ($0, SweepChoice.text(point.values)) } }
    ) { first, _ in first }
  }

  /// The most conditions that are named one by one.
  private static let named = 5

  /// The conditions that are not met, one by one; if all are, that in a line.
  func remarks(at place: PagePart.Place) -> [Remark] {
    let conditions = report.conditions
    let missed = conditions.filter { $0.findings.contains { !$0.isMet } }
    guard !missed.isEmpty else {
      let names = conditions.prefix(Self.named).map(\.expectation.condition).joined(separator: ", ")
      let rest = conditions.count > Self.named ? ", …" : ""
      let count = conditions.count == 1 ? "The condition is" : "All \(conditions.count) conditions are"
      return [Remark(.good, "\(count) met: \(names)\(rest).", at: place)]
    }
    let shown = missed.prefix(Self.named).map { expectation, findings in
      let wrong = findings.filter { !$0.isMet }
      return Remark(.bad, "\(expectation.text): \(found(wrong, of: findings.count)).")
    }
    let count = conditions.count == 1 ? "the condition is" : "conditions are"
    let share = conditions.count == 1 ? "" : "\(missed.count) of \(conditions.count) "
    return shown + [Remark(.bad, "So \(share)\(count) not met.", at: place)]
  }

  /// A row for each condition.
  var table: DataTable {
    DataTable(
      header: ["met", "condition", "what was found"],
      rows: report.conditions.map { expectation, findings in
        let missed = findings.filter { !$0.isMet }
        return [ExpectationReport.mark(missed.isEmpty), expectation.text, found(missed, of: findings.count)]
      })
  }

  private func found(_ missed: [ExpectationReport.Finding], of points: Int) -> String {
    guard let first = missed.first else { return points == 1 ? "met" : "met at all \(points) points" }
    guard points > 1 else { return words(first) }
    let places = missed.prefix(Self.shown).map { names[$0.point] ?? "point \($0.point)" }
    let rest = missed.count > Self.shown ? " …" : ""
    return "not met at \(missed.count) of \(points) points: \(places.joined(separator: ", "))\(rest)"
  }

  private func words(_ finding: ExpectationReport.Finding) -> String {
    let rest = finding.missed - finding.misses.count
    return finding.misses.map(\.text).joined(separator: "; ") + (rest > 0 ? "; … and \(rest) more" : "")
  }
}
