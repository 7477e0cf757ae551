import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results

@Suite struct ReportTests {
  private static func page(_ yaml: String = Fixture.lab) async throws -> String {
    let scratch = try Scratch()
    let folder = try await scratch.run(yaml)
    try Presentation.report(directory: folder.path)
    return try scratch.text("run.html")
  }

  /// A page without its scripts and their data.
  private static func markup(of page: String) -> String {
    page.replacing(#/<script[^>]*>(?s:.*?)<\/script>/#, with: "")
  }

  @Test func thePageNeedsNothingElse() async throws {
    let page = try await Self.page()
    let markup = Self.markup(of: page)
    let references = markup.matches(of: #/(?:src|href)=["']([^"']*)/#).map { String($0.1) }
    let allowed = ["#", "data:image/png", "run/"]
    #expect(references.allSatisfy { reference in allowed.contains { reference.hasPrefix($0) } })
    #expect(!markup.contains("<link") && !markup.contains("@import") && !markup.contains("url(h"))
  }

  @Test func itHasTheFiguresThePicturesTheTablesAndTheProvenance() async throws {
    let page = try await Self.page()
    for text in [
      "Last completion (makespan)", "Provenance", "SHA-256 of the scenario", "gapsim \(Program.version)",
      "all are as the manifest says", "threshold: 4 KiB", "eight devices", "prefers-color-scheme: dark", "@media print",
      "<a href=\"run/summary.csv\">",
    ] { #expect(page.contains(text), "\(text)") }
    expect(page.matches(of: #/<figure /#).count, equals: 6)
  }

  @Test func everyPictureHasATitleAWordingAndItsData() async throws {
    let page = Self.markup(of: try await Self.page())
    let pictures = page.matches(of: #/<svg [^>]*role="img" aria-labelledby="([a-z-]+)-title [a-z-]+-text"/#)
    expect(pictures.count, equals: page.matches(of: #/<svg/#).count)
    for picture in pictures {
      #expect(page.contains("<title id=\"\(picture.1)-title\">") && page.contains("<desc id=\"\(picture.1)-text\">"))
    }
    expect(page.matches(of: #/The data of this picture/#).count, equals: pictures.count)
  }

  @Test func noTwoElementsHaveTheSameIdAndEveryReferenceHasItsTarget() async throws {
    let page = Self.markup(of: try await Self.page())
    let ids = page.matches(of: #/\bid=["']([^"']+)["']/#).map { String($0.1) }
    expect(Set(ids).count, equals: ids.count)
    let references = page.matches(of: #/href=["']#([^"']+)["']/#).map { String($0.1) }
    #expect(!references.isEmpty && references.allSatisfy(ids.contains))
  }

  @Test func allColorsOfThePicturesFollowTheScheme() async throws {
    let page = Self.markup(of: try await Self.page())
    let gap = Paint.gap.light
    let fixed = Set(
      page.matches(of: #/["']rgb\(([ 0-9]+),([ 0-9]+),([ 0-9]+)\)["']/#).map { "\($0.1),\($0.2),\($0.3)" })
    #expect(fixed.isEmpty, "\(fixed), gap \(gap)")
    #expect(page.contains("var(--blue)") && page.contains("var(--ink)"))
  }

  @Test func whatUsersWroteIsEscaped() async throws {
    let hostile = #"<script>alert(1)</script>&"'"#
    let page = try await Self.page(
      Fixture.lab.replacing("eight devices", with: "'\(hostile.replacing("'", with: "''"))'"))
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
  }

  /// Of replications without a complete device none has a last one.
  @Test func theTableOfCohortsKnowsWhichReplicationsHaveALastDevice() async throws {
    let scratch = try Scratch()
    func caption(_ yaml: String, _ change: (String) -> String = { $0 }) async throws -> String {
      _ = try await scratch.run(yaml)
      let folder = try scratch.forge("run", .devices, change)
      return try #require(try CohortTable(folder, DeviceDigest(folder))).table.caption
    }
    let all = try await caption(Fixture.lab)
    #expect(all.hasSuffix("and of 2 replications, in how many the last device was one of theirs"), "\(all)")
    let none = try await caption(Fixture.switchedOff)
    #expect(!none.contains("last device") && !none.contains("0 replications"), "\(none)")
    let some = try await caption(Fixture.lab) { text in
      var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let (replication, completed) = (rows[0].firstIndex(of: "replication"), rows[0].firstIndex(of: "completed_s"))
      for row in rows.indices.dropFirst() where rows[row][replication ?? 0] == "2" { rows[row][completed ?? 0] = "" }
      return rows.map { $0.joined(separator: ",") + "\n" }.joined()
    }
    #expect(some.contains("of the 1 of 2 replications in which any device is complete"), "\(some)")
  }

  @Test func escapingLeavesNoMarkupAndNoControlCharacters() {
    expect(HTML.escaped("<a href=\"x\">&'\u{0}\n"), equals: "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u{FFFD}\n")
    expect(JSONText.string("</script><!--\"\\\n\u{1}"), equals: #""\u003c/script>\u003c!--\"\\\n\#u{FFFD}""#)
  }

  @Test func sweepsAndTuningsHaveReportsToo() throws {
    let scratch = try Scratch()
    let sweep = try scratch.sweep(
      keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] })
    try Presentation.report(directory: sweep.path)
    #expect(try scratch.text("sweep.html").contains("at protocol.promotion.threshold = 1\u{A0}MiB"))
    try Presentation.report(directory: scratch.tuning().path)
    #expect(try scratch.text("tune.html").contains("<dt>The threshold</dt><dd>39.06 KiB</dd>"))
  }

  /// 1 MiB is the luckiest, but 64 KiB cannot be told apart from it: that is what a page recommends.
  @Test func aPageDoesNotRecommendTheLuckiestPoint() throws {
    let scratch = try Scratch()
    let sweep = try scratch.sweep(
      keys: ["protocol.promotion.threshold"], points: Fixture.thresholds.map { [$0] },
      makespans: [[70, 75, 72, 74], [60, 65, 62, 64], [50, 55, 52, 54], [51, 55, 54, 53], [51, 52, 53, 53]])
    try Presentation.report(directory: sweep.path)
    let page = try scratch.text("sweep.html").replacing("\u{A0}", with: " ")
    #expect(
      page.contains("at protocol.promotion.threshold = 64 KiB; 3 of 5 points cannot be told apart from the best: also ")
    )
    #expect(page.contains("Last completion (makespan) may be least at 64 KiB, as far as 4 replications can tell"))
    #expect(page.contains("the least mean is 52.250 s, of 1 MiB"))
    #expect(page.contains("also 256 KiB, 1 MiB"))
    #expect(page.contains("95 % confidence of all together, 4 replications paired"))
  }

  @Test func aPageRecommendsNoValueOfTheEnvironment() throws {
    let scratch = try Scratch()
    let keys = ["cohorts[0].loss.bernoulli", "protocol.windowsize"]
    let points = [["0.01", "4"], ["0.01", "8"], ["0.05", "4"], ["0.05", "8"]]
    try Presentation.report(directory: scratch.sweep(keys: keys, points: points).path)
    let page = try scratch.text("sweep.html")
    #expect(page.contains("Nobody chooses cohorts[0].loss.bernoulli: there is an answer"))
    #expect(!page.contains("<dt>Least: "))
    #expect(
      page.contains(
        "<td class=\"n\" data-v=\"0.05\">0.05</td><td>Last completion (makespan)</td><td class=\"n\" data-v=\"8\">8</td>"
      ))
    let nothing = try scratch.sweep(keys: ["cohorts[0].count"], points: [["10"], ["20"]], into: "none")
    try Presentation.report(directory: nothing.path)
    #expect(try !scratch.text("none.html").contains("east: "))
  }

  /// The least value of what nobody chooses is no best value.
  @Test func onlyWhatCanBeChosenHasABestValue() throws {
    let scratch = try Scratch()
    let points = [["0.01", "4"], ["0.01", "8"], ["0.05", "4"], ["0.05", "8"]]
    let sweep = try scratch.sweep(keys: ["cohorts[0].loss.bernoulli", "protocol.windowsize"], points: points)
    try Presentation.report(directory: sweep.path)
    let page = try scratch.text("sweep.html")
    let overview = try #require(page.split(separator: "id=\"t-effects\"").last?.split(separator: "</table>").first)
    #expect(overview.contains("windowsize") && !overview.contains("bernoulli"), "\(overview)")
    #expect(page.contains(">least</td>"))
  }

  /// Two candidates of the same figures are both on the front, as the table says.
  @Test func equalCandidatesCountOneByOneOnTheFront() throws {
    let scratch = try Scratch()
    var csv = Fixture.tuning.split(separator: "\n").map(String.init)
    csv[0] += ",makespan_mean_s,makespan_difference_s,server_bytes_mean,server_bytes_difference"
    for row in 1..<csv.count { csv[row] += row < 4 ? ",20,1,1000,100" : ",19,0,900,0" }
    try scratch.write(csv.joined(separator: "\n") + "\n", to: "tune/tune.csv")
    try scratch.sign("tune")
    let data = try TuneData(ResultsFolder(at: scratch.path("tune")))
    let picture = try #require(ParetoPicture.picture(of: data))
    #expect(picture.alternative.hasPrefix("2 of 5 candidates are such that"), "\(picture.alternative)")
    let column = try #require(picture.data.header.firstIndex(of: "is_on_front"))
    expect(picture.data.rows.map { $0[column] }, equals: ["0", "0", "0", "1", "1"])
  }

  /// What was tuned is what the tuning varied.
  @Test func aTuningSaysWhatWasTuned() throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    let answer = #"{"chosen": {"protocol.windowsize": "4", "protocol.timeout": "1 s"}, "environment": {}}"#
    try scratch.write(#"{"answer": \#(answer), "answers": [\#(answer)]}"# + "\n\n", to: "tune/tune.json")
    try scratch.sign("tune")
    let folder = try ResultsFolder(at: scratch.path("tune"))
    let sentence = try WhatWasRun(folder.scenario(), folder).sentence
    #expect(sentence.contains("protocol.timeout × protocol.windowsize were tuned from seed 1"), "\(sentence)")
    #expect(sentence.contains("below 4 KiB"), "\(sentence)")
  }

  @Test(arguments: [
    ("a/run.html", "a/run", "run"), ("run.html", "b/c d", "b/c%20d"), ("a/run.html", "b/run", nil),
    ("/x/r.html", "/x", nil),
  ])
  func thePageKnowsTheWayToResultsBesideIt(page: String, directory: String, way: String?) {
    expect(Presentation.way(from: page, to: directory), equals: way)
  }
}
