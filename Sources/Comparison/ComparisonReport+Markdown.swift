import Statistics

extension ComparisonReport {
  /// The report for a pull request.
  package var markdown: String {
    let lines = entries.map { entry in
      switch entry {
      case .compared(let comparison):
        "| \(Self.cell(comparison.name)) | \(Self.word(entry.outcome, comparison)) | "
          + "\(Self.cell(String(comparison.headline.dropFirst(comparison.name.count + 2)))) |\n"
      case .failed(let name, let reason):
        "| \(Self.cell(name)) | cannot be compared | \(Self.cell(reason)) |\n"
      }
    }
    let details = entries.compactMap { entry in
      if case .compared(let comparison) = entry, !comparison.bytes.isSame { Self.details(comparison) } else { nil }
    }
    return "### gapsim compare: \(outcomeText)\n\n| scenario | outcome | what moved |\n| --- | --- | --- |\n"
      + lines.joined() + details.joined()
  }

  private static func word(_ outcome: ResultsComparison.Outcome, _ comparison: ResultsComparison) -> String {
    switch outcome {
    case .passed: "passed"
    case .regressed: comparison.isExact ? "**differs**" : "**regressed**"
    case .incomparable: "**cannot be compared**"
    case .inconclusive: "**inconclusive**"
    }
  }

  private static func details(_ comparison: ResultsComparison) -> String {
    var text = "\n<details><summary>\(html(comparison.name))</summary>\n\n"
    for setting in comparison.settings.prefix(20) { text += "- setting \(cell(setting.description))\n" }
    for note in comparison.notes { text += "- \(cell(note))\n" }
    for problem in comparison.problems { text += "- cannot be compared: \(cell(problem))\n" }
    if let first = comparison.firstDifference() { text += "- first difference: \(cell(first))\n" }
    if !comparison.advice.isEmpty {
      text += "\n```sh\n" + comparison.advice.map { $0 + "\n" }.joined() + "```\n"
    }
    let moved = comparison.metrics.filter { $0.verdict != .same }
    if !moved.isEmpty {
      text += "\n| metric | BASE | NEW | difference [95 %] | share | could show | Holm's p | verdict |\n"
      text += "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n"
      for metric in moved {
        let verdict = metric.verdict == .regressed ? "**\(metric.verdictText)**" : metric.verdictText
        text +=
          "| `\(metric.name(withPoint: comparison.hasPoints))` | \(metric.baseText) | \(metric.newText) | "
          + "\(metric.differenceText) | \(metric.shareText) | \(metric.detectableText) | \(cell(metric.evidenceText)) | \(verdict) |\n"
      }
      text += "\n\(cell(comparison.method)).\n"
      for line in comparison.reach { text += "\n\(cell(line)).\n" }
    }
    let same = comparison.metrics.filter { $0.verdict == .same }.map { "`\($0.name(withPoint: comparison.hasPoints))`" }
    if !same.isEmpty { text += "\nSame in every replication: \(same.joined(separator: ", ")).\n" }
    return text + "\n</details>\n"
  }

  /// Text that does not end a cell or begin a tag.
  private static func cell(_ text: String) -> String { html(text).replacing("|", with: "\\|") }

  private static func html(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\n", with: " ")
  }
}
