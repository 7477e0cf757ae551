import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results
@testable import RunMetrics

/// What the first screen says, and what a page never does, whatever the results are.
@Suite struct PageTests {
  private static func page(_ yaml: String, rerun: Bool = true) async throws -> String {
    let scratch = try Scratch()
    let folder = try await scratch.run(yaml)
    try Presentation.report(directory: folder.path)
    return try scratch.text("run.html")
  }

  /// The text between the heading and the list of contents, without its tags.
  private static func firstScreen(of page: String) throws -> String {
    let screen = try #require(page.firstMatch(of: #/<h1>.*?<\/header>/#.dotMatchesNewlines()))
    return String(screen.output).replacing(#/<[^>]*>/#, with: " ").replacing(#/\s+/#, with: " ")
      .replacing("&lt;", with: "<")
  }

  private static func ids(of page: String) -> [String] {
    page.replacing(#/<script[^>]*>(?s:.*?)<\/script>/#, with: "").matches(of: #/\bid=["']([^"']+)["']/#).map {
      String($0.1)
    }
  }

  @Test func itSaysWhatWasRunAndThatAllIsWell() async throws {
    let screen = try Self.firstScreen(of: await Self.page(Fixture.lab))
    #expect(
      screen.contains(
        "8 devices (6 desks, 2 late) fetch an image of 50 KiB over 1 Gbit/s, by multicast TFTP with promotion below 4 KiB; "
          + "lost: 2 % to 8 % of the packets to a device; 2 replications from seed 1."), "\(screen)")
    #expect(screen.contains("✔ All 8 devices have the image after "))
    #expect(screen.contains(" in 2 replications."))
    #expect(screen.contains("✔ Nothing went wrong: no device failed, and no limit ended a run."))
  }

  @Test func unmetExpectationsStandFirstWithTheirFigures() async throws {
    let page = try await Self.page(Fixture.lab + "\nexpect:\n  - completed_devices == 8\n  - makespan_s < 1 ms\n")
    let screen = try Self.firstScreen(of: page)
    let verdict = try #require(screen.firstRange(of: "✘ makespan_s < 1 ms (in every replication): replication 1: "))
    #expect(screen.contains("So 1 of 2 conditions are not met."))
    let figures = try #require(screen.firstRange(of: "Last completion (makespan)"))
    #expect(verdict.upperBound < figures.lowerBound)
    #expect(page.contains("<a href=\"#s-expectations\">") && Self.ids(of: page).contains("s-expectations"))
  }

  @Test func metExpectationsAreOneLine() async throws {
    let screen = try Self.firstScreen(
      of: await Self.page(Fixture.lab + "\nexpect:\n  - completed_devices == 8\n  - failed_devices == 0\n"))
    #expect(screen.contains("✔ All 2 conditions are met: completed_devices == 8, failed_devices == 0."), "\(screen)")
  }

