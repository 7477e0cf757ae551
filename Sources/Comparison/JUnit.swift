/// JUnit XML, which continuous integration reads.
package enum JUnit {
  /// A case.
  struct Case {
    /// What is wrong with it.
    enum Problem: String {
      /// It was not met.
      case failure
      /// It could not be tested.
      case error
    }

    var name: String
    var problem: Problem?
    var message = ""
    var text = ""
  }

  /// A suite.
  struct Suite {
    var name: String
    var cases: [Case]
  }

  /// A document of suites. `source` names what made them, such as `gapsim.compare`.
  static func document(of source: String, _ suites: [Suite]) -> String {
    let name = source.replacing(".", with: " ")
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(name)\"\(counts(suites))>\n"
      + suites.map { xml($0, of: source) }.joined() + "</testsuites>\n"
  }

  /// The counts that suites have as attributes.
  private static func counts(_ suites: [Suite]) -> String {
    let cases = suites.flatMap(\.cases)
    return " tests=\"\(cases.count)\" failures=\"\(cases.count { $0.problem == .failure })\""
      + " errors=\"\(cases.count { $0.problem == .error })\""
  }

  private static func xml(_ suite: Suite, of source: String) -> String {
    "  <testsuite name=\"\(escaped(suite.name))\"\(counts([suite]))>\n"
      + suite.cases.map { xml($0, className: "\(source).\(suite.name)") }.joined() + "  </testsuite>\n"
  }

  private static func xml(_ test: Case, className: String) -> String {
    let start = "    <testcase classname=\"\(escaped(className))\" name=\"\(escaped(test.name))\""
    guard let problem = test.problem else {
      return test.text.isEmpty
        ? start + "/>\n" : start + ">\n      <system-out>\(escaped(test.text))</system-out>\n    </testcase>\n"
    }
    return start + ">\n      <\(problem.rawValue) message=\"\(escaped(test.message))\">"
      + "\(escaped(test.text))</\(problem.rawValue)>\n    </testcase>\n"
  }

  /// Text for XML. Characters that XML does not allow are replaced.
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
