import Comparison
import Quantities
import Results

/// The report of `gapsim compare` as a page: the same verdicts as in the text, in Markdown and in JUnit XML.
struct ComparisonPage: Sendable {
  /// The most comparisons that the first screen names.
  private static let mostNamed = 12

  let report: ComparisonReport

  var page: Page {
    let sections = report.entries.enumerated().compactMap { index, entry -> PageSection? in
      guard let body = body(of: entry, id: Self.id(index)) else { return nil }
      return PageSection(id: Self.id(index), title: entry.name, body: body)
    }
    let isOne = report.entries.count == 1
    return Page(
      name: "Comparison: \(report.outcomeText), gapsim", kind: "Comparison of results",
      heading: isOne ? report.entries[0].name : "\(report.entries.count) comparisons",
      first: .text(sides, .what) + .remarks(verdict, name: "Verdict", kind: "verdict")
        + .remarks(moved, name: "What moved", kind: "troubles"),
      sections: (isOne ? [] : [PageSection(id: "s-all", title: "All of them", body: overview)]) + sections)
  }

  private static func id(_ index: Int) -> String { "c-\(index + 1)" }

  /// What is compared with what.
  private var sides: String {
    guard report.entries.count == 1, case .compared(let comparison) = report.entries[0] else {
      return "The results of \(HumanUnits.plural(report.entries.count, "scenario")), each with what is kept of it."
    }
    let (base, new) = (comparison.base, comparison.new)
    return "BASE is \(base.path) (gapsim \(base.manifest.programVersion), \(base.luck)); NEW is "
      + "\(comparison.newPath == base.path ? "the same, run again" : comparison.newPath) "
      + "(gapsim \(new.manifest.programVersion), \(new.luck))."
  }

  /// The outcome of all.
  private var verdict: [Remark] {
    let entries = report.entries
    func count(_ outcome: ResultsComparison.Outcome) -> String {
      let count = entries.count { $0.outcome == outcome }
      return entries.count == 1 ? "" : " \(count) of \(entries.count)"
    }
    let remark =
      switch report.outcome {
      case .passed: Remark(.good, "Passed: nothing that counts got worse.")
      case .regressed where entries.contains(where: \.isExact):
        Remark(.bad, "Differs:\(count(.regressed)) not the same bytes.")
      case .regressed: Remark(.bad, "Regressed\(count(.regressed)): worse, and by more than chance.")
      case .inconclusive: Remark(.warning, "Inconclusive\(count(.inconclusive)): too few replications to tell.")
      case .incomparable: Remark(.warning, "Cannot be compared\(count(.incomparable)).")
      }
    return [remark]
  }

  /// What moved in each comparison, the worst first.
  private var moved: [Remark] {
    let order: [ResultsComparison.Outcome] = [.regressed, .incomparable, .inconclusive, .passed]
    let numbered = report.entries.enumerated().filter { !$0.element.isSame }
    let sorted = order.flatMap { outcome in numbered.filter { $0.element.outcome == outcome } }
    let remarks = sorted.prefix(Self.mostNamed).map { index, entry in
      Remark(
        entry.outcome.mark, entry.headline + ".",
        at: PagePart.Place(id: Self.id(index), title: "Its figures"))
    }
    let same = report.entries.count - numbered.count
    let rest = sorted.count - remarks.count
    return remarks
      + (rest > 0 ? [Remark(.plain, "… and \(rest) more.", at: PagePart.Place(id: "s-all", title: "All of them"))] : [])
      + (same > 0 ? [Remark(.good, "\(HumanUnits.plural(same, "result")) with the same bytes.")] : [])
  }

  /// A row for each.
  private var overview: PagePart {
    let rows = report.entries.enumerated().map { index, entry in
      [
        PageTable.Cell(entry.name, link: entry.isSame ? nil : "#" + Self.id(index)),
        PageTable.Cell("\(entry.outcome.mark.rawValue) \(entry.outcomeText)"),
        PageTable.Cell(String(entry.headline.dropFirst(entry.name.count + 2))),
      ]
    }
    return .table(
      PageTable(
        id: "t-comparisons", caption: "Each comparison", header: ["scenario", "outcome", "what moved"], rows: rows))
  }

  private func body(of entry: ComparisonReport.Entry, id: String) -> PagePart? {
    switch entry {
    case .failed(_, let reason): return .text("Cannot be compared: \(reason).")
    case .compared(let comparison):
      guard !entry.isSame || report.entries.count == 1 else { return nil }
      let part = ComparisonPart(
        comparison: comparison, subject: comparison.name, id: "t-" + id, base: "BASE", new: "NEW")
      return part.settings + part.figures + part.origin
    }
  }
}

extension ComparisonReport.Entry {
  /// Whether nothing differs.
  fileprivate var isSame: Bool { if case .compared(let comparison) = self { comparison.bytes.isSame } else { false } }

  /// The outcome in a line.
  fileprivate var headline: String {
    switch self {
    // The program's terminal and Markdown have a hyphen; a page has the sign.
    case .compared(let comparison): comparison.headline.replacing(" -", with: " −")
    case .failed(let name, let reason): "\(name): cannot be compared: \(reason)"
    }
  }

  fileprivate var outcomeText: String { ComparisonReport([self]).outcomeText }
}

extension ResultsComparison.Outcome {
  fileprivate var mark: Remark.Mark {
    switch self {
    case .passed: .good
    case .regressed: .bad
    case .incomparable, .inconclusive: .warning
    }
  }
}

extension ResultsFolder {
  /// Where the luck of the runs is from.
  var luck: String { isLive ? "live runs" : "seed \(manifest.seed)" }
}

extension Presentation {
  /// Writes the report of a comparison as a page.
  package static func write(_ report: ComparisonReport, to path: String) throws {
    try put(ComparisonPage(report: report).page, at: path)
  }
}
