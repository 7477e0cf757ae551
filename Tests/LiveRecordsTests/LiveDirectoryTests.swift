import Comparison
import Experiments
import Foundation
import Results
import Runs
import TestSupport
import Testing
import Timebase

@testable import LiveRecords
@testable import Presentation
@testable import Scenarios

/// What gapsim makes of a directory of live runs.
struct LiveDirectoryTests {
  private static let rules = SimulatedRecordsTests.protocols[0]
  private static let room = SimulatedRecordsTests.rooms[1]
  private let scratch: Scratch
  private let scenario: Scenario

  init() throws {
    scratch = try Scratch()
    scenario = try SimulatedRecordsTests.scenario(Self.room, Self.rules)
  }

  /// Simulates the room, and writes what it would have left on real wires.
  private func writeLive(_ name: String, seeds: ClosedRange<UInt64>) throws {
    let runs = try seeds.map { seed in
      let (_, server, own) = try SimulatedRecordsTests.run(scenario, seed: seed)
      return JoinedRun(server: server, own: own)
    }
    try LiveResults.write(runs, to: scratch.path(name))
  }

  /// The same room as `gapsim run` writes it.
  private func writeSimulated(_ name: String, seeds: ClosedRange<UInt64>) throws {
    let directory = try ResultsDirectory(at: scratch.path(name))
    let writer = try ResultsWriter(in: directory, timeline: false)
    let context = RunContext(scenario)
    var point = PointAggregate(context)
    for seed in seeds {
      var record = try SimulatedRecordsTests.run(scenario, seed: seed).simulated
      record.replication = Int(seed - seeds.lowerBound) + 1
      try writer.append(RunReport(record, of: context), to: &point)
    }
    try writer.append(summaryOf: point)
    try writer.commit(Manifest.Origin(programVersion: "test", scenario: scenario.canonicalYAML(), seed: scenario.seed))
  }

  @Test func itIsComparedWithASimulationOfTheSameRoom() throws {
    try writeSimulated("simulated", seeds: 1...8)
    try writeLive("live", seeds: 11...18)
    let comparison = try ResultsComparison(
      base: ResultsFolder(at: scratch.path("simulated")), new: ResultsFolder(at: scratch.path("live")))
    expect(comparison.problems, equals: [])
    expect(comparison.outcome, equals: .passed)
    let text = comparison.text
    #expect(
      text.contains("note: queue_drops, overruns, outlived_traces: not compared, a live run has no such figure\n"))
    #expect(text.contains("note: live runs have no seed: the runs are independent, and are not paired\n"))
    #expect(text.contains("(gapsim 0.1.0, live runs)"))
    #expect(text.contains("$ gapsim explain "))
    #expect(!text.contains("gapsim diff"))
  }

  /// Two directories of live runs have no seed in common, so their replications are no pairs.
  @Test func twoOfThemAreNotPaired() throws {
    try writeLive("one", seeds: 1...4)
    try writeLive("other", seeds: 5...8)
    let comparison = try ResultsComparison(
      base: ResultsFolder(at: scratch.path("one")), new: ResultsFolder(at: scratch.path("other")))
    #expect(comparison.method.hasPrefix("independent runs, Welch's t"))
  }

  @Test func itsReplayHasTheRolesAndTheTimesOfItsDevices() throws {
    try writeLive("live", seeds: 1...2)
    let folder = try ResultsFolder(at: scratch.path("live"))
    let replay = try #require(try Presentation.gallery(of: folder, rerun: .any).replay)
    let table = try folder.table(.devices)
    let columns = try ["replication", "device", "roles", "completed_s"].map { try table.column($0) }
    let rows = table.rows.map { row in columns.map { row[$0] } }.filter { $0[0] == "1" }
    #expect(rows.count == replay.devices.count && !rows.isEmpty)
    for (row, device) in zip(rows, replay.devices) {
      let roles = stride(from: 1, to: device.roles.count, by: 2).map { replay.roles[Int(device.roles[$0])].name }
      #expect("\(device.device)" == row[1] && roles.joined(separator: ">") == row[2], "device \(device.device)")
      expect(device.completed, equals: Double(row[3]))
    }
    #expect(!replay.sessions.isEmpty && !replay.times.isEmpty)
  }

  @Test func itsPicturesAreMadeOfItsTables() throws {
    try writeLive("live", seeds: 1...2)
    let gallery = try Presentation.gallery(of: ResultsFolder(at: scratch.path("live")), rerun: .any)
    expect(
      gallery.pictures.map(\.name),
      equals: ["completion", "roles", "total-gap", "gap-sizes", "missing-blocks", "uplink"])
    expect(gallery.omissions, equals: [])
  }

  @Test func itIsNotRunAgain() throws {
    try writeLive("live", seeds: 1...1)
    let folder = try ResultsFolder(at: scratch.path("live"))
    #expect(throws: RerunError.live) {
      try Rerun(folder.manifest, replication: 1, samples: 10, runs: folder.table(.runs), cost: .any)
    }
    #expect(throws: ComparisonError.self) { try EventOperand.scenarioToRun(scratch.path("live"), overrides: []) }
  }

  @Test func explainTellsWhatWasWrittenDown() throws {
    try writeLive("live", seeds: 1...2)
    let run = try #require(try RecordedRun(at: scratch.path("live"), replication: 2))
    expect(run.devices, equals: 8)
    #expect(run.text.hasPrefix("live, live run 2, server 10.0.0.254:69: 8 of 8 devices complete\nthe slowest\n"))
    let story = try #require(try run.story(of: 2))
    for line in [
      "server: requested from=10.0.0.2:40000", "device: accepted k=0", "device: entered role=passive",
      "device: entered role=complete",
    ] { #expect(story.contains(" s  \(line)\n"), "\(story)") }
    #expect(story.contains("may be wrong by"))
    #expect(try run.story(of: 9) == nil)
    #expect(throws: ComparisonError.self) { try RecordedRun(at: scratch.path("live"), replication: 3) }
  }

  @Test func aSimulatedDirectoryIsNone() throws {
    try writeSimulated("simulated", seeds: 1...2)
    #expect(try RecordedRun(at: scratch.path("simulated"), replication: 1) == nil)
    #expect(try RecordedRun(at: scratch.path("nowhere"), replication: 1) == nil)
  }

  @Test func runsOfOtherSettingsAreNotPutTogether() throws {
    let other = try SimulatedRecordsTests.scenario(Self.room, SimulatedRecordsTests.protocols[1])
    let runs = try [scenario, other].map { scenario in
      let (_, server, own) = try SimulatedRecordsTests.run(scenario, seed: 1)
      return JoinedRun(server: server, own: own)
    }
    #expect(throws: LiveRecordsError.self) { try LiveResults.write(runs, to: scratch.path("mixed")) }
    try expect(scratch.names(), equals: [])
  }
}
