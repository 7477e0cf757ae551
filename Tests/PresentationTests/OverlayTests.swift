import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures
@testable import Presentation
@testable import Results

/// A page of several results, and of a comparison.
@Suite struct OverlayTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ name: String, _ change: (String) -> String = { $0 }) async throws {
    _ = try await scratch.run(change(Fixture.lab.replacing("replications: 2", with: "replications: 4")), into: name)
  }

  private func page(_ arguments: String...) throws -> String {
    try Presentation.overlay(arguments, output: scratch.path("page.html"))
    return try scratch.text("page.html")
  }

  /// The values by which the cells of a table are sorted.
  private static func values(in page: String, table: String) -> [String] {
    guard let start = page.range(of: "id=\"\(table)\""), let end = page[start.upperBound...].range(of: "</table>")
    else { return [] }
    return page[start.upperBound..<end.lowerBound].matches(of: #/data-v="([^"]+)"/#).map { String($0.1) }
  }

  @Test func theFiguresAreThoseOfTheSummaries() async throws {
    try await run("before")
    try await run("after") { $0.replacing("timeout: 100 ms", with: "timeout: 80 ms") }
    let page = try page(scratch.path("before"), scratch.path("after"))
    let values = Set(Self.values(in: page, table: "t-figures").compactMap(Double.init))
    for name in ["before", "after"] {
      let summary = try ResultsFolder(at: scratch.path(name)).table(.summary)
      let (metric, mean) = (try summary.column("metric"), try summary.column("mean"))
      for row in summary.rows where ["makespan_s", "server_bytes", "completion_p95_s"].contains(row[metric]) {
        #expect(Double(row[mean]).map(values.contains) == true, "\(name) \(row[metric])")
      }
    }
    #expect(page.contains("protocol.timeout: 100\u{A0}ms, then 80\u{A0}ms"))
    #expect(page.contains("<h2 id=\"s-1-title\">after against before</h2>"))
    #expect(page.contains(#/The first difference: [^<]* in before and [^<]* in after/#) && !page.contains(" in BASE"))
    expect(
      page.matches(of: #/<figure id="([a-z-]+)"/#).map { String($0.1) },
      equals: ["completion", "times", "server-bytes"])
  }

  /// Half of the replications have no makespan in one result: the row says of which ones the difference is.
  @Test(arguments: [2, 4]) func aDifferenceOfFewerReplicationsSaysSo(lost: Int) async throws {
    try await run("before")
    try await run("after") { $0.replacing("timeout: 100 ms", with: "timeout: 80 ms") }
    try scratch.forge("after", .runs) { text in
      var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let makespan = rows[0].firstIndex(of: "makespan_s")!
      for row in 1...lost { rows[row][makespan] = "" }
      text = rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
    let page = try page(scratch.path("before"), scratch.path("after"))
    expect(page.contains(", of the 2 in common"), equals: lost == 2)
    expect(page.contains("; in the 2 replications in common"), equals: lost == 2)
    #expect(page.contains("a mean is of all replications that have the figure, a difference of those in common"))
    expect(page.contains(#/: [^<]* in before, none in after\./#), equals: lost == 4)
  }

  @Test func theSameResultsGiveTheSamePageAndIdsAreUnique() async throws {
    try await run("a")
    try await run("b") { $0.replacing("bernoulli: 8 %", with: "bernoulli: 12 %") }
    try await run("c") { $0.replacing("gapsim: 1", with: "gapsim: 1\nseed: 7") }
    let arguments = ["a", "b", "c"].map(scratch.path)
    try Presentation.overlay(arguments, output: scratch.path("1.html"))
    try Presentation.overlay(arguments, output: scratch.path("2.html"))
    let page = try scratch.text("1.html")
    try expect(page, equals: scratch.text("2.html"))
    let markup = page.replacing(#/<script[^>]*>(?s:.*?)<\/script>/#, with: "")
    let ids = markup.matches(of: #/\bid=["']([^"']+)["']/#).map { String($0.1) }
    expect(Set(ids).count, equals: ids.count)
    let references = markup.matches(of: #/href=["']#([^"']+)["']/#).map { String($0.1) }
    #expect(!references.isEmpty && references.allSatisfy(ids.contains))
  }

  @Test func labelsAreTheNamesOfDirectoriesUnlessTheyAreGiven() async throws {
    try await run("x/lab")
    try await run("y/lab")
    let (x, y) = (scratch.path("x/lab"), scratch.path("y/lab"))
    #expect(throws: PresentationError.self) { try page(x, y) }
    #expect {
      try page(x, y + "/")
    } throws: { error in
      "\(error)".contains("are both called 'lab'") && "\(error)".contains("before=")
    }
    #expect(try page("<b>old</b>=\(x)", "new=\(y)").contains("<h1>&lt;b&gt;old&lt;/b&gt; · new</h1>"))
    #expect(try !page("<b>old</b>=\(x)", "new=\(y)").contains("<b>old"))
    expect(Presentation.name(of: ["a/b", ".c"]), equals: "a-b--c.html")
    expect(Presentation.name(of: (0..<40).map { "result-\($0)" }), equals: "result-0-and-39-others.html")
  }

  @Test func onlyResultsOfOneKindLieOverEachOther() async throws {
    try await run("run")
    _ = try scratch.sweep(keys: ["protocol.timeout"], points: [["100 ms"], ["200 ms"]])
    _ = try scratch.sweep(keys: ["protocol.blksize"], points: [["512 B"], ["1 KiB"]], into: "other")
    _ = try scratch.tuning()
    for (names, words) in [
      (["run", "sweep"], "is a run, and"), (["sweep", "other"], "give sweeps of the same keys"),
      (["tune", "run"], "tunings have no figures in common"),
    ] {
      #expect {
        try Presentation.overlay(names.map(scratch.path), output: scratch.path("page.html"))
      } throws: { "\($0)".contains(words) }
    }
    try scratch.write("scenario,point\n", to: "run/runs.csv")
    #expect(throws: ResultsFolderError.self) { try page("a=\(scratch.path("run"))", "b=\(scratch.path("run"))") }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("page.html")))
  }

  /// The roles of each run, all over the time of the longest.
  @Test func runsHaveTheirRolesBesideEachOther() async throws {
    try await run("a")
    try await run("b") { $0.replacing("join: {at: 5 ms}", with: "join: {at: 3 s}") }
    let results = try LabelledResults.all(["a", "b"].map(scratch.path))
    let gallery = try OverlayPictures.all(of: results, try OverlayPage(results, links: [nil, nil]).figures)
    let roles = gallery.pictures.filter { $0.name.hasPrefix("roles-") }
    expect(roles.map(\.name), equals: ["roles-1", "roles-2"])
    expect(roles.map(\.title), equals: ["Roles over time: a", "Roles over time: b"])
    let ends = roles.compactMap { $0.chart?.x.range?.last }
    #expect(ends.count == 2 && ends[0] == ends[1] && ends[0] > 3)
    let last = roles.compactMap { $0.data.rows.last?.first.flatMap(Double.init) }
    #expect(last[0] < 3 && last[1] == ends[1])
    let page = try page(scratch.path("a"), scratch.path("b"))
    #expect(page.contains("<section id=\"s-roles\"") && page.contains("<figure id=\"roles-2\">"))
  }

  @Test func sweepsHaveALineForEach() throws {
    let points = Fixture.thresholds.map { [$0] }
    _ = try scratch.sweep(keys: ["protocol.promotion.threshold"], points: points, into: "a")
    _ = try scratch.sweep(keys: ["protocol.promotion.threshold"], points: points, into: "b")
    let page = try page(scratch.path("a"), scratch.path("b"))
    #expect(page.contains("Makespan over protocol.promotion.threshold"))
    let header = #/<th scope="col"[^>]*>protocol.<wbr>promotion.<wbr>threshold<\/th>.*>a<\/th>.*>b<\/th>/#
    #expect(page.contains(header))
    #expect(Self.values(in: page, table: "t-makespan_s") == (0..<5).flatMap { ["\(20 - $0)", "\(20 - $0)"] })
  }

  /// Numbers that no run has: an error, or a page; never a trap.
  @Test(arguments: ["0", "5e-324", "1e308", "-1e308"])
  func numbersBeyondAllRunsTrapNothing(number: String) async throws {
    try await run("a")
    try await run("b") { $0.replacing("timeout: 100 ms", with: "timeout: 80 ms") }
    for (file, column) in [
      (ResultFile.runs, "makespan_s"), (.runs, "server_bytes"), (.summary, "mean"), (.summary, "ci95_high"),
      (.devices, "completed_s"),
    ] {
      let original = try scratch.text("b/\(file.rawValue)")
      let rows = original.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let place = try #require(rows[0].firstIndex { $0 == column })
      let changed = rows.enumerated().map { index, row -> String in
        var row = row
        if index > 0 { row[place] = Substring(index.isMultiple(of: 2) && number == "1e308" ? "-1e308" : number) }
        return row.joined(separator: ",")
      }
      let forged = try scratch.forge("b", file) { _ in changed.joined(separator: "\n") + "\n" }
      do {
        let results = try LabelledResults.all(["a", "b"].map(scratch.path))
        let page = try OverlayPage(results, links: [nil, nil])
        _ = try page.page(OverlayPictures.all(of: results, page.figures), [:]).html()
        _ = try IndexedResults(forged.path)
      } catch let error as CSVError {
        expect(error.path, equals: forged.path(of: file))
      }
      _ = try scratch.forge("b", file) { _ in original }
    }
  }

  /// Of few replications that differ much Student's t thinks that a time could be less than nothing.
  @Test func nothingIsSoonerByMoreThanAllOfIt() async throws {
    for (name, makespans) in [("a", ["1", "1", "1", "1"]), ("b", ["0.1", "4", "0.1", "0.2"])] {
      try await run(name)
      _ = try scratch.forge(name, .runs) { text in
        var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let makespan = try #require(rows[0].firstIndex(of: "makespan_s"))
        for row in rows.indices.dropFirst() { rows[row][makespan] = Substring(makespans[row - 1]) }
        return rows.map { $0.joined(separator: ",") + "\n" }.joined()
      }
    }
    let page = try page(scratch.path("a"), scratch.path("b")).replacing(#/<[^>]+>/#, with: "")
      .replacing("\u{A0}", with: " ")
    #expect(page.contains("95 % interval: 100 % sooner to"))
    #expect(page.contains("[−100 %, +"))
    for match in page.matches(of: #/(?:\[−(\d+) %)|(?:(\d+) % sooner)/#) {
      let percent = try #require((match.output.1 ?? match.output.2).flatMap { Int($0) })
      #expect(percent <= 100)
    }
  }

  @Test(arguments: [0.0, -0.03, 0.2])
  func anIntervalIsDrawnOnItsScale(middle: Double) {
    let drawing = SmallDrawing.interval(middle - 0.01...middle + 0.01, at: middle, most: 0.1, paint: .green)
    expect(drawing.contains("<circle"), equals: middle < 0.1)
    expect(drawing.contains("<polygon"), equals: middle > 0.1)
    #expect(drawing.contains("aria-hidden=\"true\"") && !drawing.contains("nan"))
  }

  // MARK: - Comparisons

  @Test func theComparisonsPageHasTheVerdictsOfTheReport() async throws {
    try await run("base/lab")
    try await run("base/same")
    try await run("new/lab") { $0.replacing("timeout: 100 ms", with: "timeout: 50 ms") }
    try await run("new/same")
    try await run("new/<more>")
    let report = try await ComparisonJob(base: scratch.path("base"), new: scratch.path("new")).run().report
    try Presentation.write(report, to: scratch.path("page.html"))
    let page = try scratch.text("page.html")
    for entry in report.entries {
      guard case .compared(let comparison) = entry, !comparison.bytes.isSame else { continue }
      for metric in comparison.metrics {
        #expect(page.contains(HTML.escaped(metric.verdictText)) && page.contains(HTML.words(metric.metric.name)))
      }
      #expect(page.contains(HTML.escaped(comparison.headline)))
    }
    #expect(page.contains("1 result with the same bytes.") && page.contains("&lt;more&gt;: cannot be compared"))
    #expect(page.contains("protocol.<wbr>timeout") && page.contains("<svg class=\"small\""))
  }

  @Test func aPageReplacesOnlyAPage() async throws {
    try scratch.write("mine", to: "page.html")
    try await run("a")
    try await run("b")
    #expect(throws: PresentationError.notAReport(path: scratch.path("page.html"))) {
      try page(scratch.path("a"), scratch.path("b"))
    }
    try expect(scratch.text("page.html"), equals: "mine")
  }
}
