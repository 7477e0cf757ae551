import Quantities
import Results
import Statistics

extension ComparisonReport {
  /// The report for a terminal, with a line end after every line.
  package var text: String {
    let details = entries.compactMap { entry -> String? in
      switch entry {
      case .compared(let comparison): comparison.bytes.isSame ? nil : comparison.text
      case .failed(let name, let reason): "\(name)\n  cannot be compared: \(reason)\n"
      }
    }
    let same = entries.compactMap { entry -> String? in
      if case .compared(let comparison) = entry, comparison.bytes.isSame { comparison.name } else { nil }
    }
    let sameText = same.isEmpty ? [] : ["the same bytes: \(same.joined(separator: ", "))\n"]
    guard !entries.isEmpty else { return "" }
    return (details + sameText).joined(separator: "\n") + "\n\(outcomeText)\n"
  }
}

extension ResultsComparison {
  /// The comparison for a terminal.
  package var text: String {
    var text = "\(name)\n"
    text += "  BASE  \(base.path) (gapsim \(base.manifest.programVersion), \(base.luck))\n"
    text +=
      "  NEW   \(newPath == base.path ? "the same, run again" : newPath) (gapsim \(new.manifest.programVersion), \(new.luck))\n"
    for setting in settings.prefix(20) { text += "  setting  \(setting)\n" }
    if settings.count > 20 { text += "  … and \(settings.count - 20) more settings\n" }
    for note in notes { text += "  note: \(note)\n" }
    for problem in problems { text += "  cannot be compared: \(problem)\n" }
    if let firstDifference = firstDifference() { text += "  first difference: \(firstDifference)\n" }
    for command in advice { text += "    $ \(command)\n" }
    guard !metrics.isEmpty else { return text }
    text += "  \(method)\n\n"
    let rows = metrics.filter { $0.verdict != .same }.map { metric in
      [
        metric.name(withPoint: hasPoints), metric.baseText, metric.newText, metric.differenceText, metric.shareText,
        metric.detectableText, metric.evidenceText, metric.verdictText,
      ]
    }
    let header = ["metric", "BASE", "NEW", "difference [95 %]", "share", "could show", "Holm's p", "verdict"]
    if !rows.isEmpty { text += AlignedTable.text([header] + rows) }
    let same = metrics.filter { $0.verdict == .same }.map { $0.name(withPoint: hasPoints) }
    for line in reach { text += "  \(line)\n" }
    if !same.isEmpty { text += "  same in every replication: \(same.joined(separator: ", "))\n" }
    return text
  }
}

extension ResultsFolder {
  /// Where the luck of the runs is from.
  fileprivate var luck: String { isLive ? "live runs" : "seed \(manifest.seed)" }
}
