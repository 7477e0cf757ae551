import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import RunMetrics
@testable import PromotionRun
@testable import Runs
@testable import Results
@testable import Scenarios
@testable import Statistics

/// How many replications were started and how many of them are not yet written, at most.
private final class InFlight: Sendable {
  private struct Counts {
    var started = 0
    var now = 0
    var most = 0
  }

  private let counts = Mutex(Counts())

  var started: Int { counts.withLock { $0.started } }
  var most: Int { counts.withLock { $0.most } }

  func start() {
    counts.withLock {
      $0.started += 1
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func finish() { counts.withLock { $0.now -= 1 } }
}

struct PlainRunTests {
  /// Work whose length varies with the replication, so that replications end out of order.
  @Sendable private static func work(_ point: SweepPoint, _ replication: Int) -> RunRecord { work(replication) }

  @Sendable private static func work(_ replication: Int) -> RunRecord {
    Thread.sleep(forTimeInterval: replication % 5 == 1 ? 0.01 : 0.001)
    return .lab(replication)
  }

  private static func batch(jobs: Int, replications: Int = 23) throws -> Sweep {
    var batch = Sweep(SweepPoints(single: try .lab(replications: replications, timeline: true)))
    batch.jobs = jobs
    batch.arguments = ["gapsim", "run", "lab.yaml"]
    return batch
  }

  private static func resumed(jobs: Int, replications: Int = 23) throws -> Sweep {
    var batch = try batch(jobs: jobs, replications: replications)
    batch.start = .resume
    return batch
  }

  /// The files in a folder.
  private static func files(_ scratch: Scratch, _ name: String) throws -> [String: String] {
    try Dictionary(uniqueKeysWithValues: scratch.names(in: name).map { ($0, try scratch.text("\(name)/\($0)")) })
  }

  /// What an undisturbed run writes.
  private static func undisturbed(_ scratch: Scratch, replications: Int = 23) async throws -> [String: String] {
    _ = try await batch(jobs: 2, replications: replications).run(into: scratch.path("undisturbed"), simulate: work)
    return try files(scratch, "undisturbed")
  }

  /// The statistics of all metrics of a plain run.
  private static func figures(_ outcome: SweepOutcome) throws -> [SampleStatistics] {
    let point = try #require(outcome.single)
    return Metric.ofRuns.map { point.statistics(of: $0) }
  }

  @Test(arguments: [1, 2, 3, 5, 40])
  func recordsComeInOrderAndFewAreHeld(jobs: Int) async throws {
    let inFlight = InFlight()
    var order: [Int] = []
    try await Pool(jobs: jobs).run(1...40) { replication in
      inFlight.start()
      return Self.work(replication)
    } consume: { record in
      order.append(record.replication)
      inFlight.finish()
    }
    expect(order, equals: Array(1...40))
    #expect(inFlight.most <= 2 * jobs)
  }

  @Test func aSlowFirstReplicationHoldsTheOthersBack() async throws {
    let inFlight = InFlight()
    let startedBefore = Mutex(0)
    try await Pool(jobs: 2).run(1...50) { replication in
      inFlight.start()
      if replication == 1 { Thread.sleep(forTimeInterval: 0.2) }
      return RunRecord.lab(replication)
    } consume: { (record: RunRecord) in
      if record.replication == 1 { startedBefore.withLock { $0 = inFlight.started } }
      inFlight.finish()
    }
    #expect(startedBefore.withLock { $0 } <= 4)
    #expect(inFlight.most <= 4)
  }

  @Test func theSameBytesForAnyNumberOfJobs() async throws {
    let scratch = try Scratch()
    for jobs in [1, 2, 5] {
      _ = try await Self.batch(jobs: jobs).run(into: scratch.path("\(jobs)"), simulate: Self.work)
    }
    for file in ResultFile.ofARun {
      let one = try scratch.text("1/" + file.rawValue)
      #expect(!one.isEmpty)
      try expect(scratch.text("2/" + file.rawValue), equals: one)
      try expect(scratch.text("5/" + file.rawValue), equals: one)
    }
  }

  @Test(arguments: [1, 2, 5])
  func theFirstFailureInOrderStopsEverythingAndLeavesWhatWasDone(jobs: Int) async throws {
    struct Failure: Error, Equatable { var replication: Int }
    let scratch = try Scratch()
    var written: [Int] = []
    await #expect(throws: Failure(replication: 4)) {
      _ = try await Self.batch(jobs: jobs).run(into: scratch.path("lab")) { progress in
        written.append(progress.done)
      } simulate: { _, replication in
        // The fifth fails sooner, but the fourth comes first.
        if replication == 4 { Thread.sleep(forTimeInterval: 0.02) }
        if replication >= 4 { throw Failure(replication: replication) }
        return .lab(replication)
      }
    }
    expect(written, equals: [1, 2, 3])
    try expect(scratch.names(), equals: ["lab.journal"])
    let again = Mutex(0)
    let outcome = try await Self.resumed(jobs: jobs).run(into: scratch.path("lab")) { _, replication in
      again.withLock { $0 += 1 }
      return .lab(replication)
    }
    expect(outcome.taken, equals: 3)
    expect(again.withLock { $0 }, equals: 20)
    try expect(scratch.names(), equals: ["lab"])
  }

  @Test func aFailureToWriteStopsEverything() async throws {
    struct Full: Error {}
    await #expect(throws: Full.self) {
      try await Pool(jobs: 2).run(1...9, work: Self.work) { record in
        if record.replication == 3 { throw Full() }
      }
    }
  }

