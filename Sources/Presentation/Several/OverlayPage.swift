import Comparison
import Experiments
import Quantities
import Results
import RunMetrics

/// A page that lays several results over each other, by their labels. The others are held against the first.
struct OverlayPage: Sendable {
  let results: [LabelledResults]
  let figures: [ResultFigures]
  /// Each other result against the first.
  let entries: [ComparisonReport.Entry]
  /// The path from the page to each result's own page; nil if there is none.
  let links: [String?]

  init(_ results: [LabelledResults], links: [String?]) throws {
    self.results = results
    self.links = links
    figures = try results.map { try ResultFigures($0.folder) }
    entries = try results.dropFirst().map { other in
      do {
        return .compared(try ResultsComparison(base: results[0].folder, new: other.folder, isAcross: true))
      } catch let error as ComparisonError {
        return .failed(name: other.label, reason: error.description)
      }
    }
  }

  private var isRuns: Bool { results[0].folder.kind == .run }
  private var labels: [String] { results.map(\.label) }
  private var others: [(index: Int, result: LabelledResults, entry: ComparisonReport.Entry)] {
    zip(results.dropFirst(), entries).enumerated().map { ($0.offset + 1, $0.element.0, $0.element.1) }
  }

  func page(_ gallery: Gallery, _ drawings: [String: String]) throws -> Page {
    let against = others.map { index, other, entry in
      PageSection(
        id: "s-\(index)", title: "\(other.label) against \(results[0].label)", body: body(entry, other, index))
    }
    let (roles, others) = gallery.divided(by: "roles-")
    var beside = PagePart.gallery(roles, drawings)
    if !beside.isEmpty { beside.html = "<div class=\"beside\">\n\(beside.html)</div>\n" }
    let rolesSection = PageSection(id: "s-roles", title: "Roles beside each other", body: beside)
    return Page(
      name: labels.joined(separator: ", ") + ", gapsim",
      kind: isRuns ? "Several runs beside each other" : "Several sweeps beside each other",
      heading: labels.joined(separator: " · "), first: first,
      sections: [
        PageSection(id: "s-figures", title: "Figures side by side", body: isRuns ? runTable : try pointTables),
        PageSection(id: "s-pictures", title: "Pictures", body: .gallery(others, drawings)),
      ] + (beside.isEmpty ? [] : [rolesSection]) + against)
  }

  // MARK: - The first screen

  private var first: PagePart {
    .table(inventory) + ways + .remarks(verdict, name: "Verdict", kind: "verdict")
      + .remarks(differences, name: "What differs", kind: "troubles")
      + .figures(results.count <= 4 && isRuns ? keyFigures : [])
  }

  private var inventory: PageTable {
    let rows = zip(results, links).enumerated().map { index, pair in
      let (result, link) = pair
      return [
        PageTable.Cell(result.label), PageTable.Cell(result.what),
        PageTable.Cell("\(figures[index].replications)"), PageTable.Cell(result.folder.luck),
        PageTable.Cell(result.scenario.name),
        PageTable.Cell("gapsim \(result.folder.manifest.programVersion)"),
        PageTable.Cell(link == nil ? "" : "its page", link: link),
      ]
    }
    return PageTable(
      id: "t-results", caption: "What was run",
      header: ["result", "what", "replications", "seed", "scenario", "program", "page"], rows: rows)
  }

  /// How to make the pages that are not there.
  private var ways: PagePart {
    let commands = zip(results, links).filter { $1 == nil }.map { "gapsim report \($0.0.folder.path.shellQuoted)" }
    guard !commands.isEmpty else { return PagePart() }
    let lines = HTML.element("pre", commands.joined(separator: "\n"), "tabindex=\"0\"") + "\n"
    return .folded("How to make the page of each", PagePart(html: lines))
  }

  private var verdict: [Remark] {
    others.flatMap { index, other, entry in
      OverlayVerdict(
        entry: entry, first: results[0].label, other: other.label,
        place: PagePart.Place(id: "s-\(index)", title: "Every metric")
      ).remarks
    }
  }

  /// Devices without the file, other worlds, and settings.
  private var differences: [Remark] {
    var remarks: [Remark] = []
    if isRuns {
      let failed = zip(labels, figures).compactMap { label, figures in
        figures.points[0][.failed].map { (label, $0.mean) }
      }
      if failed.contains(where: { $0.1 > 0 }) {
        let text = failed.map { "\($0.0) \(DisplayUnit.short($0.1))" }.joined(separator: ", ")
        remarks.append(Remark(.warning, "Devices that failed, on average: \(text)."))
      }
    }
    for (index, other, entry) in others {
      guard case .compared(let comparison) = entry else { continue }
      let (one, two) = (results[0].scenario, other.scenario)
      if one.bytes != two.bytes || one.devices != two.devices {
        remarks.append(
          Remark(.warning, "\(other.label) and \(results[0].label) have not the same file and as many devices."))
      }
      let settings = comparison.settings
      let named = settings.prefix(3).map(\.description).joined(separator: "; ")
      let rest = settings.count > 3 ? "; and \(settings.count - 3) more" : ""
      remarks.append(
        Remark(
          .plain,
          settings.isEmpty
            ? "\(other.label) has the settings of \(results[0].label)."
            : "\(HumanUnits.plural(settings.count, "setting")) of \(other.label) "
              + "\(settings.count == 1 ? "differs" : "differ"): " + named + rest + ".",
          at: settings.isEmpty ? nil : PagePart.Place(id: "s-\(index)", title: "Settings")))
    }
    return remarks
  }

