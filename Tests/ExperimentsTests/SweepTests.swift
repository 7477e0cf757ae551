import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import PromotionRun
@testable import Runs
@testable import Results
@testable import Scenarios

/// Counts the simulations, and does them by hand: their length varies, so that they end out of order.
final class StubbedRuns: Sendable {
  private let done = Mutex([RunID]())
  /// The runs that were simulated, in the order of their beginnings.
  var runs: [RunID] { done.withLock { $0 } }

  @Sendable func simulate(_ point: SweepPoint, _ replication: Int) throws -> RunRecord {
    let run = RunID(point: point.context.point, replication: replication)
    done.withLock { $0.append(run) }
    Thread.sleep(forTimeInterval: (run.point + replication) % 5 == 1 ? 0.003 : 0.0003)
    return StubbedRuns.record(run)
  }

  static func record(_ run: RunID) -> RunRecord {
    var record = RunRecord.lab(run.replication)
    record.serverBytes += UInt64(1000 * run.point)
    return record
  }
}

struct SweepTests {
  private let scratch: Scratch
  private let stub = StubbedRuns()
  private static let grid = "{vary: {protocol.promotion.threshold: '0, 64 KiB', protocol.windowsize: 1..3:3}}"

  init() throws { scratch = try Scratch() }

  private static func sweep(_ text: String = grid, replications: Int = 4, jobs: Int = 2) throws -> Sweep {
    var sweep = Sweep(try #require(SweepPoints(try Scenario.swept(text, replications: replications))))
    sweep.jobs = jobs
    sweep.arguments = ["gapsim", "run", "lab.yaml"]
    return sweep
  }

  private func resumed(_ sweep: Sweep) -> Sweep {
    var sweep = sweep
    sweep.start = .resume
    return sweep
  }

  /// The files of a finished sweep; nothing else is beside it.
  private func files(_ name: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for file in try scratch.names(in: name) { files[file] = try scratch.text("\(name)/\(file)") }
    return files
  }

  /// An undisturbed sweep, once.
  private func undisturbed(_ sweep: Sweep) async throws -> [String: String] {
    _ = try await sweep.run(into: scratch.path("undisturbed"), simulate: StubbedRuns().simulate)
    return try files("undisturbed")
  }

  @Test func theFilesAreThoseOfARunWithPointsAndTheVariedKeys() async throws {
    let outcome = try await Self.sweep().run(into: scratch.path("out"), simulate: stub.simulate)
    try expect(scratch.names(), equals: ["out"])
    expect(outcome.points.count, equals: 6)
    expect(stub.runs.count, equals: 24)
    let runs = try scratch.text("out/runs.csv").split(separator: "\n").dropFirst()
    let expected = (0..<6).flatMap { point in (1...4).map { "lab,\(point),\($0),1," } }
    expect(runs.count, equals: 24)
    #expect(zip(runs, expected).allSatisfy { $0.hasPrefix($1) })
    let summary = try scratch.text("out/summary.csv").split(separator: "\n")
    #expect(summary[0].hasPrefix("scenario,point,protocol.promotion.threshold_bytes,protocol.windowsize,metric,"))
    #expect(summary.contains { $0.hasPrefix("lab,5,65536,3,server_bytes,4,160002.500000,") })
    let manifest = try #require(Manifest(json: Data(contentsOf: scratch.url.appending(path: "out/manifest.json"))))
    let sweep = try #require(manifest.sweep)
    expect(sweep.varied, equals: ["protocol.promotion.threshold", "protocol.windowsize"])
    #expect(sweep.points.map(\.point) == Array(0..<6) && sweep.runs == 24 && sweep.failedRuns == [])
    expect(
      sweep.points[4].values,
      equals: [
        "protocol.promotion.threshold_bytes": .number("65536"), "protocol.windowsize": .number("2"),
      ])
    try expect(Scenario.parse(text: manifest.scenario, file: "m").scenario, equals: Self.sweep().points.scenario)
  }

  @Test(arguments: [
    Self.grid,
    "{vary: {protocol.windowsize: 1..5:5}, precision: 0.02 %, min_replications: 3, max_replications: 30, look_ahead: 2, metrics: [makespan_s]}",
  ])
  func theSameBytesForAnyNumberOfJobs(text: String) async throws {
    let one = try await undisturbed(Self.sweep(text, jobs: 1))
    expect(one.count, equals: 9)
    for jobs in [2, 5] {
      _ = try await Self.sweep(text, jobs: jobs).run(into: scratch.path("\(jobs)"), simulate: stub.simulate)
      try expect(files("\(jobs)"), equals: one)
    }
  }

  /// The same statistics as a plain run of the point has.
  @Test func aPointsSummaryIsThatOfItsRunAlone() async throws {
    _ = try await Self.sweep("{vary: {protocol.windowsize: 1}}").run(into: scratch.path("out"), simulate: stub.simulate)
    var alone = try Scenario.lab(replications: 4)
    alone.seed = 1
    _ = try await Sweep(SweepPoints(single: alone)).run(into: scratch.path("alone")) { point, replication in
      StubbedRuns.record(RunID(point: point.context.point, replication: replication))
    }
    let swept = try scratch.text("out/summary.csv").replacing("lab,0,1,", with: "lab,0,")
      .replacing("protocol.windowsize,", with: "")
    expect(swept, equals: try scratch.text("alone/summary.csv"))
    for file in ["devices.csv", "sessions.csv", "gaps.csv", "cohorts.csv"] {
      let rows = try scratch.text("alone/" + file).split(separator: "\n")
      let expected = rows.enumerated().map { "\($1),\($0 == 0 ? "protocol.windowsize" : "1")\n" }.joined()
      try expect(scratch.text("out/" + file), equals: expected)
    }
  }

  // MARK: - Interruptions

  /// Stops a sweep after so many runs; leaves its journal.
  private func interrupt(_ sweep: Sweep, after runs: Int, at path: String) async throws {
    struct Stop: Error {}
    await #expect(throws: Stop.self) {
      _ = try await sweep.run(into: path, progress: { _ in }) { point, replication in
        if RunID(point: point.context.point, replication: replication)
          == RunID(point: runs / 4, replication: runs % 4 + 1)
        {
          throw Stop()
        }
        return try StubbedRuns().simulate(point, replication)
      }
    }
  }

