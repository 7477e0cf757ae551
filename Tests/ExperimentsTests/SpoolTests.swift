import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import PromotionRun
@testable import Runs
@testable import Results

/// Lines that are too many to be held wait in a file without a name, and come out as if they had been held.
struct SpoolTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A run of more devices than ``Lines/mostHeld`` has room for.
  @Sendable private static func large(_ replication: Int) -> RunRecord {
    var devices = (1...14_000).map { DeviceRecord.complete($0, after: .milliseconds(Int64($0 * replication))) }
    devices[13_999].cohort = 1
    return .run(replication, devices: devices)
  }

  private static func batch(jobs: Int, devices: Bool = true) throws -> Sweep {
    var batch = Sweep(SweepPoints(single: try .lab(replications: 3)))
    batch.jobs = jobs
    batch.devices = devices
    return batch
  }

  private func isHeld(_ lines: Lines) -> Bool {
    if case .held = lines { true } else { false }
  }

  @Test func manyLinesWaitInAFileAndFewInMemory() throws {
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    let held = try RunReport(Self.large(1), of: .lab)
    let spooled = try RunReport(Self.large(1), of: .lab, spool: directory.createSpool)
    #expect(RunRows.files.allSatisfy { isHeld(held.rows[$0]) })
    expect(RunRows.files.filter { !isHeld(spooled.rows[$0]) }, equals: [.devices])
    #expect(spooled.rows[.devices].count > Lines.mostHeld)
    for file in RunRows.files {
      expect(spooled.rows[file].count, equals: held.rows[file].count)
      try expect(spooled.rows[file].bytes, equals: held.rows[file].bytes)
    }
    #expect(spooled.metrics == held.metrics && spooled.cohorts == held.cohorts)
    try expect(scratch.names(in: ".lab.partial"), equals: [], "the file has no name")
  }

  @Test func theSameBytesForAnyNumberOfJobs() async throws {
    for jobs in [1, 3] {
      _ = try await Self.batch(jobs: jobs).run(into: scratch.path("\(jobs)"), simulate: { Self.large($1) })
    }
    var lines = CSVBuffer()
    lines.appendHeader(DevicesTable.table.columns)
    for replication in 1...3 {
      lines.append(lines: try RunReport(Self.large(replication), of: .lab).rows[.devices].bytes)
    }
    try expect(scratch.text("1/devices.csv"), equals: String(decoding: lines.bytes, as: UTF8.self))
    for file in try scratch.names(in: "1") {
      try expect(scratch.text("3/" + file), equals: scratch.text("1/" + file))
    }
    let manifest = try #require(Manifest(json: Data(scratch.text("3/manifest.json").utf8)))
    expect(manifest.files.first { $0.name == "devices.csv" }?.rows, equals: 42_000)
  }

  @Test func withoutDevicesNothingElseChanges() async throws {
    _ = try await Self.batch(jobs: 2).run(into: scratch.path("with"), simulate: { Self.large($1) })
    _ = try await Self.batch(jobs: 2, devices: false).run(into: scratch.path("without"), simulate: { Self.large($1) })
    let names = try scratch.names(in: "without")
    expect(
      names,
      equals: [
        "cohorts-summary.csv", "cohorts.csv", "gaps.csv", "manifest.json", "runs.csv", "sessions.csv", "summary.csv",
      ])
    for file in names where file != "manifest.json" {
      try expect(scratch.text("without/" + file), equals: scratch.text("with/" + file))
    }
  }

  @Test func aJournalTakesSpooledLinesAsItTakesHeldOnes() throws {
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    for (name, spool) in [("held", nil), ("spooled", directory.createSpool)] as [(String, (() throws -> SpoolFile)?)] {
      let journal = try Journal(at: scratch.path(name), design: "spools", start: .new)
      _ = try journal.append(key: "0/1", parts: RunReport(Self.large(1), of: .lab, spool: spool).rows.lines)
      _ = try journal.append(key: "1/1", parts: RunReport(.lab(1), of: .lab, spool: spool).rows.lines)
    }
    try expect(scratch.text("spooled"), equals: scratch.text("held"))
    try expect(Journal(at: scratch.path("spooled"), design: "spools", start: .resume).found.count, equals: 2)
  }

  @Test func whatAKilledRunLeftOfAFileIsRemoved() throws {
    try FileManager.default.createDirectory(
      at: scratch.url.appending(path: ".lab.partial"), withIntermediateDirectories: true)
    try scratch.write("lab,0,1,", to: ".lab.partial/spool-1")
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    try expect(scratch.names(in: ".lab.partial"), equals: [])
    directory.discard()
    try expect(scratch.names(), equals: [])
  }

  /// The records of the devices are made from what the run holds; they say no more and no less than it does.
  @Test func recordsThatAreMadeWhenAskedForAreEqualIfTheirDevicesAre() {
    let one = DeviceRecords(count: 3) { .complete($0 + 1, after: .seconds(1)) }
    expect(
      one,
      equals: [.complete(1, after: .seconds(1)), .complete(2, after: .seconds(1)), .complete(3, after: .seconds(1))])
    #expect(one != [.complete(1, after: .seconds(1)), .complete(2, after: .seconds(1))])
    #expect(one != DeviceRecords(count: 3) { .complete($0 + 1, after: .seconds(2)) })
  }
}
