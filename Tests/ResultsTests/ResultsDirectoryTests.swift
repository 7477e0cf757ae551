import Foundation
import RunMetrics
import TestSupport
import Testing

@testable import Fixtures
@testable import PromotionRun
@testable import Runs
@testable import Results

/// What stands under the final name is complete, and nobody's files get lost.
struct ResultsDirectoryTests {
  private let scratch: Scratch
  private static let origin = Manifest.Origin(programVersion: "1.0", scenario: "abc", seed: 42)

  init() throws { scratch = try Scratch() }

  /// Writes results of so many replications, and gives them their name.
  private func write(replications: Int, to path: String) throws {
    let directory = try ResultsDirectory(at: path)
    let writer = try ResultsWriter(in: directory, timeline: true)
    var point = PointAggregate(.lab)
    for replication in 1...replications { try writer.append(.lab(replication), to: &point) }
    try writer.append(summaryOf: point)
    try writer.commit(Self.origin)
  }

  @Test func theFilesAreThoseOfTheDesign() throws {
    try write(replications: 2, to: scratch.path("lab"))
    try expect(scratch.names(), equals: ["lab"])
    try expect(scratch.names(in: "lab"), equals: ResultFile.ofARun.map(\.rawValue).sorted())
    for file in ResultFile.ofARun {
      try Golden.expect(scratch.text("lab/" + file.rawValue), in: "lab/" + file.rawValue)
    }
  }

  @Test func segmentsHaveFilesOfTheirOwn() throws {
    let directory = try ResultsDirectory(at: scratch.path("floors"))
    let writer = try ResultsWriter(in: directory, timeline: true, segments: true)
    var point = PointAggregate(.floors)
    for replication in 1...2 { try writer.append(.floors(replication), to: &point) }
    try writer.append(summaryOf: point)
    try writer.commit(Self.origin)
    try expect(scratch.names(in: "floors"), equals: ResultFile.ofSegments.map(\.rawValue).sorted())
    for file in [ResultFile.segments, .segmentsTimeline, .devices] {
      try Golden.expect(scratch.text("floors/" + file.rawValue), in: "floors/" + file.rawValue)
    }
    let folder = try ResultsFolder(at: scratch.path("floors"))
    expect(folder.manifest.files.suffix(2).map(\.rows), equals: [6, 12])
  }

  @Test func theManifestHashesTheScenarioAndTheFiles() throws {
    try write(replications: 1, to: scratch.path("lab"))
    let json = try Data(contentsOf: scratch.url.appending(path: "lab/manifest.json"))
    let manifest = try #require(Manifest(json: json))
    // The digest of "abc" is the example of FIPS 180-2, appendix B.1.
    expect(manifest.scenarioSHA256, equals: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    expect(manifest.scenario, equals: "abc")
    expect(manifest.seed, equals: 42)
    expect(manifest.files.map(\.name), equals: ResultFile.ofARun.dropLast().map(\.rawValue))
    let (metrics, cohortMetrics) = (UInt64(Metric.ofRuns.count), UInt64(Metric.ofCohorts.count))
    expect(manifest.files.map(\.rows), equals: [1, 4, 1, 2, metrics, 2, 2, 2 * cohortMetrics])
    let command = Process()
    command.executableURL = URL(filePath: "/usr/bin/sha256sum")
    command.arguments = ["--check", "--strict", "--quiet"]
    command.currentDirectoryURL = scratch.url.appending(path: "lab")
    let input = Pipe()
    command.standardInput = input
    try command.run()
    let lines = manifest.files.map { "\($0.sha256)  \($0.name)\n" }.joined()
    try input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
    try input.fileHandleForWriting.close()
    command.waitUntilExit()
    expect(command.terminationStatus, equals: 0)
  }

  @Test func nothingStandsUnderTheNameBeforeAllIsWritten() throws {
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    let writer = try ResultsWriter(in: directory, timeline: false)
    var point = PointAggregate(.lab)
    try writer.append(.lab(1), to: &point)
    try expect(scratch.names(), equals: [".lab.partial"])
    directory.discard()
    try expect(scratch.names(), equals: [])
    #expect(throws: ResultsError.self) { try writer.commit(Self.origin) }
    try expect(scratch.names(), equals: [])
  }

  @Test func parentsAreCreatedAndLinksFollowed() throws {
    try write(replications: 1, to: scratch.path("a/b/lab/"))
    try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: "a/b/lab")
    try write(replications: 2, to: scratch.path("link"))
    try expect(scratch.text("a/b/lab/runs.csv").split(separator: "\n").count, equals: 3)
    try expect(scratch.names(), equals: ["a", "link"])
    try expect(scratch.names(in: "a/b"), equals: ["lab"])
  }