  /// Stops a sweep at one of its simulations, if it comes so far.
  private func stop(_ sweep: Sweep, atSimulation last: Int, at path: String) async {
    struct Stop: Error {}
    let begun = StubbedRuns()
    _ = try? await sweep.run(into: path) { point, replication in
      if begun.runs.count >= last { throw Stop() }
      return try begun.simulate(point, replication)
    }
  }

  @Test(arguments: [1, 2, 5])
  func aSweepThatStoppedGoesOnWithWhatIsMissing(jobs: Int) async throws {
    let sweep = try Self.sweep(jobs: jobs)
    let expected = try await undisturbed(sweep)
    let path = scratch.path("out")
    try await interrupt(sweep, after: 13, at: path)
    try expect(scratch.names(), equals: ["out.journal", "undisturbed"])
    let outcome = try await resumed(sweep).run(into: path, simulate: stub.simulate)
    expect(outcome.taken, equals: 13)
    expect(stub.runs.count, equals: 11)
    try expect(files("out"), equals: expected)
    try expect(scratch.names(), equals: ["out", "undisturbed"])
  }

  @Test(arguments: UInt64(1)...25)
  func cutAtARandomPlaceTheJournalLeadsToTheSameBytes(seed: UInt64) async throws {
    var random = FixedSequence(state: seed)
    let text =
      seed.isMultiple(of: 2)
      ? Self.grid : "{vary: {protocol.windowsize: 1..6:6}, precision: 0.02 %, min_replications: 4, max_replications: 9}"
    let sweep = try Self.sweep(text, jobs: 1 + Int(seed % 3))
    let expected = try await undisturbed(sweep)
    let path = scratch.path("out")
    try await interrupt(sweep, after: 21, at: path)
    for _ in 0..<3 {
      let journal = scratch.url.appending(path: "out.journal")
      let bytes = try Data(contentsOf: journal)
      try bytes.prefix(Int.random(in: 40...bytes.count, using: &random)).write(to: journal)
      await stop(resumed(sweep), atSimulation: Int.random(in: 1...9, using: &random), at: path)
      guard try scratch.names().contains("out.journal") else { break }
    }
    _ = try await resumed(sweep).run(into: path, simulate: stub.simulate)
    try expect(files("out"), equals: expected)
    try expect(scratch.names(), equals: ["out", "undisturbed"])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func aSignalLeavesAJournalThatLeadsToTheSameBytes(number: Int32) async throws {
    let expected = try await undisturbed(Self.sweep())
    let path = scratch.path("out")
    await #expect(processExitsWith: .signal(number)) { [path = path as String, number = number as Int32] in
      _ = try await Self.sweep().run(into: path) { point, replication in
        if point.context.point == 3, replication == 2 {
          kill(getpid(), number)
          Thread.sleep(forTimeInterval: 60)
        }
        return try StubbedRuns().simulate(point, replication)
      }
    }
    #expect(try scratch.names().contains("out.journal"))
    let outcome = try await resumed(Self.sweep()).run(into: path, simulate: stub.simulate)
    expect(outcome.taken + stub.runs.count, equals: 24)
    #expect(outcome.taken >= 10)
    try expect(files("out"), equals: expected)
  }