  private var keyFigures: [KeyFigure] {
    zip(labels, figures).flatMap { label, figures in
      [Metric.makespan, .serverBytes].compactMap { metric in
        figures.points[0][metric].map {
          KeyFigure(label: "\(label): \(metric.short)", value: metric.text($0), note: "")
        }
      }
    }
  }

  // MARK: - Figures

  private static let metrics: [Metric] = [
    .makespan, .completionP95, .completionMean, .serverBytes, .devicePackets, .sessions, .promotionRate, .gapBytesMean,
    .completed, .failed,
  ]

  /// Metrics × results, and what is known of the differences.
  private var runTable: PagePart {
    let compared = entries.map { entry in
      if case .compared(let comparison) = entry { comparison.metrics } else { [MetricComparison]() }
    }
    let shown = compared.flatMap { $0.filter { Self.metrics.contains($0.metric) } }
    let scale = IntervalScale(shown)
    let measured = Self.metrics.filter { metric in figures.contains { $0.points[0][metric] != nil } }
    let rows = measured.map { metric -> [PageTable.Cell] in
      let means = metric.cells(figures.map { $0.points[0][metric] })
      let differences = zip(compared, entries).flatMap { metrics, entry in
        Self.difference(metrics.first { $0.metric == metric }, entry, scale)
      }
      return [PageTable.Cell(metric.title)] + means + differences
    }
    let columns = others.flatMap {
      ["\($0.result.label) told apart?", "interval", "\($0.result.label) − \(labels[0])"]
    }
    let legend = Estimate.legend(rows.flatMap { $0[1...labels.count].map(\.text) })
    return .table(
      PageTable(
        id: "t-figures",
        caption:
          "The \(legend); differences as shares of \(labels[0]) with their 95 % intervals, drawn \(scale.words)"
          + (shown.contains(where: \.isPartial)
            ? "; a mean is of all replications that have the figure, a difference of those in common" : ""),
        header: ["figure"] + labels + columns, rows: rows))
      + .text("“Not told apart” does not mean alike: the runs are too few to say which is more.", .note)
  }

  /// The difference, and whether it is one.
  private static func difference(
    _ metric: MetricComparison?, _ entry: ComparisonReport.Entry, _ scale: IntervalScale
  ) -> [PageTable.Cell] {
    if case .compared(let comparison) = entry, comparison.bytes.isSame { return ["the same", "", "0 %"] }
    guard let metric else { return ["not compared", "", ""] }
    if metric.isSame { return ["the same", "", "0 %"] }
    let verdict: String
    switch metric.verdict {
    case .improved, .regressed, .worse, .changed:
      verdict = "yes: \(metric.verdict == .regressed ? "worse" : metric.verdictText)"
    case .untested: verdict = "untested"
    default: verdict = "no"
    }
    let mark = metric.verdict.mark.map { $0.rawValue + " " } ?? ""
    guard let shares = metric.shares, let share = metric.share else {
      return [PageTable.Cell(mark + verdict), "", PageTable.Cell(metric.differenceWords)]
    }
    let text =
      "\(percent(share)) [\(percent(shares.lowerBound)), \(percent(shares.upperBound))]"
      + (metric.isPartial ? ", of the \(metric.baseCount) in common" : "")
    return [
      PageTable.Cell(mark + verdict), PageTable.Cell("", value: share, drawing: scale.drawing(of: metric)),
      PageTable.Cell(text, value: share),
    ]
  }

  static func percent(_ share: Double) -> String {
    let text = HumanUnits.roundedPercent(share.magnitude)
    return text == "0 %" ? text : (share < 0 ? "−" : "+") + text
  }

  /// Points × results, a table for each of the metrics that matter most.
  private var pointTables: PagePart {
    get throws {
      let data = try results.map { try SweepData($0.folder) }
      var values: [[String]] = []
      for point in data.flatMap(\.points) where !values.contains(point.values) { values.append(point.values) }
      return [Metric.makespan, .completionP95, .serverBytes].reduce(PagePart()) { part, metric in
        let means = values.flatMap { values in data.map { $0.points.first { $0.values == values }?[metric] } }
        let cells = metric.cells(means)
        let rows = values.enumerated().map { row, values in
          values.map { PageTable.Cell($0) } + cells[(row * data.count)..<((row + 1) * data.count)]
        }
        return part
          + .table(
            PageTable(
              id: "t-\(metric.name)", caption: "\(metric.title): \(Estimate.legend(cells.map(\.text)))",
              header: data[0].keys + labels, rows: rows))
      }
    }
  }

  private func body(_ entry: ComparisonReport.Entry, _ other: LabelledResults, _ index: Int) -> PagePart {
    switch entry {
    case .failed(_, let reason): return .text("Cannot be compared: \(reason).")
    case .compared(let comparison):
      let part = ComparisonPart(
        comparison: comparison, subject: "\(other.label) against \(labels[0])", id: "t-\(index)", base: labels[0],
        new: other.label)
      let table = part.figures
      return part.settings + (isRuns ? table : .folded("Every metric at every point", table)) + part.origin
    }
  }
}

extension PagePart {
  /// Pictures, and notes on those that were left out.
  static func gallery(_ gallery: Gallery, _ drawings: [String: String]) -> PagePart {
    let figures = gallery.pictures.reduce(PagePart()) { $0 + .figure($1, drawing: drawings[$1.name] ?? "") }
    return gallery.omissions.reduce(figures) { $0 + .text("\($1).", .note) }
  }
}