  @Test func olderResultsStandUntilTheNewOnesAreWhole() throws {
    try write(replications: 2, to: scratch.path("lab"))
    let older = try scratch.text("lab/runs.csv")
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    _ = try ResultsWriter(in: directory, timeline: false)
    try expect(scratch.text("lab/runs.csv"), equals: older)
    directory.discard()
    try expect(scratch.text("lab/runs.csv"), equals: older)
    try write(replications: 1, to: scratch.path("lab"))
    #expect(try scratch.text("lab/runs.csv") != older)
    try expect(scratch.names(), equals: ["lab"])
  }

  @Test func anEmptyDirectoryIsUsed() throws {
    try FileManager.default.createDirectory(atPath: scratch.path("lab"), withIntermediateDirectories: false)
    try write(replications: 1, to: scratch.path("lab"))
    try expect(scratch.names(in: "lab").count, equals: 9)
  }

  @Test func aDirectoryThatIsNotOursIsRefusedAndLeftAsItIs() throws {
    try scratch.write("dear diary", to: "lab/notes.txt")
    let error = #expect(throws: ResultsError.self) { try ResultsDirectory(at: scratch.path("lab")) }
    expect(error, equals: .notResults(path: scratch.path("lab"), found: "notes.txt"))
    #expect(error?.description.contains("notes.txt") == true)
    try expect(scratch.text("lab/notes.txt"), equals: "dear diary")
    try expect(scratch.names(), equals: ["lab"])
  }

  @Test func aManifestOfAnotherProgramMakesNoResults() throws {
    try scratch.write("{\"name\": \"a web application\"}", to: "lab/manifest.json")
    #expect(throws: ResultsError.notResults(path: scratch.path("lab"), found: "manifest.json")) {
      try ResultsDirectory(at: scratch.path("lab"))
    }
  }

  @Test func aUsersFileAmongResultsIsNeverDeleted() throws {
    try write(replications: 1, to: scratch.path("lab"))
    try scratch.write("mine", to: "lab/notes.txt")
    #expect(throws: ResultsError.foreignFile(path: scratch.path("lab"), found: "notes.txt")) {
      try write(replications: 1, to: scratch.path("lab"))
    }
    try expect(scratch.text("lab/notes.txt"), equals: "mine")
  }

  @Test func aUsersFileThatAppearsDuringTheRunStopsTheReplacement() throws {
    try write(replications: 1, to: scratch.path("lab"))
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    let writer = try ResultsWriter(in: directory, timeline: false)
    try scratch.write("mine", to: "lab/notes.txt")
    #expect(throws: ResultsError.foreignFile(path: scratch.path("lab"), found: "notes.txt")) {
      try writer.commit(Self.origin)
    }
    directory.discard()
    try expect(scratch.names(), equals: ["lab"])
    try expect(scratch.names(in: "lab").count, equals: 10)
  }

  @Test(arguments: ["nowhere/at/all", "link"])
  func aLinkThatLeadsNowhereIsRefusedBeforeAnythingRuns(target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: target)
    #expect(throws: ResultsError.brokenLink(path: scratch.path("link"))) {
      try ResultsDirectory(at: scratch.path("link"))
    }
    try expect(scratch.names(), equals: ["link"])
  }

  @Test func aFileInTheWayIsRefused() throws {
    try scratch.write("text", to: "lab")
    #expect(throws: ResultsError.notADirectory(path: scratch.path("lab"))) {
      try ResultsDirectory(at: scratch.path("lab"))
    }
    try expect(scratch.text("lab"), equals: "text")
  }

  @Test func whatAKilledRunLeftBehindIsCleaned() throws {
    try scratch.write("half a line", to: ".lab.partial/runs.csv")
    try scratch.write("half a line", to: ".lab.partial/timeline.csv")
    try write(replications: 1, to: scratch.path("lab"))
    try expect(scratch.names(), equals: ["lab"])
  }

  @Test func aUsersFileInWhatLooksLikeAKilledRunIsLeftAsItIs() throws {
    try scratch.write("mine", to: ".lab.partial/notes.txt")
    #expect(throws: ResultsError.foreignFile(path: scratch.path(".lab.partial"), found: "notes.txt")) {
      try ResultsDirectory(at: scratch.path("lab"))
    }
    try expect(scratch.text(".lab.partial/notes.txt"), equals: "mine")
  }

  @Test func resultsThatAKilledRunHadMovedAsideComeBack() throws {
    try write(replications: 2, to: scratch.path("lab"))
    let older = try scratch.text("lab/runs.csv")
    try FileManager.default.moveItem(atPath: scratch.path("lab"), toPath: scratch.path(".lab.previous"))
    let directory = try ResultsDirectory(at: scratch.path("lab"))
    try expect(scratch.text("lab/runs.csv"), equals: older)
    directory.discard()
    try expect(scratch.names(), equals: ["lab"])
  }

  @Test func aSecondRunForTheSamePathIsRefused() throws {
    let first = try ResultsDirectory(at: scratch.path("lab"))
    #expect(throws: ResultsError.busy(path: scratch.path("lab"))) { try ResultsDirectory(at: scratch.path("lab")) }
    try expect(scratch.names(), equals: [".lab.partial"])
    first.discard()
    try write(replications: 1, to: scratch.path("lab"))
  }
}