  /// Killed when the results stand under their name, and the journal is still there.
  @Test func aJournalThatOutlivedItsResultsDoesNoHarm() async throws {
    let sweep = try Self.sweep()
    let path = scratch.path("out")
    try await interrupt(sweep, after: 13, at: path)
    let journal = try Data(contentsOf: scratch.url.appending(path: "out.journal"))
    _ = try await resumed(sweep).run(into: path, simulate: stub.simulate)
    let expected = try files("out")
    try journal.write(to: scratch.url.appending(path: "out.journal"))
    let again = StubbedRuns()
    _ = try await resumed(sweep).run(into: path, simulate: again.simulate)
    #expect(again.runs.isEmpty)
    try expect(files("out"), equals: expected)
  }

  @Test func withoutAWordAboutThemUnfinishedRunsAreNotTouched() async throws {
    var sweep = try Self.sweep()
    let path = scratch.path("out")
    try await interrupt(sweep, after: 13, at: path)
    let journal = try scratch.text("out.journal")
    await #expect(throws: ResumeError.unfinished(journal: path + ".journal", records: 13)) {
      _ = try await sweep.run(into: path, simulate: stub.simulate)
    }
    try expect(scratch.text("out.journal"), equals: journal)
    #expect(stub.runs.isEmpty)
    sweep.start = .restart
    let outcome = try await sweep.run(into: path, simulate: stub.simulate)
    expect(outcome.taken, equals: 0)
    expect(stub.runs.count, equals: 24)
  }

  /// Bytes of the journal that change after they were written do not come into the results; the run is done again.
  @Test func aRunThatTheDiskSpoiltIsDoneAgain() async throws {
    let sweep = try Self.sweep(jobs: 1)
    let path = scratch.path("out")
    await #expect(throws: ResultsError.damaged(path: path + ".journal")) {
      _ = try await sweep.run(into: path) { point, replication in
        if point.context.point == 3, replication == 1 {
          let journal = try FileHandle(forUpdating: URL(filePath: path + ".journal"))
          var bytes = try #require(try journal.readToEnd())
          try bytes.replaceSubrange(#require(bytes.range(of: Data("lab,1,2,".utf8))), with: Data("lab,1,7,".utf8))
          try journal.seek(toOffset: 0)
          try journal.write(contentsOf: bytes)
        }
        return StubbedRuns.record(RunID(point: point.context.point, replication: replication))
      }
    }
    try expect(scratch.names(), equals: ["out.journal"])
    _ = try await resumed(sweep).run(into: path, simulate: stub.simulate)
    expect(stub.runs, equals: [RunID(point: 1, replication: 2)])
    try expect(files("out"), equals: try await undisturbed(sweep))
  }

  @Test func nothingIsLeftOfASweepThatStoppedBeforeItsFirstRun() async throws {
    try await interrupt(Self.sweep(jobs: 1), after: 0, at: scratch.path("out"))
    try expect(scratch.names(), equals: [])
  }

  // MARK: - More replications

  @Test func moreReplicationsLaterRedoNothing() async throws {
    let path = scratch.path("out")
    _ = try await Self.sweep(replications: 2).run(into: path, simulate: StubbedRuns().simulate)
    let outcome = try await resumed(Self.sweep(replications: 5)).run(into: path, simulate: stub.simulate)
    expect(outcome.taken, equals: 12)
    expect(
      Set(stub.runs), equals: Set((0..<6).flatMap { point in (3...5).map { RunID(point: point, replication: $0) } }))
    expect(stub.runs.count, equals: 18)
    try expect(files("out"), equals: try await undisturbed(Self.sweep(replications: 5)))
  }

  /// Lines are found again by the scenario's name, however CSV has to write it.
  @Test(arguments: ["a, b", "\"quoted\"", "1,2,3", "lab", "ünïcode 日本"])
  func runsOfAScenarioOfAnyNameAreTakenOver(name: String) async throws {
    func named(_ replications: Int) throws -> Sweep {
      var scenario = try Scenario.swept(Self.grid, replications: replications)
      scenario.name = name
      return Sweep(try #require(SweepPoints(scenario)))
    }
    let path = scratch.path("out")
    _ = try await named(2).run(into: path, simulate: StubbedRuns().simulate)
    _ = try await resumed(named(3)).run(into: path, simulate: stub.simulate)
    expect(stub.runs.count, equals: 6)
    try expect(files("out"), equals: try await undisturbed(named(3)))
  }

  @Test func aPrecisionLaterTakesTheRunsOver() async throws {
    let path = scratch.path("out")
    let precise =
      "{vary: {protocol.windowsize: 1..3:3}, precision: 0.02 %, min_replications: 4, max_replications: 12, metrics: [makespan_s]}"
    _ = try await Self.sweep("{vary: {protocol.windowsize: 1..3:3}}").run(into: path, simulate: StubbedRuns().simulate)
    _ = try await resumed(Self.sweep(precise)).run(into: path, simulate: stub.simulate)
    #expect(stub.runs.allSatisfy { $0.replication > 4 })
    try expect(files("out"), equals: try await undisturbed(Self.sweep(precise)))
  }

  @Test func growthThatIsInterruptedGoesOnToo() async throws {
    let path = scratch.path("out")
    _ = try await Self.sweep(replications: 2).run(into: path, simulate: StubbedRuns().simulate)
    let older = try files("out")
    try await interrupt(resumed(Self.sweep(replications: 5)), after: 10, at: path)
    try expect(files("out"), equals: older)
    _ = try await resumed(Self.sweep(replications: 5)).run(into: path, simulate: stub.simulate)
    #expect(stub.runs.count < 18)
    try expect(files("out"), equals: try await undisturbed(Self.sweep(replications: 5)))
  }

  @Test func otherSettingsAreRefused() async throws {
    let path = scratch.path("out")
    _ = try await Self.sweep().run(into: path, simulate: stub.simulate)
    let other = try resumed(
      Self.sweep("{vary: {protocol.promotion.threshold: '0, 32 KiB', protocol.windowsize: 1..3:3}}"))
    await #expect(
      throws: ResumeError.otherDesign(
        path: path, there: "'protocol.promotion.threshold: [0 B, 64 KiB]'",
        now: "'protocol.promotion.threshold: [0 B, 32 KiB]'")
    ) { _ = try await other.run(into: path, simulate: stub.simulate) }
    let elsewhere = scratch.path("elsewhere")
    try await interrupt(Self.sweep(), after: 5, at: elsewhere)
    await #expect(throws: ResumeError.self) { _ = try await other.run(into: elsewhere, simulate: stub.simulate) }
    try expect(scratch.names(), equals: ["elsewhere.journal", "out"])
  }

  @Test(arguments: ["runs.csv", "devices.csv", "gaps.csv"])
  func aResultThatWasEditedIsNotTakenOver(file: String) async throws {
    let path = scratch.path("out")
    _ = try await Self.sweep().run(into: path, simulate: stub.simulate)
    let edited = try scratch.text("out/\(file)").replacing("lab,3,2,", with: "lab,3,7,")
    try scratch.write(edited, to: "out/\(file)")
    await #expect(throws: ResumeError.changed(path: "\(path)/\(file)")) {
      _ = try await resumed(Self.sweep(replications: 5)).run(into: path, simulate: stub.simulate)
    }
    try expect(scratch.text("out/\(file)"), equals: edited)
  }

  @Test func resultsOfAnotherLayoutAreNotTakenOver() async throws {
    let path = scratch.path("out")
    _ = try await Self.sweep().run(into: path, simulate: stub.simulate)
    let version = "\"format_version\" : "
    let older = try scratch.text("out/manifest.json").replacing(
      "\(version)\(Manifest.formatVersion)", with: "\(version)1")
    try scratch.write(older, to: "out/manifest.json")
    let error = await #expect(throws: ResumeError.self) {
      _ = try await resumed(Self.sweep(replications: 5)).run(into: path, simulate: stub.simulate)
    }
    #expect(error?.description.contains("format version 1") == true)
    #expect(error?.description.contains("--force") == true)
    try expect(scratch.text("out/manifest.json"), equals: older)
  }

  // MARK: - Runs that are not whole

  @Test(arguments: [1, 2, 5])
  func aFailedRunIsListedAndTheOthersAreThere(jobs: Int) async throws {
    let path = scratch.path("out")
    let outcome = try await Self.sweep(jobs: jobs).run(into: path) { point, replication in
      if point.context.point == 4, replication == 2 {
        throw InvariantBreach(invariant: "two active devices", seed: 1, replication: 2, event: 99)
      }
      return try StubbedRuns().simulate(point, replication)
    }
    expect(outcome.failed.map(\.run), equals: [RunID(point: 4, replication: 2)])
    #expect(
      outcome.problems.contains(
        "gapsim run lab.yaml --set 'protocol.promotion.threshold=64 KiB' --set protocol.windowsize=2 --seed 1 --replications 2 --jobs 1"
      ))
    try expect(scratch.text("out/runs.csv").split(separator: "\n").count, equals: 1 + 23)
    #expect(try scratch.text("out/summary.csv").contains("lab,4,65536,2,server_bytes,3,"))
    let manifest = try #require(Manifest(json: Data(contentsOf: scratch.url.appending(path: "out/manifest.json"))))
    expect(manifest.sweep?.runs, equals: 24)
    expect(
      manifest.sweep?.failedRuns,
      equals: [Manifest.Sweep.FailedRun(point: 4, replication: 2, event: 99, reason: "two active devices")])
    // Once the fault is mended, only that run is missing.
    _ = try await resumed(Self.sweep()).run(into: path, simulate: stub.simulate)
    expect(stub.runs, equals: [RunID(point: 4, replication: 2)])
    try expect(files("out"), equals: try await undisturbed(Self.sweep()))
  }

  @Test func runsThatALimitEndedAreListed() async throws {
    let outcome = try await Self.sweep().run(into: scratch.path("out")) { point, replication in
      var record = StubbedRuns.record(RunID(point: point.context.point, replication: replication))
      if point.context.point == 1 { record.ended = .timeLimit }
      return record
    }
    expect(outcome.limitedCount, equals: 4)
    expect(outcome.limited.map(\.run.point), equals: [1, 1, 1, 1])
    expect(outcome.points[1].endedByTimeLimit, equals: 4)
    #expect(
      outcome.problems.contains("point 1, replication 3 ended at the limit on simulated time: gapsim run lab.yaml"))
  }

  @Test func anErrorOfAnotherKindStopsTheSweepAndLeavesItsRuns() async throws {
    try await interrupt(Self.sweep(), after: 9, at: scratch.path("out"))
    try expect(scratch.names(), equals: ["out.journal"])
  }

  // MARK: - Memory

  /// What a sweep holds does not grow with its runs: whoever is not handed on yet holds the others back.
  @Test func fewRunsAreHeldAtATime() async throws {
    let begun = Mutex(0)
    let atFirst = Mutex(0)
    _ = try await Self.sweep(replications: 30, jobs: 2).run(into: scratch.path("out")) { progress in
      if progress.done == 1 { atFirst.withLock { $0 = begun.withLock { $0 } } }
    } simulate: { point, replication in
      begun.withLock { $0 += 1 }
      if point.context.point == 0, replication == 1 { Thread.sleep(forTimeInterval: 0.1) }
      return StubbedRuns.record(RunID(point: point.context.point, replication: replication))
    }
    expect(begun.withLock { $0 }, equals: 180)
    #expect(atFirst.withLock { $0 } <= 4)
  }
}
