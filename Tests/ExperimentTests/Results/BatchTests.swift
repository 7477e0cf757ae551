import Foundation
import Synchronization
import Testing

@testable import Experiment
@testable import NetworkModel

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

struct BatchTests {
  /// Work whose length varies with the replication, so that replications end out of order.
  @Sendable private static func work(_ replication: Int) -> RunRecord {
    Thread.sleep(forTimeInterval: replication % 5 == 1 ? 0.01 : 0.001)
    return .lab(replication)
  }

  private static func batch(jobs: Int, replications: Int = 23) -> Batch {
    var batch = Batch(
      context: .lab,
      origin: Manifest.Origin(programVersion: "1.0", scenario: "abc", seed: 42),
      replications: replications,
      arguments: ["gapsim", "run", "lab.yaml"]
    )
    batch.jobs = jobs
    batch.timeline = true
    return batch
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
    #expect(order == Array(1...40))
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
      #expect(try scratch.text("2/" + file.rawValue) == one)
      #expect(try scratch.text("5/" + file.rawValue) == one)
    }
  }

  @Test(arguments: [1, 2, 5])
  func theFirstFailureInOrderStopsEverythingAndNothingIsLeft(jobs: Int) async throws {
    struct Failure: Error, Equatable { var replication: Int }
    let scratch = try Scratch()
    var written: [Int] = []
    await #expect(throws: Failure(replication: 4)) {
      _ = try await Self.batch(jobs: jobs).run(into: scratch.path("lab")) { point in
        written.append(point.replications)
      } simulate: { replication in
        // The fifth fails sooner, but the fourth comes first.
        if replication == 4 { Thread.sleep(forTimeInterval: 0.02) }
        if replication >= 4 { throw Failure(replication: replication) }
        return .lab(replication)
      }
    }
    #expect(written == [1, 2, 3])
    #expect(try scratch.names() == [])
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
    var batch = Self.batch(jobs: 2)
    batch.arguments = ["gapsim", "run", "my lab.yaml", "--set", "a.b=it's"]
    let report = await #expect(throws: BreachReport.self) {
      _ = try await batch.run(into: scratch.path("lab")) { replication in
        guard replication < 7 else {
          throw InvariantBreach(invariant: "two active devices", seed: 42, replication: replication, event: 1234)
        }
        return Self.work(replication)
      }
    }
    #expect(
      report?.description == """
        the simulator contradicts itself, and nothing that it reported can be trusted: two active devices
          scenario lab, seed 42, replication 7, event 1234
          to see it again: gapsim run 'my lab.yaml' --set 'a.b=it'\\''s' --seed 42 --replications 7 --jobs 1
        """
    )
    #expect(try scratch.names() == [])
  }

  @Test func aCancelledRunLeavesNothing() async throws {
    let scratch = try Scratch()
    let inFlight = InFlight()
    let path = scratch.path("lab")
    let task = Task {
      _ = try await Self.batch(jobs: 2, replications: 1_000_000).run(into: path) { replication in
        inFlight.start()
        return Self.work(replication)
      }
    }
    while inFlight.started < 10 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try scratch.names() == [])
    #expect(inFlight.started < 1_000_000)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalLeavesOlderResultsAndNothingElse(number: Int32) async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 1, replications: 2).run(into: path, simulate: Self.work)
    let older = try scratch.text("lab/runs.csv")
    await #expect(processExitsWith: .signal(number)) { [path = path as String, number = number as Int32] in
      _ = try await Self.batch(jobs: 2).run(into: path) { replication in
        if replication == 5 {
          kill(getpid(), number)
          Thread.sleep(forTimeInterval: 60)
        }
        return Self.work(replication)
      }
    }
    #expect(try scratch.text("lab/runs.csv") == older)
    #expect(try scratch.names() == ["lab"])
  }

  @Test func whatAKilledProcessLeavesBehindIsCleanedByTheNextRun() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lab")
    _ = try await Self.batch(jobs: 1, replications: 2).run(into: path, simulate: Self.work)
    let older = try scratch.text("lab/runs.csv")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      _ = try await Self.batch(jobs: 2).run(into: path) { replication in
        if replication == 5 { kill(getpid(), SIGKILL) }
        return Self.work(replication)
      }
    }
    #expect(try scratch.text("lab/runs.csv") == older)
    #expect(try scratch.names() == [".lab.partial", "lab"])
    _ = try await Self.batch(jobs: 2).run(into: path, simulate: Self.work)
    #expect(try scratch.names() == ["lab"])
    #expect(try scratch.text("lab/runs.csv") != older)
  }

  @Test func aFullDiskIsAnErrorThatLeavesNothing() async throws {
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
    #expect(try scratch.names() == [])
  }
}
