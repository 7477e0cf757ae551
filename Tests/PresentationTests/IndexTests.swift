import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures
@testable import Presentation
@testable import Results

/// The page that leads to all results in a directory.
@Suite struct IndexTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func fill() async throws {
    _ = try await scratch.run(Fixture.lab + "\nexpect: [failed_devices == 0]", into: "Results/met")
    _ = try await scratch.run(Fixture.lab + "\nexpect: [makespan_s < 1 ms]", into: "Results/missed")
    let kept = try await scratch.run(Fixture.lab, into: "whole")
    try Baseline.accept(kept, at: scratch.path("Results/baselines/<kept>"))
    _ = try scratch.sweep(keys: ["protocol.timeout"], points: [["100 ms"], ["200 ms"]], into: "Results/sweep")
    _ = try scratch.tuning(into: "Results/tune")
    try scratch.write("not a result", to: "Results/notes.txt")
  }

  private func page() throws -> String {
    _ = try Presentation.index(of: scratch.path("Results/"))
    return try scratch.text("Results.html")
  }

  /// The row of a result without its markup.
  private static func row(_ name: String, in page: String) -> String {
    page.split(separator: "<tr>").first { $0.contains(">\(name)<") }
      .map { String($0).replacing(#/<[^>]+>/#, with: "|") } ?? ""
  }

  @Test func oneIsSingular() throws {
    _ = try scratch.sweep(keys: ["protocol.timeout"], points: [["100 ms"]], into: "Results/sweep")
    #expect(try Self.row("sweep", in: page()).contains("1 point of protocol.|timeout"))
  }

  @Test func everyResultHasARowWithItsFigures() async throws {
    try await fill()
    let page = try page()
    #expect(page.contains("5 results: 1 baseline, 2 runs, 1 sweep, 1 tuning."))
    #expect(Self.row("met", in: page).contains("✔ met") && Self.row("missed", in: page).contains("✘ not met"))
    #expect(Self.row("baselines/&lt;kept&gt;", in: page).contains("|baseline|"))
    #expect(!page.contains("<kept>") && Self.row("sweep", in: page).contains("2 points of protocol.|timeout"))
    #expect(page.contains("1 of 2 do not meet what they expect: missed."))
    // A baseline has no summary.csv, and yet its figures.
    let summary = try ResultsFolder(at: scratch.path("whole")).table(.summary)
    let (metric, mean) = (try summary.column("metric"), try summary.column("mean"))
    for row in summary.rows where ["makespan_s", "server_bytes", "failed_devices"].contains(row[metric]) {
      let value = GnuplotScript.number(try #require(Double(row[mean])))
      #expect(page.matches(of: try Regex("data-v=\"\(NSRegularExpression.escapedPattern(for: value))\"")).count >= 2)
    }
    expect(page.matches(of: #/<svg class="small"/#).count, equals: 5)
    try expect(page, equals: self.page())
  }

  @Test func whatIsDamagedIsListedWithTheReason() async throws {
    try await fill()
    try scratch.write(scratch.text("Results/met/runs.csv").replacing("lab", with: "bal"), to: "Results/met/runs.csv")
    try scratch.write("{}", to: "Results/baselines/broken/manifest.json")
    let page = try page()
    #expect(page.contains("2 cannot be read."))
    #expect(Self.row("met", in: page).contains("it was changed after it was written"))
    #expect(Self.row("baselines/broken", in: page).contains("this is no manifest of gapsim"))
    #expect(Self.row("missed", in: page).contains("✘ not met"))
  }

  /// Nobody failed where the scenario switches all off, or where a limit ends the run. Yet nobody has the file.
  @Test func whatNobodyGotAndWhatALimitEndedIsWarnedOf() async throws {
    _ = try await scratch.run(Fixture.lab, into: "Results/whole")
    _ = try await scratch.run(Fixture.switchedOff, into: "Results/off")
    _ = try await scratch.run(Fixture.cutShort, into: "Results/cut")
    _ = try await scratch.run(Fixture.givesUpLate, into: "Results/late")
    let page = try page().replacing(#/<[^>]+>/#, with: "")
    #expect(page.contains("⚠No device got the file in 2: cut, off."))
    #expect(page.contains("⚠A limit ended runs in 1: cut."))
    #expect(page.contains("⚠Devices failed in 1: late."))
  }

  @Test func resultsLeadToTheirPages() async throws {
    try await fill()
    try scratch.write("a page", to: "Results/met.html")
    let page = try page()
    #expect(page.contains("<a href=\"Results/met.html\">met</a>"))
    #expect(!page.contains("href=\"Results/missed") && page.contains("gapsim report \(scratch.path("Results/missed"))"))
  }

  @Test func aDirectoryWithoutResultsIsAnError() throws {
    try scratch.write("x", to: "empty/file.txt")
    #expect(!Presentation.holdsResults(scratch.path("empty")) && !Presentation.holdsResults(scratch.path("none")))
    #expect(throws: ResultsFolderError.self) { try Presentation.index(of: scratch.path("empty")) }
  }

  @Test func theHistoryShowsWhatWasAccepted() async throws {
    for timeout in ["100 ms", "80 ms", "60 ms"] {
      _ = try await scratch.run(Fixture.lab.replacing("timeout: 100 ms", with: "timeout: \(timeout)"), into: "new/lab")
      var job = ComparisonJob(base: scratch.path("baselines"), new: scratch.path("new"))
      job.accepts = true
      let result = try await job.run()
      expect(result.history, equals: scratch.path("baselines/history.csv"))
      // Nothing moves the second time, and so nothing is remembered.
      #expect(try await job.run().history == nil)
    }
    let history = try BaselineHistory(in: scratch.path("baselines"))
    let makespans = history.rows.filter { $0.metric == "makespan_s" }
    #expect(makespans.map(\.accept) == [1, 2, 3] && Set(makespans.map(\.scenario)) == ["lab"])
    try expect(history.csv, equals: scratch.text("baselines/history.csv"))
    let runs = try ResultsFolder(at: scratch.path("baselines/lab"), extent: .kept).table(.runs)
    let values = try runs.rows.indices.compactMap { try runs.number($0, runs.column("makespan_s")) }
    #expect(abs((makespans.last?.mean ?? 0) - values.reduce(0, +) / Double(values.count)) < 1e-8)
    _ = try Presentation.index(of: scratch.path("baselines"))
    let page = try scratch.text("baselines.html")
    #expect(page.contains(">History<") && page.contains("id=\"t-history-1\""))
    #expect(page.matches(of: #/<tr><td>lab<\/td>/#).count >= 4)
  }

  @Test func aHistoryThatIsWrongIsSaid() async throws {
    try await fill()
    try scratch.write("accept,scenario\n1,lab\n", to: "Results/history.csv")
    #expect(try page().contains("the column is missing"))
    #expect(throws: CSVError.self) { try BaselineHistory(in: scratch.path("Results")) }
  }
}
