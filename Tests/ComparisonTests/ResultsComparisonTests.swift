import Foundation
import TestSupport
import Testing

@testable import Comparison
@testable import Fixtures
@testable import Results

@Suite struct ResultsComparisonTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func results(_ name: String) throws -> ResultsFolder {
    try ResultsFolder(at: scratch.path(name), extent: .kept)
  }

  @Test func theSameScenarioGivesTheSameBytes() throws {
    let comparison = try ResultsComparison(
      base: SmallResults.write(to: scratch.path("a")), new: SmallResults.write(to: scratch.path("b")), isExact: true)
    expect(comparison.outcome, equals: .passed)
    expect(comparison.headline, equals: "small: the same bytes")
    expect(comparison.bytes.files, equals: [.runs, .devices, .sessions, .gaps, .summary, .cohorts, .cohortsSummary])
  }

  @Test func theFirstFieldThatDiffersIsNamed() throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"))
    var value = ""
    try scratch.forge("b", .devices) { text in
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      var fields = lines[9].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      value = fields[6]
      fields[6] = "passive>failed"
      lines[9] = fields.joined(separator: ",")
      text = lines.joined(separator: "\n")
    }
    let comparison = try ResultsComparison(base: results("a"), new: results("b"), isExact: true)
    expect(comparison.outcome, equals: .regressed)
    expect(
      comparison.firstDifference(),
      equals:
        "devices.csv parts at line 10 (point 0, replication 2, device 3): roles is \(value) in BASE and passive>failed"
        + " in NEW")
    #expect(comparison.advice[0].hasPrefix("gapsim log \(scratch.path("a")) --replication 2 -o base.log"))
    // Nothing that is tested differs.
    try expect(ResultsComparison(base: results("a"), new: results("b")).outcome, equals: .passed)
  }

  @Test func moreReplicationsOfTheSameAreNoDifferenceToLookFor() throws {
    let base = try SmallResults.write(to: scratch.path("a"))
    for count in ["5", "1"] {
      let more = try SmallResults.write(to: scratch.path("b"), ["replications=\(count)"])
      let comparison = try ResultsComparison(base: base, new: more)
      #expect(comparison.advice.isEmpty, "\(comparison.advice)")
      #expect(comparison.firstDifference()?.hasPrefix("runs.csv is longer in ") == true)
      #expect(comparison.notes.first?.contains(count == "1" ? "1 replication is in" : "3 replications are in") == true)
    }
    let other = try SmallResults.write(to: scratch.path("b"), ["replications=5", "cohorts[0].loss.bernoulli=6 %"])
    #expect(try ResultsComparison(base: base, new: other).advice[0].hasPrefix("gapsim diff "))
  }

  @Test func aFileThatGoesOnOrHasOtherColumnsIsNamed() throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"))
    try scratch.forge("b", .gaps) { $0 += "small,0,3,1,99,1\n" }
    try scratch.forge("b", .sessions) { $0 = $0.replacing("session,active", with: "pass,active") }
    let comparison = try ResultsComparison(base: results("a"), new: results("b"), isExact: true)
    #expect(comparison.bytes.differences[.gaps]?.text().contains("is longer in NEW") == true)
    expect(comparison.bytes.differences[.sessions]?.text(), equals: "has other columns")
  }

  /// Of files that a baseline does not keep, the manifest's digests speak.
  @Test func filesThatAreNotKeptAreComparedByTheirDigests() throws {
    let new = try SmallResults.write(to: scratch.path("b"), ["cohorts[0].loss={bernoulli: 6 %}"])
    try Baseline.accept(SmallResults.write(to: scratch.path("a")), at: scratch.path("baseline"))
    try expect(scratch.names(in: "baseline"), equals: ["manifest.json", "runs.csv", "sessions.csv"])
    let comparison = try ResultsComparison(base: results("baseline"), new: new)
    expect(comparison.bytes.differences[.devices], equals: .digest)
    expect(comparison.settings.map(\.path), equals: ["cohorts[0].loss.bernoulli.p"])
    expect(comparison.advice, equals: ["gapsim diff \(scratch.path("baseline")) \(scratch.path("b")) --replication 1"])
  }

  @Test func regressionImprovementChangeAndNoEvidenceAreTold() throws {
    try SmallResults.write(to: scratch.path("a"), ["replications=12"])
    try SmallResults.write(to: scratch.path("b"), ["replications=12", "cohorts[1].loss={bernoulli: 40 %}"])
    let worse = try ResultsComparison(base: results("a"), new: results("b"))
    expect(worse.outcome, equals: .regressed)
    #expect(worse.isPaired)
    let verdicts = Dictionary(uniqueKeysWithValues: worse.metrics.map { ($0.metric.name, $0.verdict) })
    expect(verdicts["makespan_s"], equals: .regressed)
    expect(verdicts["gap_bytes_mean"], equals: .changed)
    let better = try ResultsComparison(base: results("b"), new: results("a"))
    expect(better.metrics.first { $0.metric == .makespan }?.verdict, equals: .improved)
    let allowed = try ResultsComparison(
      base: results("a"), new: results("b"), limits: RegressionLimits("all=100000%"))
    expect(allowed.outcome, equals: .passed)
    expect(allowed.metrics.first { $0.metric == .makespan }?.verdict, equals: .worse)
  }

  @Test func otherSeedsAreNotPaired() throws {
    let comparison = try ResultsComparison(
      base: SmallResults.write(to: scratch.path("a"), ["replications=6"]),
      new: SmallResults.write(to: scratch.path("b"), ["replications=6", "seed=2"]))
    #expect(!comparison.isPaired)
    #expect(comparison.metrics.allSatisfy { $0.difference?.method != .paired })
    expect(comparison.outcome, equals: .passed)
    #expect(ComparisonReport([.compared(comparison)]).text.contains("independent runs, Welch's t"))
  }

  @Test func oneReplicationCannotBeTested() throws {
    let comparison = try ResultsComparison(
      base: SmallResults.write(to: scratch.path("a"), ["replications=1"]),
      new: SmallResults.write(to: scratch.path("b"), ["replications=1", "cohorts[1].loss={bernoulli: 40 %}"]))
    expect(comparison.outcome, equals: .incomparable)
    #expect(ComparisonReport([.compared(comparison)]).text.contains("1 value in common, and 2 are the least"))
  }

  @Test func noReplicationInCommonIsNotTheSame() throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"))
    try scratch.forge("b", .runs) { text in
      for replication in 1...3 {
        text = text.replacing("small,0,\(replication),", with: "small,0,\(replication + 10),")
      }
    }
    let comparison = try ResultsComparison(base: results("a"), new: results("b"))
    expect(comparison.outcome, equals: .incomparable)
    #expect(comparison.problems.contains { $0.contains("0 values in common") })
  }

  /// Whichever of the two a limit ended: its makespan is that of fewer devices.
  @Test(arguments: [
    ("1 h", "3 ms", "a limit ended 3 replications of NEW, and 0 of BASE"),
    ("3 ms", "1 h", "a limit ended 0 replications of NEW, and 3 of BASE"),
  ])
  func unfinishedRunsCannotBeCompared(base: String, new: String, says: String) throws {
    let comparison = try ResultsComparison(
      base: SmallResults.write(to: scratch.path("a"), ["limits.time=\(base)"]),
      new: SmallResults.write(to: scratch.path("b"), ["limits.time=\(new)"]))
    #expect(comparison.outcome != .passed)
    #expect(ComparisonReport([.compared(comparison)]).text.contains(says))
  }

  /// Format version 1 counted devices that left as failed.
  @Test(arguments: [("none", true), ("{at: 1 ms}", false)])
  func failuresOfTwoFormatsAreComparedOnlyIfNobodyLeaves(leaves: String, areCompared: Bool) throws {
    try SmallResults.write(to: scratch.path("a"), ["cohorts[0].leaves=\(leaves)"])
    try SmallResults.write(to: scratch.path("b"), ["cohorts[0].leaves=\(leaves)", "protocol.timeout=999 ms"])
    try scratch.forgeManifest("a") { $0.formatVersion = 1 }
    let comparison = try ResultsComparison(base: results("a"), new: results("b"))
    expect(comparison.metrics.contains { $0.metric == .failed }, equals: areCompared)
    #expect(comparison.notes.contains { $0.hasPrefix("failed_devices is not compared") } != areCompared)
  }

  /// Points are known by their numbers; those of another sweep are other points.
  @Test func pointsOfAnotherSweepAreNotCompared() throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"), ["seed=2"])
    for (name, value) in [("a", "1 KiB"), ("b", "2 KiB")] {
      try scratch.forge(name, .summary) { text in
        text = text.replacing("point,metric", with: "point,threshold,metric").replacing(
          "small,0,", with: "small,0,\(value),")
      }
    }
    let comparison = try ResultsComparison(base: results("a"), new: results("b"))
    expect(comparison.outcome, equals: .incomparable)
    expect(comparison.problems, equals: ["point 0 has threshold = 1 KiB in BASE and 2 KiB in NEW"])
  }

  @Test(arguments: [
    ("file.size=41 KiB", "the file (40 KiB in BASE, 41 KiB in NEW)"),
    ("cohorts[1].count=3", "the number of devices (6 in BASE, 7 in NEW), the cohorts (front: 4, back: 2 in BASE,"),
    ("cohorts[1].name=rear", "the cohorts (front: 4, back: 2 in BASE, front: 4, rear: 2 in NEW)"),
  ])
  func scenariosOfTwoWorldsAreRefusedUnlessTheyAreToBeCompared(setting: String, says: String) throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"), [setting])
    let refused = try ResultsComparison(base: results("a"), new: results("b"))
    expect(refused.outcome, equals: .incomparable)
    #expect(refused.metrics.isEmpty)
    #expect(refused.problems.first?.contains(says) == true, "\(refused.problems)")
    #expect(refused.problems.first?.hasSuffix("--across compares them all the same") == true)
    #expect(try !ResultsComparison(base: results("a"), new: results("b"), isAcross: true).metrics.isEmpty)
  }

  @Test func whatTheReplicationsCouldHaveShownIsSaid() throws {
    try SmallResults.write(to: scratch.path("a"), ["replications=8"])
    try SmallResults.write(to: scratch.path("b"), ["replications=8", "cohorts[1].loss={bernoulli: 11 %}"])
    let comparison = try ResultsComparison(
      base: results("a"), new: results("b"), primary: PrimaryMetrics("makespan_s,server_bytes"))
    let text = ComparisonReport([.compared(comparison)]).text
    #expect(
      text.contains(#/8 replications can show a change of [0-9.]+ % of makespan_s; 5 % would need [0-9]+/#), "\(text)")
    #expect(text.contains(#/8 replications can show a change of [0-9.]+ % of server_bytes; 5 % would need [0-9]+/#))
    #expect(text.contains("could show"))
    #expect(text.contains("first makespan_s, server_bytes, then everything else"))
  }

  /// Three replications show nothing of a change of a percent: it is open whether it got worse by 5 %.
  @Test func whatIsInconclusiveFailsOrPassesAsItIsAsked() throws {
    try SmallResults.write(to: scratch.path("a"))
    try SmallResults.write(to: scratch.path("b"), ["cohorts[1].loss={bernoulli: 11 %}"])
    func outcome(_ policy: ResultsComparison.Inconclusive?, primary: PrimaryMetrics? = nil) throws
      -> ResultsComparison.Outcome
    {
      try ResultsComparison(base: results("a"), new: results("b"), primary: primary, whenInconclusive: policy).outcome
    }
    try expect(outcome(nil), equals: .passed)
    try expect(outcome(.pass), equals: .passed)
    try expect(outcome(.fail), equals: .inconclusive)
    try expect(
      outcome(.fail, primary: PrimaryMetrics("failed_devices")), equals: .passed, "it is the same in all replications")
    let report = ComparisonReport([
      .compared(try ResultsComparison(base: results("a"), new: results("b"), whenInconclusive: .fail))
    ])
    #expect(report.text.hasSuffix("\ninconclusive\n"))
    #expect(report.text.contains("it is not excluded that these got worse by more than 5 %: "))
    #expect(report.junit.contains("<error message=\"inconclusive\">"))
    #expect(report.markdown.contains("**inconclusive**"))
  }

  @Test func whatCannotBeTestedPassesOnlyIfThatIsAsked() throws {
    let (a, b) = (
      try SmallResults.write(to: scratch.path("a"), ["replications=1"]),
      try SmallResults.write(to: scratch.path("b"), ["replications=1", "cohorts[1].loss={bernoulli: 40 %}"])
    )
    try expect(ResultsComparison(base: a, new: b, whenInconclusive: .fail).outcome, equals: .incomparable)
    try expect(ResultsComparison(base: a, new: b, whenInconclusive: .pass).outcome, equals: .passed)
  }

  /// A makespan that NEW has in some replications, or in none, or that it alone has.
  @Test(arguments: [(4, true, true), (6, true, true), (6, false, true), (6, true, false), (4, true, false)])
  func aMetricThatOneSideHasLostNeverPasses(lost: Int, inNew: Bool, isPaired: Bool) throws {
    try SmallResults.write(to: scratch.path("a"), ["replications=6"])
    try SmallResults.write(to: scratch.path("b"), ["replications=6"] + (isPaired ? [] : ["seed=2"]))
    try scratch.forge(inNew ? "b" : "a", .runs) { text in
      var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let makespan = rows[0].firstIndex(of: "makespan_s")!
      for row in 1...lost { rows[row][makespan] = "" }
      text = rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
    for policy in [nil, .pass, .fail] as [ResultsComparison.Inconclusive?] {
      let comparison = try ResultsComparison(base: results("a"), new: results("b"), whenInconclusive: policy)
      guard isPaired || lost == 6 else {
        #expect(comparison.problems.isEmpty, "Welch's t takes what is there")
        continue
      }
      expect(comparison.outcome, equals: .incomparable)
      expect(
        comparison.problems,
        equals: ["makespan_s has a value in one of BASE and NEW alone in \(lost) replications"])
      let metric = try #require(comparison.metrics.first { $0.metric == .makespan })
      #expect(metric.isPartial == isPaired || lost == 6)
      if lost == 6 {
        let (known, none) = inNew ? (metric.baseText, metric.newText) : (metric.newText, metric.baseText)
        #expect(none == "none" && Double(known) ?? 0 > 0, "\(known) \(none)")
        #expect(metric.verdictText.hasSuffix("(no value in 6 of one side)"), "\(metric.verdictText)")
      } else {
        #expect(
          metric.verdictText.hasSuffix("(no value in 4 of one side, the means are of the 2 replications in common)"),
          "\(metric.verdictText)")
      }
    }
  }

  @Test(arguments: [
    ("makespam_s", "did you mean 'makespan_s'?"), ("", "is no metric"), ("makespan_s,makespan_s", "twice"),
  ])
  func primaryMetricsThatAreWrongAreSaidToBe(text: String, says: String) throws {
    let error = #expect(throws: ComparisonError.self) { try PrimaryMetrics(text) }
    #expect(error?.description.contains(says) == true)
  }

  @Test(arguments: [
    ("makespam_s=2%", "did you mean 'makespan_s'?"), ("makespan_s", "is no limit"), ("makespan_s=2", "is no share"),
    ("makespan_s=-1%", "is no share"), ("gaps_mean=1%", "neither way"), ("makespan_s=1%,makespan_s=2%", "two limits"),
  ])
  func limitsThatAreWrongAreSaidToBe(text: String, says: String) throws {
    let error = #expect(throws: ComparisonError.self) { try RegressionLimits(text) }
    #expect(error?.description.contains(says) == true)
  }
}
