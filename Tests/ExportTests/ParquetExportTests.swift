import Foundation
import Glibc
import TestSupport
import Testing

@testable import Export
@testable import Fixtures
@testable import Results

/// Exports to Parquet, as far as they need no pyarrow; `.ci/try-export` reads them back.
@Suite struct ParquetExportTests {
  private let scratch: Scratch
  private let path: String

  init() throws {
    scratch = try Scratch()
    path = scratch.path("out.parquet")
    try SmallResults.write(to: scratch.path("a"))
  }

  private func export() throws { _ = try Export.parquet(ResultsFolder(at: scratch.path("a")), to: path) }

  @Test func thePlanHasEachTableWithItsTypes() throws {
    let folder = try ResultsFolder(at: scratch.path("a"))
    let plan = try ParquetPlan(ExportedTable.all(of: folder), ExportedManifest(folder), of: folder)
    expect(
      plan.tables.map(\.name), equals: ["runs", "devices", "sessions", "gaps", "summary", "cohorts", "cohorts_summary"])
    expect(plan.tables.map(\.rows), equals: folder.manifest.files.map(\.rows))
    let types = Dictionary(uniqueKeysWithValues: plan.tables[0].columns.map { ($0.name, $0.type) })
    #expect(types["scenario"] == "text" && types["seed"] == "unsigned" && types["server_bytes"] == "integer")
    expect(types["makespan_s"], equals: "real")
    expect(plan.descriptions.keys.sorted(), equals: ["columns", "files", "manifest"])
  }

  /// What was checked is what is read, though others take its place.
  @Test func rowsAreReadFromTheFilesThatAreOpen() throws {
    let folder = try ResultsFolder(at: scratch.path("a"))
    let before = try scratch.text("a/runs.csv")
    let plan = try ParquetPlan(ExportedTable.all(of: folder), ExportedManifest(folder), of: folder)
    try FileManager.default.removeItem(atPath: scratch.path("a"))
    try expect(String(contentsOfFile: plan.tables[0].file, encoding: .utf8), equals: before)
  }

  @Test func aDirectoryWithAnythingElseIsLeftAsItIs() throws {
    try scratch.write("mine", to: "out.parquet/notes.txt")
    #expect(throws: ExportError.foreignFile(path: path, found: "notes.txt")) { try export() }
    try scratch.write("PAR1", to: "out.parquet/runs.parquet")
    unlink(scratch.path("out.parquet/notes.txt"))
    #expect(throws: ExportError.foreignFile(path: path, found: "runs.parquet")) { try export() }
    try expect(scratch.names(in: "out.parquet"), equals: ["runs.parquet"])
    try expect(scratch.names(), equals: ["a", "out.parquet"])
  }

  @Test func resultsAreNotReplacedByTheirExport() throws {
    let folder = try ResultsFolder(at: scratch.path("a"))
    #expect(throws: ExportError.foreignFile(path: scratch.path("a"), found: "cohorts-summary.csv")) {
      try Export.parquet(folder, to: scratch.path("a"))
    }
  }

  @Test func aFileIsLeftAsItIs() throws {
    try scratch.write("mine", to: "out.parquet")
    #expect(throws: ExportError.notAnExport(path: path)) { try export() }
    try expect(scratch.text("out.parquet"), equals: "mine")
  }
}