  @Test func failedDevicesAreToldWithALinkAndTheirStories() async throws {
    let page = try await Self.page(
      Fixture.lab.replacing(
        "{name: late, count: 2, join: {at: 5 ms}, loss: {bernoulli: 2 %}}",
        with:
          "{name: late, count: 2, join: {at: 5 ms}, loss: {bernoulli: 1}}"))
    let screen = try Self.firstScreen(of: page)
    #expect(
      screen.contains("✘ Not all devices got the image: 6 of 8 devices have it, the last of them after "), "\(screen)")
    #expect(screen.contains("✘ 4 devices failed, in 2 of 2 replications."))
    #expect(page.contains("<a href=\"#s-devices\">"))
    #expect(page.contains("Devices that never got everything: 4 devices of all replications"))
    #expect(page.contains("<details id=\"story-7\">") && page.contains("gave up at "))
    #expect(!screen.contains("Nothing went wrong"))
  }

  @Test func runsThatALimitEndedAreTold() async throws {
    let screen = try Self.firstScreen(of: await Self.page(Fixture.lab + "\nlimits: {time: 2 ms}\n"))
    #expect(
      screen.contains(
        "✘ 2 of 2 runs were ended by the limit on simulated time; all figures include what is unfinished."),
      "\(screen)")
  }

  @Test func devicesThatAreSwitchedOffAreNoFailure() async throws {
    let screen = try Self.firstScreen(
      of: await Self.page(
        Fixture.lab.replacing("join: {at: 5 ms},", with: "join: {at: 5 ms}, leaves: {at: 5.1 ms},")))
    #expect(
      screen.contains("→ 4 devices were switched off before they were complete, as the scenario says"), "\(screen)")
    #expect(!screen.contains("failed, in"))
  }

  /// Every name that a user can write, with all that HTML and JSON could take for their own.
  @Test func noNameBecomesMarkup() async throws {
    let hostile = #"</script><!--<script>alert('1')</script>"&"#
    let quoted = "'\(hostile.replacing("'", with: "''"))'"
    let page = try await Self.page(
      Fixture.lab.replacing("name: desks", with: "name: \(quoted)").replacing("eight devices", with: quoted))
    #expect(!page.contains("<script>alert") && !page.contains("<!--<"))
    expect(page.ranges(of: "<script").count, equals: page.ranges(of: "</script>").count)
    #expect(page.contains("&lt;/script&gt;&lt;!--&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"))
  }

  /// The page's own script runs, for the policy has its hash. Nothing else runs, and nothing is loaded.
  @Test func aPageMayRunItsOwnScriptAndNothingElse() async throws {
    let page = try await Self.page(Fixture.lab)
    let start = try #require(page.ranges(of: "<script>").last?.upperBound)
    let end = try #require(page.ranges(of: "</script>").last?.lowerBound)
    let digest = Data(SHA256.hash(data: Data(page[start..<end].utf8))).base64EncodedString()
    let policy =
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-\(digest)'; "
      + "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">"
    let place = try #require(page.firstRange(of: policy))
    // A policy holds for what stands behind it.
    let style = try #require(page.firstRange(of: "<style>"))
    #expect(place.upperBound < style.lowerBound)
    expect(page.ranges(of: "<script>").count, equals: 1)
  }

  @Test func everyColumnHasAName() async throws {
    let page = try await Self.page(Fixture.lab + "\nexpect:\n  - completed_devices == 8\n")
    #expect(page.contains("<th scope=\"col\">met</th><th scope=\"col\">condition</th>"))
    #expect(!page.contains(#/<th[^>]*><\/th>/#))
  }

  /// One of the figures is the objective, in the unit of the tuner's sentence; it does not stand there twice.
  @Test func aTuningForTheMakespanHasItOnce() throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    try scratch.write(
      #"{"objective": "makespan", "objective_unit": "s", "sentence": "promote below 39.06 KiB"}"# + "\n",
      to: "tune/tune.json")
    let folder = try scratch.forge("tune", .tune) { text in
      text.split(separator: "\n").enumerated().map { index, line in
        line + (index == 0 ? ",makespan_mean_s,makespan_difference_s\n" : ",1.610000,0.000000\n")
      }.joined()
    }
    try Presentation.report(directory: folder.path)
    let screen = try Self.firstScreen(of: scratch.text("tune.html"))
    expect(screen.ranges(of: "makespan").count, equals: 1)
    #expect(screen.contains("Last completion (makespan)") && screen.contains("14.30 ± 0.40 s"), "\(screen)")
  }

  @Test func theSameResultsGiveTheSameBytes() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.ports)
    try Presentation.report(directory: folder.path, output: scratch.path("a.html"))
    try Presentation.report(directory: folder.path, output: scratch.path("b.html"))
    try expect(scratch.text("a.html"), equals: scratch.text("b.html"))
  }

  @Test(arguments: [
    ("after 2.5 s, 95 % of 3 MiB", "after 2.5\u{A0}s, 95\u{A0}% of 3\u{A0}MiB"), ("1 session", "1 session"),
    ("12 in 3 s.", "12 in 3\u{A0}s."), ("2 s2", "2 s2"),
  ]) func noLineEndsBetweenANumberAndItsUnit(text: String, html: String) {
    expect(HTML.sentence(text), equals: html)
  }

  @Test(arguments: [
    ("12 KiB, then 3 s", "<span class=\"whole\">12 KiB,</span> then <span class=\"whole\">3 s</span>"),
    ("protocol.promotion.threshold", "protocol.<wbr>promotion.<wbr>threshold"),
    ("gap_bytes_p95", "gap_<wbr>bytes_<wbr>p95"),
    ("desks & <late>", "desks &amp; &lt;late&gt;"), ("0.1.0", "0.1.0"),
  ]) func aFieldOfWordsBreaksInItsNames(text: String, html: String) {
    expect(HTML.words(text), equals: html)
  }

  @Test func aPageWithoutAnyPictureIsWhole() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.lab)
    var gallery = Gallery()
    gallery.add(nil, or: "Completion over time", "gnuplot refuses it")
    let page = try Report(folder: folder, gallery: gallery, drawings: [:], link: nil).page.html()
    #expect(!page.contains("<figure") && page.contains("<script type=\"application/json\" id=\"charts\">{}</script>"))
    #expect(page.contains("Completion over time: left out: gnuplot refuses it."))
    #expect(try Self.firstScreen(of: page).contains("1 picture is left out. Which, and why"))
  }

  @Test(arguments: [["protocol.promotion.threshold"], ["cohorts[0].loss.bernoulli", "protocol.windowsize"]])
  func idsOfASweepAreUniqueAndEveryLinkHasItsTarget(keys: [String]) throws {
    let scratch = try Scratch()
    let points =
      keys.count == 1
      ? Fixture.thresholds.map { [$0] } : [["0.01", "4"], ["0.01", "8"], ["0.05", "4"], ["0.05", "8"]]
    try Presentation.report(directory: scratch.sweep(keys: keys, points: points).path)
    let page = try scratch.text("sweep.html")
    let ids = Self.ids(of: page)
    expect(Set(ids).count, equals: ids.count)
    for link in page.matches(of: #/href="#([^"]+)"/#) { #expect(ids.contains(String(link.1)), "\(link.1)") }
  }
}
