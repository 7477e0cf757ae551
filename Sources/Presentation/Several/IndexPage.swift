import Comparison
import Experiments
import Quantities
import Results
import RunMetrics

/// A page that leads to all results in a directory.
struct IndexPage: Sendable {
  let index: ResultsIndex
  /// The way from the page to that of each result, in their order; nil if there is none.
  let links: [String?]

  /// The most rows in the markup, so that all have their drawings.
  private static let mostRows = 1000
  /// The most results that a line of the first screen names.
  private static let mostNamed = 8

  var page: Page {
    let name = ResolvedPath.name(of: index.directory)
    return Page(
      name: "\(name): \(HumanUnits.plural(index.entries.count, "result")), gapsim", kind: "Index of results",
      heading: name,
      first: .text(counts, .what) + .remarks(verdict, name: "Verdict", kind: "verdict"),
      sections: [
        PageSection(id: "s-results", title: "Results", body: .table(table) + notes),
        PageSection(id: "s-damaged", title: "Cannot be read", body: damaged),
        PageSection(id: "s-answers", title: "Answers", body: answers),
      ].filter { !$0.body.isEmpty } + HistoryPart.sections(of: index.histories))
  }

  private var readable: [(entry: ResultsIndex.Entry, results: IndexedResults, link: String?)] {
    zip(index.entries, links).compactMap { entry, link in
      if case .success(let results) = entry.content { (entry, results, link) } else { nil }
    }
  }

  /// How many there are of each kind.
  private var counts: String {
    let kinds = Dictionary(grouping: readable, by: \.results.kind).mapValues(\.count)
    let list = kinds.sorted { $0.key < $1.key }.map { HumanUnits.plural($0.value, $0.key) }.joined(separator: ", ")
    return "\(HumanUnits.plural(index.entries.count, "result"))\(list.isEmpty ? "" : ": " + list)."
  }

  private var verdict: [Remark] {
    let results = PagePart.Place(id: "s-results", title: "Results")
    let asked = readable.filter { $0.results.isMet != nil }
    let missed = asked.filter { $0.results.isMet == false }.map(\.entry.name)
    let failing = readable.filter { $0.results.points.contains { ($0[.failed]?.mean ?? 0) > 0 } }.map(\.entry.name)
    let limited = readable.filter { $0.results.limitedRuns > 0 }.map(\.entry.name)
    // Nobody failed where all were switched off or a limit ended the run, and yet nobody has the file.
    let useless = readable.compactMap { entry, results, _ in
      let empty = results.points.count { $0[.completed]?.mean == 0 }
      let all = results.points.count
      return empty == 0 ? nil : entry.name + (all > 1 ? " (at \(empty) of \(all) points)" : "")
    }
    let damaged = index.entries.count - readable.count
    var remarks: [Remark] = []
    if !missed.isEmpty {
      remarks.append(
        Remark(
          .bad, "\(missed.count) of \(asked.count) do not meet what they expect: \(Self.list(missed)).", at: results))
    } else if !asked.isEmpty {
      remarks.append(Remark(.good, "All \(asked.count) that expect something meet it.", at: results))
    }
    if !failing.isEmpty {
      remarks.append(Remark(.warning, "Devices failed in \(failing.count): \(Self.list(failing)).", at: results))
    }
    if !useless.isEmpty {
      remarks.append(
        Remark(.warning, "No device got the file in \(useless.count): \(Self.list(useless)).", at: results))
    }
    if !limited.isEmpty {
      remarks.append(Remark(.warning, "A limit ended runs in \(limited.count): \(Self.list(limited)).", at: results))
    }
    if damaged > 0 {
      remarks.append(
        Remark(.warning, "\(damaged) cannot be read.", at: PagePart.Place(id: "s-damaged", title: "Why")))
    }
    return remarks
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(mostNamed).joined(separator: ", ") + (names.count > mostNamed ? " …" : "")
  }

  private var table: PageTable {
    var table = PageTable(
      id: "t-index", caption: "All results; of a sweep from the least mean to the greatest, of a tuning its choice",
      header: [
        "result", "expected", "makespan", "server sent", "failed", "shape", "replications", "kind", "what", "program",
      ],
      rows: readable.map { entry, results, link in
        [
          PageTable.Cell(entry.name, link: link),
          PageTable.Cell(results.isMet.map { $0 ? "✔ met" : "✘ not met" } ?? ""),
          Self.figure(.makespan, results.points), Self.figure(.serverBytes, results.points),
          Self.figure(.failed, results.points), PageTable.Cell("", drawing: results.drawing),
          PageTable.Cell(results.replications), PageTable.Cell(results.kind),
          PageTable.Cell(results.what), PageTable.Cell("gapsim " + results.programVersion),
        ]
      })
    table.limit = Self.mostRows
    if !readable.contains(where: { $0.results.isMet != nil }) { table.leaveOut("expected") }
    return table
  }

  /// The mean of a run with its interval, or the means from the least to the greatest of a sweep.
  private static func figure(_ metric: Metric, _ points: [[Metric: Estimate]]) -> PageTable.Cell {
    let means = points.compactMap { $0[metric] }
    guard let least = means.min(by: { $0.mean < $1.mean }), let most = means.max(by: { $0.mean < $1.mean }) else {
      return ""
    }
    if points.count == 1 { return PageTable.Cell(metric.text(least), value: least.mean) }
    let (first, last) = (metric.displayUnit(for: least.mean), metric.displayUnit(for: most.mean))
    let ends = [(least.mean, first), (most.mean, last)].map { DisplayUnit.short($0 / $1.size) }
    func named(_ text: String, _ unit: DisplayUnit) -> String { text + (unit.name.isEmpty ? "" : " " + unit.name) }
    let text = first == last ? (ends[0] == ends[1] ? "" : ends[0] + " to ") : named(ends[0], first) + " to "
    return PageTable.Cell(text + named(ends[1], last), value: least.mean)
  }

  /// What the shapes are, and how the missing pages are made.
  private var notes: PagePart {
    let drawn = Set(readable.map(\.results.drawn)).filter { !$0.isEmpty }.sorted().joined(separator: "; ")
    let missing = readable.filter { $0.link == nil && $0.results.kind != "baseline" }
      .map { "gapsim report \($0.entry.path.shellQuoted)" }
    var part = PagePart.text(drawn.isEmpty ? "" : "Shapes, each on its own scale: \(drawn).", .note)
    if !missing.isEmpty {
      let lines = HTML.element("pre", missing.joined(separator: "\n"), "tabindex=\"0\"") + "\n"
      part += .folded("How to make the pages of results that have none", PagePart(html: lines))
    }
    return part
  }

  private var damaged: PagePart {
    let rows = index.entries.compactMap { entry -> [String]? in
      if case .failure(let damage) = entry.content { [entry.name, damage.reason] } else { nil }
    }
    guard !rows.isEmpty else { return PagePart() }
    return .table(
      PageTable(
        id: "t-damaged", caption: "Results that were changed, or are not whole",
        DataTable(header: ["result", "what is wrong"], rows: rows)))
  }

  private var answers: PagePart {
    readable.filter { !$0.results.answer.isEmpty }.reduce(PagePart()) { part, one in
      let answer = one.results.answer
      return part + .text("\(one.entry.name): \(answer)\(answer.hasSuffix(".") ? "" : ".")")
    }
  }
}
