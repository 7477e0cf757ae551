import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures

@Suite struct ComparisonReportTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  /// The elements of a document with their attributes, in order; nil if it is not well-formed.
  private final class Elements: NSObject, XMLParserDelegate {
    var found: [(name: String, attributes: [String: String])] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { found.append((name, attributes)) }
  }

  private func elements(_ xml: String) -> Elements? {
    let parser = XMLParser(data: Data(xml.utf8))
    let elements = Elements()
    parser.delegate = elements
    return parser.parse() ? elements : nil
  }

  private func report(isExact: Bool = false) throws -> ComparisonReport {
    let overrides = ["replications=12", "name=\"a <b> & \\\"c\\\" | d\""]
    return ComparisonReport([
      .compared(
        try ResultsComparison(
          base: SmallResults.write(to: scratch.path("a"), overrides),
          new: SmallResults.write(to: scratch.path("b"), overrides + ["cohorts[1].loss={bernoulli: 40 %}"]),
          isExact: isExact)),
      .failed(name: "gone", reason: "gone <does> not exist"),
    ])
  }

  @Test(arguments: [false, true])
  func junitIsWellFormedAndCounts(isExact: Bool) throws {
    let found = try #require(elements(report(isExact: isExact).junit)).found
    let suites = found.filter { $0.name == "testsuite" }
    expect(suites.map { $0.attributes["name"] }, equals: ["a <b> & \"c\" | d", "gone"])
    let cases = found.filter { $0.name == "testcase" }
    expect(found.first?.attributes["tests"], equals: "\(cases.count)")
    expect(found.first?.attributes["failures"], equals: "\(found.count { $0.name == "failure" })")
    expect(found.first?.attributes["errors"], equals: "1")
    #expect(found.count { $0.name == "failure" } > 0)
    #expect(cases.contains { $0.attributes["name"] == (isExact ? "devices.csv" : "makespan_s") })
  }

  @Test func markdownKeepsItsTablesWhole() throws {
    let markdown = try report().markdown
    #expect(markdown.hasPrefix("### gapsim compare: regressed\n"))
    #expect(markdown.contains("| a &lt;b> &amp; \"c\" \\| d | **regressed** |"))
    #expect(markdown.contains("| gone | cannot be compared | gone &lt;does> not exist |"))
    for line in markdown.split(separator: "\n") where line.hasPrefix("| `") {
      expect(line.replacing("\\|", with: "").count { $0 == "|" }, equals: 9, "\(line)")
    }
  }

  @Test func theTextSaysEachOutcome() throws {
    let text = try report().text
    #expect(text.contains("setting  cohorts[1].loss.bernoulli.p: 0.1, then 0.4"))
    #expect(text.contains("paired by replication (common random numbers), up to 12 pairs"))
    #expect(text.contains("cannot be compared: gone <does> not exist"))
    #expect(text.hasSuffix("\nregressed\n"))
  }

  @Test(arguments: [
    (0.0, "0"), (60, "60"), (402.534123, "402.534"), (26_439_026, "26439026"), (0.000_02, "0.00002"),
    (-0.982_203_5, "-0.982204"), (1.5, "1.5"), (0.000_000_001, "0.000000001"), (100, "100"),
  ])
  func numbersHaveAboutSixDigits(value: Double, text: String) {
    expect(MetricComparison.short(value), equals: text)
  }
}
