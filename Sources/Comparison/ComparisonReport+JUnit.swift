import Statistics

extension ComparisonReport {
  /// The report as JUnit XML: a suite for each comparison, a case for each metric, or for each file of an exact one.
  package var junit: String {
    let suites = entries.map { entry in
      switch entry {
      case .compared(let comparison): JUnit.Suite(comparison)
      case .failed(let name, let reason):
        JUnit.Suite(
          name: name,
          cases: [JUnit.Case(name: "comparison", problem: .error, message: "cannot be compared", text: reason)])
      }
    }
    return JUnit.document(of: "gapsim.compare", suites)
  }
}

extension JUnit.Suite {
  init(_ comparison: ResultsComparison) {
    name = comparison.name
    if comparison.isExact || comparison.bytes.isSame {
      cases = comparison.bytes.files.map { file in
        let difference = comparison.bytes.differences[file]
        return JUnit.Case(
          name: file.rawValue, problem: difference == nil ? nil : .failure, message: difference == nil ? "" : "differs",
          text: difference.map { ([$0.text()] + comparison.advice).joined(separator: "\n") } ?? "")
      }
    } else {
      cases = comparison.metrics.map { metric in
        JUnit.Case(
          name: metric.name(withPoint: comparison.hasPoints),
          problem: metric.verdict == .regressed ? .failure : comparison.isOpen(metric) ? .error : nil,
          message: metric.verdict == .regressed ? "regressed" : comparison.isOpen(metric) ? "inconclusive" : "",
          text: metric.verdict == .same
            ? ""
            : "\(metric.baseText) → \(metric.newText), \(metric.differenceText), \(metric.shareText), "
              + "could show \(metric.detectableText), Holm's p \(metric.evidenceText): \(metric.verdictText)")
      }
      if !comparison.problems.isEmpty {
        cases.append(
          JUnit.Case(
            name: "comparison", problem: .error, message: "cannot be compared",
            text: comparison.problems.joined(separator: "\n")))
      }
    }
  }
}
