import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures

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

  @Test func theFirstBaselineNeedsNoOther() async throws {
    try SmallResults.write(to: scratch.path("new"))
    var job = ComparisonJob(base: scratch.path("baselines/first"), new: scratch.path("new"))
    await #expect(throws: ComparisonError.self) { try await job.run() }
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
