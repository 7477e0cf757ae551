import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Experiments
@testable import Fixtures
@testable import Results
@testable import Scenarios

@Suite struct BaselineTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func baselinesAreRunAgainAndAreTheSame() async throws {
    for name in ["one", "two"] {
      let new = try SmallResults.write(to: scratch.path("new/" + name), ["name=\(name)"])
      try Baseline.accept(new, at: scratch.path("baselines/" + name))
    }
    var job = ComparisonJob(base: scratch.path("baselines"), new: nil)
    job.isExact = true
    let result = try await job.run()
    expect(result.report.outcome, equals: .passed)
    expect(result.report.entries.map(\.name), equals: ["one", "two"])
    expect(result.report.text, equals: "the same bytes: one, two\n\npassed\n")
  }

  /// What is accepted is the baseline then, with the files that it kept; what was said to have moved is in the report.
  @Test func whatIsAcceptedIsTheBaseline() async throws {
    try Baseline.accept(SmallResults.write(to: scratch.path("old")), at: scratch.path("baseline"))
    try SmallResults.write(to: scratch.path("new"), ["cohorts[1].loss={bernoulli: 40 %}"])
    var job = ComparisonJob(base: scratch.path("baseline"), new: scratch.path("new"))
    job.isExact = true
    try await expect(job.run().report.outcome, equals: .regressed)
    try expect(scratch.text("baseline/runs.csv"), equals: scratch.text("old/runs.csv"))
    job.accepts = true
    let accepted = try await job.run()
    expect(accepted.accepted, equals: [scratch.path("baseline")])
    #expect(accepted.report.text.contains("first difference: runs.csv parts at line 2"))
    try expect(scratch.names(in: "baseline"), equals: ["manifest.json", "runs.csv", "sessions.csv"])
    try expect(scratch.text("baseline/runs.csv"), equals: scratch.text("new/runs.csv"))
    try expect(scratch.names(), equals: ["baseline", "new", "old"])
    #expect(try await job.run().accepted.isEmpty)
  }

  /// What varies is varied again: the results of a sweep, a race or a share are never those of a plain run.
  @Test(arguments: [
    ["sweep={vary: {protocol.windowsize: '1, 4'}}"], ["sweep={vary: {protocol.strategy: 'promotion, rfc2090'}}"],
  ])
  func whatIsRunAgainIsOfTheSameKind(sweep: [String]) async throws {
    let points = try #require(SweepPoints(SmallResults.scenario(sweep)))
    for share in [nil, Share("2/3")] {
      let name = share == nil ? "whole" : "share"
      var sweep = Sweep(points)
      sweep.share = share
      let before = try await Baseline.rerun(sweep, into: scratch.path(name), jobs: nil) { _, _ in }.manifest
      var job = ComparisonJob(base: scratch.path(name), new: nil)
      (job.isExact, job.accepts) = (true, true)
      var counts: [Int] = []
      let result = try await job.run { done, total, _ in counts += [done, total] }
      expect(result.report.text, equals: "the same bytes: small\n\npassed\n")
      expect(Array(counts.suffix(2)), equals: share == nil ? [6, 6] : [2, 2])
      #expect(result.accepted.isEmpty)
      try expect(ResultsFolder(at: scratch.path(name)).manifest, equals: before)

      // What is accepted is what it was, but for the figures that moved.
      try scratch.forge(name, .runs) { $0 = $0.replacing("small,", with: "large,") }
      let moved = try await job.run()
      expect(moved.accepted, equals: [scratch.path(name)])
      try expect(ResultsFolder(at: scratch.path(name)).manifest, equals: before)
    }
  }

  /// A baseline keeps no summary, but its manifest knows the values of each point.
  @Test(arguments: [
    ("{protocol.windowsize: '1, 4'}", nil),
    ("{protocol.windowsize: '2, 4'}", "point 0 has protocol.windowsize = 1 in BASE and 2 in NEW"),
    ("{protocol.blksize: '512 B, 1024 B'}", "BASE varies protocol.windowsize, and NEW protocol.blksize_bytes"),
  ])
  func pointsOfABaselineAreThoseOfItsSweep(vary: String, obstacle: String?) async throws {
    func sweep(_ vary: String, _ seed: Int, into name: String) async throws -> ResultsFolder {
      let points = try #require(SweepPoints(SmallResults.scenario(["sweep={vary: \(vary)}", "seed=\(seed)"])))
      return try await Baseline.rerun(Sweep(points), into: scratch.path(name), jobs: 1) { _, _ in }
    }
    try Baseline.accept(await sweep("{protocol.windowsize: '1, 4'}", 1, into: "old"), at: scratch.path("baseline"))
    let base = try ResultsFolder(at: scratch.path("baseline"), extent: .kept)
    #expect(!base.has(.summary))
    let comparison = try ResultsComparison(base: base, new: await sweep(vary, 2, into: "new"))
    expect(comparison.problems, equals: obstacle.map { [$0] } ?? [])
  }

  @Test func whatCannotBeRunAgainIsRefusedAndStays() async throws {
    try SmallResults.write(to: scratch.path("tuning"))
    try scratch.edit("tuning/manifest.json") { $0 = $0.replacing("\"sessions.csv\"", with: "\"tune.csv\"") }
    try FileManager.default.moveItem(
      atPath: scratch.path("tuning/sessions.csv"), toPath: scratch.path("tuning/tune.csv"))
    try SmallResults.write(to: scratch.path("live"))
    try scratch.forgeManifest("live") { $0.live = [] }
    for (name, refusal) in [
      ("tuning", RerunRefusal.tuning(path: scratch.path("tuning"))), ("live", .live(path: scratch.path("live"))),
    ] {
      let before = try scratch.text("\(name)/manifest.json")
      var job = ComparisonJob(base: scratch.path(name), new: nil)
      job.accepts = true
      await #expect(throws: refusal) { try await job.run() }
      try expect(scratch.text("\(name)/manifest.json"), equals: before)
    }
    // Among others they are reported, and the others go on.
    try SmallResults.write(to: scratch.path("plain"))
    var job = ComparisonJob(base: scratch.path(""), new: nil)
    job.accepts = true
    let report = try await job.run().report
    expect(report.entries.map(\.name), equals: ["live", "small", "tuning"])
    #expect(report.hasFailures)
    // The simulator may be held against what was measured.
    #expect(try await !ComparisonJob(base: scratch.path("live"), new: nil).run().report.hasFailures)
  }

  @Test func whatDeadProcessesLeftIsRemovedAndWhatIsInUseStays() throws {
    try scratch.write("", to: "gapsim-compare-dead/lab.journal")
    try scratch.write("", to: "gapsim-other/lab.journal")
    let one = try ComparisonScratch(in: scratch.path(""))
    let two = try ComparisonScratch(in: scratch.path(""))
    let names = [one, two].map { String($0.path.split(separator: "/").last ?? "") }
    try expect(scratch.names(), equals: (names + ["gapsim-other"]).sorted())
    one.remove()
    one.remove()
    try expect(scratch.names(), equals: [names[1], "gapsim-other"])
    two.remove()
    try expect(scratch.names(), equals: ["gapsim-other"])
  }

  @Test func theFirstBaselineNeedsNoOther() async throws {
    try SmallResults.write(to: scratch.path("new"))
    var job = ComparisonJob(base: scratch.path("baselines/first"), new: scratch.path("new"))
    let missing = ResultsFolderError.missing(path: job.base, what: "the directory does not exist")
    await #expect(throws: missing) { try await job.run() }
    job.accepts = true
    try await expect(job.run().accepted, equals: [scratch.path("baselines/first")])
    try expect(scratch.names(in: "baselines/first"), equals: ["manifest.json", "runs.csv", "sessions.csv"])
  }

  @Test func whatHasNoPartnerCannotBeCompared() async throws {
    for path in ["base/one", "base/two", "new/two", "new/three"] { try SmallResults.write(to: scratch.path(path)) }
    let report = try await ComparisonJob(base: scratch.path("base"), new: scratch.path("new")).run().report
    expect(report.outcome, equals: .incomparable)
    expect(report.entries.map(\.name), equals: ["one", "three", "small"])
  }

  @Test func aFolderWithoutResultsIsSaidToBe() async throws {
    try scratch.write("hello", to: "folder/notes.txt")
    let job = ComparisonJob(base: scratch.path("folder"), new: nil)
    let error = await #expect(throws: ComparisonError.self) { try await job.run() }
    #expect(error?.description.contains("holds no results") == true)
  }
}
