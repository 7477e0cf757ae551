import Foundation
import TestSupport
import Testing

/// Pages of several results, as a user makes them.
@Suite struct SeveralTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String, _ settings: String...) throws {
    let outcome = try Program.run(
      ["run", "Scenarios/late-joiners.yaml", "-o", folder.path(name), "--quiet", "--replications", "4"]
        + (["file.size=100 KiB"] + settings).flatMap { ["--set", $0] })
    expect(outcome.status, equals: 0, "\(outcome.errors)")
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
  }

  @Test func resultsLieOverEachOtherByLabel() throws {
    try run("a")
    try run("b", "protocol.promotion.threshold=4 KiB")
    let (a, b, page) = (folder.path("a"), folder.path("b"), folder.path("page.html"))
    let outcome = try Program.run("report", "old=\(a)", b, "-o", page)
    #expect(outcome.status == 0 && outcome.output.contains("wrote \(page)"), "\(outcome.errors)")
    #expect(try text("page.html").contains("<h1>old · b</h1>"))
    let twice = try Program.run("report", a, a, "-o", page)
    #expect(twice.status == 64 && twice.errors.contains("are both called 'a'"), "\(twice.errors)")
    try expect(Program.run("report", a, folder.path("none"), "-o", page).status, equals: 66)
    try expect(Program.run("report").status, equals: 64)
    // Without gnuplot the charts are there, and the figures.
    let poor = try Program.run(["report", a, b, "-o", folder.path("poor.html")], environment: ["PATH": "/nowhere"])
    expect(poor.status, equals: 0, "\(poor.errors)")
    #expect(try text("poor.html").contains("gnuplot, which draws the picture, was not there"))
  }

  @Test func aComparisonIsAPageAndItsExitCodeStays() throws {
    try run("a")
    try run("worse", "cohorts[0].latency=30 ms")
    let (a, worse, page) = (folder.path("a"), folder.path("worse"), folder.path("page.html"))
    try expect(Program.run("compare", a, worse, "--html", page).status, equals: 1)
    #expect(try text("page.html").contains("✘ regressed"))
    try expect(Program.run("compare", a, a, "--html", page).status, equals: 0)
    #expect(try text("page.html").contains("Passed: nothing that counts got worse."))
    try "mine".write(toFile: folder.path("mine.html"), atomically: true, encoding: .utf8)
    let foreign = try Program.run("compare", a, worse, "--html", folder.path("mine.html"))
    #expect(foreign.status == 73 && foreign.errors.contains("no report of gapsim"), "\(foreign.errors)")
    try expect(text("mine.html"), equals: "mine")
  }

  @Test func aDirectoryOfResultsHasAnIndex() throws {
    try run("Results/a")
    try run("Results/b")
    let outcome = try Program.run("report", folder.path("Results"))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(try text("Results.html").contains("2 results: 2 runs."))
    try "x".write(toFile: folder.path("Results/a/runs.csv"), atomically: true, encoding: .utf8)
    let damaged = try Program.run("report", folder.path("Results"))
    #expect(damaged.status == 0 && damaged.errors.contains("1 result cannot be read"), "\(damaged.errors)")
  }

  @Test func aRaceWritesItsPage() throws {
    let outcome = try Program.run(
      "race", "Scenarios/late-joiners.yaml", "--strategies", "promotion,unicast", "--replications", "2", "--set",
      "file.size=50 KiB", "-o", folder.path("race"), "--no-plots", "--quiet", "--html", folder.path("race.page.html"))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(try text("race.page.html").contains("<!-- a report of gapsim -->"))
  }
}