  @Test func aBrokenInvariantSaysHowToSeeItAgain() async throws {
    let scratch = try Scratch()
    var batch = try Self.batch(jobs: 2)
    batch.arguments = ["gapsim", "run", "my lab.yaml", "--set", "a.b=it's"]
    let report = await #expect(throws: BreachReport.self) {
      _ = try await batch.run(into: scratch.path("lab")) { _, replication in
        guard replication < 7 else {
          throw InvariantBreach(invariant: "two active devices", seed: 42, replication: replication, event: 1234)
        }
        return Self.work(replication)
      }
    }
    expect(
      report?.description,
      equals: """
        the simulator contradicts itself, and nothing that it reported can be trusted: two active devices
          scenario lab, seed 42, replication 7, event 1234
          to see it again: gapsim run 'my lab.yaml' --set 'a.b=it'\\''s' --seed 42 --replications 7 --jobs 1 \
        -o Results/lab-replication7
        """)
    try expect(scratch.names(), equals: [])
  }

  @Test func aCancelledRunLeavesItsJournal() async throws {
    let scratch = try Scratch()
    let inFlight = InFlight()
    let path = scratch.path("lab")
    let task = Task {
      _ = try await Self.batch(jobs: 2, replications: 1_000_000).run(into: path) { _, replication in
        inFlight.start()
        return Self.work(replication)
      }
    }
    while inFlight.started < 10 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try expect(scratch.names(), equals: ["lab.journal"])
    #expect(inFlight.started < 1_000_000)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func aSignalLeavesAJournalThatLeadsToTheSameBytes(number: Int32) async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    let expected = try await Self.undisturbed(scratch)
    await #expect(processExitsWith: .signal(number)) { [path = path as String, number = number as Int32] in
      _ = try await Self.batch(jobs: 2).run(into: path) { _, replication in
        if replication == 15 {
          kill(getpid(), number)
          Thread.sleep(forTimeInterval: 60)
        }
        return Self.work(replication)
      }
    }
    try expect(scratch.names(), equals: (number == SIGKILL ? [".lab.partial"] : []) + ["lab.journal", "undisturbed"])
    let outcome = try await Self.resumed(jobs: 3).run(into: path, simulate: Self.work)
    #expect(outcome.taken >= 10)
    try expect(Self.files(scratch, "lab"), equals: expected)
    try expect(scratch.names(), equals: ["lab", "undisturbed"])
  }

  // MARK: - What stands there already

  @Test func moreReplicationsLaterRedoNothing() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 2, replications: 5).run(into: path, simulate: Self.work)
    let begun = Mutex([Int]())
    let outcome = try await Self.resumed(jobs: 2, replications: 9).run(into: path) { _, replication in
      begun.withLock { $0.append(replication) }
      return Self.work(replication)
    }
    expect(begun.withLock { $0.sorted() }, equals: [6, 7, 8, 9])
    expect(outcome.taken, equals: 5)
    try await expect(Self.files(scratch, "lab"), equals: Self.undisturbed(scratch, replications: 9))
    let whole = try await Self.batch(jobs: 1, replications: 9).run(into: scratch.path("whole"), simulate: Self.work)
    try expect(Self.figures(outcome), equals: Self.figures(whole))
  }

  @Test(arguments: [Sweep.Start.new, .resume])
  func theSameSettingsAgainRunNothingAndWriteNothing(start: Sweep.Start) async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    let first = try await Self.batch(jobs: 2).run(into: path, simulate: Self.work)
    let written = try scratch.date(of: "lab/runs.csv")
    var batch = try Self.batch(jobs: 2)
    batch.start = start
    let again = try await batch.run(into: path) { _, _ in
      Issue.record("nothing is to be run")
      return .lab(1)
    }
    #expect(again.isUpToDate && !first.isUpToDate)
    expect(again.taken, equals: 23)
    try expect(Self.figures(again), equals: Self.figures(first))
    try expect(scratch.date(of: "lab/runs.csv"), equals: written)
    try expect(scratch.names(), equals: ["lab"])
  }

  /// Nothing can be written beside them: no file may have so long a name. So it is where a disk may only be read.
  @Test(arguments: [Sweep.Start.new, .resume, .restart])
  func resultsThatAreCompleteNeedNoPlaceToWrite(start: Sweep.Start) async throws {
    let scratch = try Scratch()
    _ = try await Self.batch(jobs: 2).run(into: scratch.path("lab"), simulate: Self.work)
    let name = String(repeating: "x", count: 250)
    try FileManager.default.moveItem(atPath: scratch.path("lab"), toPath: scratch.path(name))
    func run(replications: Int) async throws -> SweepOutcome {
      var batch = try Self.batch(jobs: 2, replications: replications)
      batch.start = start
      return try await batch.run(into: scratch.path(name)) { _, _ in
        Issue.record("nothing is to be run")
        return .lab(1)
      }
    }
    if start == .restart {
      await #expect(throws: ResultsError.self) { try await run(replications: 23) }
    } else {
      let outcome = try await run(replications: 23)
      #expect(outcome.isUpToDate && outcome.taken == 23)
    }
    await #expect(throws: ResultsError.self) { try await run(replications: 24) }
    try expect(scratch.names(), equals: [name])
  }

  @Test func resultsOfOtherSettingsAreReplacedOnlyByForce() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 2).run(into: path, simulate: Self.work)
    let older = try Self.files(scratch, "lab")
    var scenario = try Scenario.lab(replications: 23, timeline: true)
    scenario.network.parameters.windowSize = 3
    for start in [Sweep.Start.new, .resume, .again] {
      var other = Sweep(SweepPoints(single: scenario))
      other.start = start
      let error = ResumeError.otherDesign(path: path, there: "'windowsize: 1'", now: "'windowsize: 3'")
      await #expect(throws: error) { _ = try await other.run(into: path, simulate: Self.work) }
    }
    try expect(Self.files(scratch, "lab"), equals: older)
    var other = Sweep(SweepPoints(single: scenario))
    other.start = .restart
    _ = try await other.run(into: path, simulate: Self.work)
    #expect(try Self.files(scratch, "lab") != older)
  }

  @Test func howManyReplicationsThereAreIsSaidBeforeAnyIsTakenOrLost() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 2, replications: 5).run(into: path, simulate: Self.work)
    await #expect(
      throws: ResumeError.unfinishedResults(path: path, there: "5 replications", now: "9 replications")
    ) { _ = try await Self.batch(jobs: 1, replications: 9).run(into: path, simulate: Self.work) }
    for batch in [try Self.batch(jobs: 1, replications: 3), try Self.resumed(jobs: 1, replications: 3)] {
      await #expect(throws: ResumeError.moreThere(path: path, there: 5, now: 3)) {
        _ = try await batch.run(into: path, simulate: Self.work)
      }
    }
    try expect(scratch.names(), equals: ["lab"])
  }

  /// No run depends on what is expected of it: the manifest is written anew, and nothing is run.
  @Test func otherExpectationsTakeTheRunsOver() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 2).run(into: path, simulate: Self.work)
    var scenario = try Scenario.lab(replications: 23, timeline: true)
    scenario.description = "with words"
    let outcome = try await Sweep(SweepPoints(single: scenario)).run(into: path) { _, _ in
      Issue.record("nothing is to be run")
      return .lab(1)
    }
    #expect(!outcome.isUpToDate)
    expect(outcome.taken, equals: 23)
    #expect(try scratch.text("lab/manifest.json").contains("with words"))
  }

  @Test func aFullDiskIsAnErrorThatLeavesNothingBroken() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    await #expect(processExitsWith: .success) { [path = path as String] in
      // A limit on the size of files stands for the full disk.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
      let error = await #expect(throws: ResultsError.self) {
        _ = try await Self.batch(jobs: 2).run(into: path, simulate: Self.work)
      }
      guard case .system("write", _, EFBIG) = error else { exit(3) }
    }
    try expect(scratch.names(), equals: [])
  }
}
