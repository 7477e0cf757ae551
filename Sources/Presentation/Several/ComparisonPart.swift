import Comparison
import Quantities

/// What a page says of one comparison.
struct ComparisonPart: Sendable {
  let comparison: ResultsComparison
  /// What is compared, so that no two tables of a page have one name.
  let subject: String
  /// What the ids of its tables begin with.
  let id: String
  /// What the two sides are called.
  let base: String
  let new: String

  /// The most rows in the markup, so that all have their drawings.
  private static let mostRows = 400

  /// Where the settings differ.
  var settings: PagePart {
    let settings = comparison.settings
    guard !settings.isEmpty else { return .text("The settings are the same.") }
    let rows = settings.map { [$0.path, $0.left?.excerpt ?? "not given", $0.right?.excerpt ?? "not given"] }
    return .table(
      PageTable(
        id: "\(id)-settings", caption: "\(subject): where the settings differ",
        DataTable(header: ["setting", base, new], rows: rows)))
  }

  /// Everything else: what cannot be compared, the figures, the way to see more.
  var figures: PagePart {
    var part = PagePart.remarks(
      comparison.problems.map { Remark(.warning, "Cannot be compared: \($0).") }, name: "Problems", kind: "troubles")
    for note in comparison.notes { part += .text("Note: \(note).", .note) }
    guard !comparison.bytes.isSame else {
      return part + .text("All files have the same bytes: there is nothing else to compare.")
    }
    part += table
    for line in comparison.reach { part += .text(line.prefix(1).uppercased() + line.dropFirst() + ".") }
    if !comparison.metrics.isEmpty {
      part += .text("How: \(comparison.method).", .note)
    }
    return part
  }

  /// The first difference of the files, and the commands that show more.
  var origin: PagePart {
    guard let first = comparison.firstDifference(base: base, new: new) else { return PagePart() }
    let commands = HTML.element("pre", comparison.advice.joined(separator: "\n"), "tabindex=\"0\"") + "\n"
    return .text("The first difference: \(first).", .note)
      + (comparison.advice.isEmpty ? PagePart() : .folded("How to see where the runs part", PagePart(html: commands)))
  }

  private var table: PagePart {
    let metrics = comparison.metrics
    guard !metrics.isEmpty else { return PagePart() }
    let scale = IntervalScale(metrics)
    var table = PageTable(
      id: "\(id)-metrics",
      caption:
        "\(subject): every metric, first those that moved; the drawing has the 95 % interval of the difference "
        + "\(scale.words), the line is no difference",
      header: (comparison.hasPoints ? ["point"] : [])
        + [
          "metric", "share of \(base)", "verdict", base, new, "interval", "difference [95 %]", "could show", "Holm's p",
        ],
      rows: metrics.sorted(by: \.verdict.rank).map { metric in
        (comparison.hasPoints ? [PageTable.Cell("\(metric.point)")] : []) + cells(of: metric, scale)
      })
    table.limit = Self.mostRows
    return .table(table)
  }

  private func cells(of metric: MetricComparison, _ scale: IntervalScale) -> [PageTable.Cell] {
    [
      PageTable.Cell(metric.metric.name), PageTable.Cell(metric.shareWords, value: metric.share),
      PageTable.Cell(metric.verdict.mark.map { "\($0.rawValue) " + metric.verdictText } ?? metric.verdictText),
      PageTable.Cell(metric.baseText, value: metric.baseMean ?? metric.baseValues.mean),
      PageTable.Cell(metric.newText, value: metric.newMean ?? metric.newValues.mean),
      PageTable.Cell("", value: metric.share, drawing: scale.drawing(of: metric)),
      PageTable.Cell(metric.differenceWords, value: metric.difference?.difference),
      PageTable.Cell(metric.detectableText), PageTable.Cell(metric.evidenceText),
    ]
  }
}

extension MetricComparison {
  /// The difference as a share, and as it is, with the sign of a page.
  var shareWords: String { shareText.replacing("-", with: "−") }
  var differenceWords: String { differenceText.replacing("-", with: "−") }
}

/// The scale of the intervals in a table: shares of the base's means.
struct IntervalScale: Sendable {
  /// Its end on either side.
  let most: Double

  /// A scale that has room for most intervals. Some go further, as that of a count that was nearly 0.
  init(_ metrics: [MetricComparison]) {
    let reaches = metrics.compactMap { $0.shares.map { max($0.lowerBound.magnitude, $0.upperBound.magnitude) } }
      .filter { $0 > 0 }.sorted()
    let middle = reaches.isEmpty ? 0.01 : reaches[reaches.count / 2]
    most = min(reaches.last ?? 0.01, 3 * middle)
  }

  /// Its ends in words.
  var words: String {
    let text = HumanUnits.roundedPercent(most)
    return "from −\(text) to +\(text)"
  }

  /// The interval of a metric; nothing without one.
  func drawing(of metric: MetricComparison) -> String {
    guard let shares = metric.shares, let share = metric.share else { return "" }
    return SmallDrawing.interval(shares, at: share, most: most, paint: metric.verdict.paint)
  }
}

extension MetricComparison {
  /// The interval of the difference as shares of the base's mean; nil without one, and if nothing differs.
  ///
  /// No metric is negative, so nothing is less by more than all of it, whatever Student's *t* thinks.
  var shares: ClosedRange<Double>? {
    guard !isSame, let difference, let baseMean, baseMean != 0 else { return nil }
    let (low, high) = (
      difference.interval.lowerBound / baseMean.magnitude, difference.interval.upperBound / baseMean.magnitude
    )
    return low.isFinite && high.isFinite ? max(low, min(-1, high))...high : nil
  }
}

extension Verdict {
  /// What it says at a glance; nil if it is neither good nor bad.
  var mark: Remark.Mark? {
    switch self {
    case .improved: .good
    case .regressed: .bad
    case .worse, .untested: .warning
    case .same, .noEvidence, .changed, .unconfirmed: nil
    }
  }

  /// Where it stands in a table: first what matters most.
  fileprivate var rank: Int {
    switch self {
    case .regressed: 0
    case .worse: 1
    case .improved: 2
    case .changed, .unconfirmed: 3
    case .untested, .noEvidence: 4
    case .same: 5
    }
  }

  fileprivate var paint: Paint {
    switch self {
    case .improved: .green
    case .regressed, .worse: .vermillion
    case .changed: .blue
    case .same, .noEvidence, .unconfirmed, .untested: .grey
    }
  }
}

extension Sequence {
  /// The elements by a rank; those of one rank as they stood.
  fileprivate func sorted(by rank: (Element) -> Int) -> [Element] {
    enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }
}
