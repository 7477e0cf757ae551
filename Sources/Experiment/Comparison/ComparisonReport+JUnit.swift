extension ComparisonReport {
  /// The report as JUnit XML: a suite for each comparison, a case for each metric, or for each file of an exact one.
  package var junit: String {
    let suites = entries.map { entry in
      switch entry {
      case .compared(let comparison): TestSuite(comparison)
      case .failed(let name, let reason):
        TestSuite(
          name: name,
          cases: [TestCase(name: "comparison", problem: .error, message: "cannot be compared", text: reason)])
      }
    }
    return
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gapsim compare\"\(TestSuite.counts(suites))>\n"
      + suites.map(\.xml).joined() + "</testsuites>\n"
  }
}

/// A case of JUnit XML.
private struct TestCase {
  /// What is wrong with it.
  enum Problem: String {
    /// It was not met.
    case failure
    /// It could not be tried.
    case error
  }

  var name: String
  var problem: Problem?
  var message = ""
  var text = ""
}

/// A suite of JUnit XML.
private struct TestSuite {
  var name: String
  var cases: [TestCase]

  init(name: String, cases: [TestCase]) {
    self.name = name
    self.cases = cases
  }

  init(_ comparison: ResultsComparison) {
    name = comparison.name
    if comparison.isExact || comparison.bytes.isSame {
      cases = comparison.bytes.files.map { file in
        let difference = comparison.bytes.differences[file]
        return TestCase(
          name: file.rawValue, problem: difference == nil ? nil : .failure, message: difference == nil ? "" : "differs",
          text: difference.map { ([$0.text] + comparison.advice).joined(separator: "\n") } ?? "")
      }
    } else {
      cases = comparison.metrics.map { metric in
        TestCase(
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
          TestCase(
            name: "comparison", problem: .error, message: "cannot be compared",
            text: comparison.problems.joined(separator: "\n")))
      }
    }
  }

  /// The counts that suites have as attributes.
  static func counts(_ suites: [TestSuite]) -> String {
    let cases = suites.flatMap(\.cases)
    return " tests=\"\(cases.count)\" failures=\"\(cases.count { $0.problem == .failure })\""
      + " errors=\"\(cases.count { $0.problem == .error })\""
  }

  var xml: String {
    "  <testsuite name=\"\(Self.escaped(name))\"\(Self.counts([self]))>\n" + cases.map(xml).joined()
      + "  </testsuite>\n"
  }

  private func xml(_ test: TestCase) -> String {
    let start = "    <testcase classname=\"gapsim.compare.\(Self.escaped(name))\" name=\"\(Self.escaped(test.name))\""
    guard let problem = test.problem else {
      return test.text.isEmpty
        ? start + "/>\n" : start + ">\n      <system-out>\(Self.escaped(test.text))</system-out>\n    </testcase>\n"
    }
    return start + ">\n      <\(problem.rawValue) message=\"\(Self.escaped(test.message))\">"
      + "\(Self.escaped(test.text))</\(problem.rawValue)>\n    </testcase>\n"
  }

  /// Text that XML takes as text; characters that XML has no place for become a replacement.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\t", "\n": result.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
