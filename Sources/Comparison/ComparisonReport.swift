/// One or several comparisons as a report: text, Markdown, or JUnit XML.
package struct ComparisonReport: Sendable {
  /// One comparison, or why it could not be made.
  package enum Entry: Sendable {
    case compared(ResultsComparison)
    case failed(name: String, reason: String)
  }

  /// The comparisons, in their order.
  package let entries: [Entry]

  /// Reports comparisons.
  package init(_ entries: [Entry]) { self.entries = entries }

  /// The outcome of all of them. A regression counts before a comparison that is impossible.
  package var outcome: ResultsComparison.Outcome {
    if entries.contains(where: { $0.outcome == .regressed }) { return .regressed }
    return [.incomparable, .inconclusive].first { outcome in entries.contains { $0.outcome == outcome } } ?? .passed
  }

  /// Whether a comparison could not be made at all.
  package var hasFailures: Bool { entries.contains { if case .failed = $0 { true } else { false } } }

  /// The outcome in a word or two.
  package var outcomeText: String {
    switch outcome {
    case .passed: "passed"
    case .regressed: entries.contains { $0.isExact } ? "differs" : "regressed"
    case .incomparable: "cannot be compared"
    case .inconclusive: "inconclusive"
    }
  }
}

extension ComparisonReport.Entry {
  /// The outcome.
  package var outcome: ResultsComparison.Outcome {
    switch self {
    case .compared(let comparison): comparison.outcome
    case .failed: .incomparable
    }
  }

  /// Its name.
  package var name: String {
    switch self {
    case .compared(let comparison): comparison.name
    case .failed(let name, _): name
    }
  }

  package var isExact: Bool { if case .compared(let comparison) = self { comparison.isExact } else { false } }
}
