import Foundation
import TestSupport
import Testing

@testable import Export
@testable import Fixtures
@testable import Results

/// Databases of SQLite, read back with SQLite.
@Suite struct SQLiteExportTests {
  private let scratch: Scratch
  private let path: String

  init() throws {
    scratch = try Scratch()
    path = scratch.path("out.sqlite")
    try SmallResults.write(to: scratch.path("a"))
  }

  @discardableResult
  private func export() throws -> Export.Written { try Export.sqlite(ResultsFolder(at: scratch.path("a")), to: path) }

  private func query(_ statement: String) throws -> [[String?]] { try ReadDatabase(path).rows(statement) }

  @Test func eachFileIsATableWithTheSameRows() throws {
    let written = try export()
    expect(written.tables, equals: ["runs", "devices", "sessions", "gaps", "summary", "cohorts", "cohorts_summary"])
    let folder = try ResultsFolder(at: scratch.path("a"))
    for file in ResultFile.allCases where folder.has(file) {
      let table = try folder.table(file)
      let rows = try query("SELECT * FROM \(file.tableName) ORDER BY rowid")
      #expect(rows.count == table.rows.count && !rows.isEmpty)
      for (row, fields) in zip(rows, table.rows) {
        for (value, field) in zip(row, fields) {
          // A number is the same number, whatever its zeros; nothing is NULL.
          if let number = Double(field) {
            expect(value.flatMap(Double.init), equals: number)
          } else {
            #expect(value ?? "" == field)
          }
          expect(value == nil, equals: field.isEmpty)
        }
      }
    }
  }

  @Test func columnsHaveTheTypesOfWhatTheyAre() throws {
    try export()
    func types(_ table: String) throws -> [String: String] {
      let rows = try query("SELECT name, type FROM pragma_table_info('\(table)')")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1] ?? "") })
    }
    let runs = try types("runs")
    #expect(runs["scenario"] == "TEXT" && runs["seed"] == "TEXT" && runs["ended"] == "TEXT")
    #expect(runs["devices"] == "INTEGER" && runs["server_bytes"] == "INTEGER" && runs["gap_blocks_max"] == "INTEGER")
    #expect(runs["makespan_s"] == "REAL" && runs["promotion_rate"] == "REAL" && runs["gaps_mean"] == "REAL")
    #expect(try types("devices")["missing_packets"] == "INTEGER" && types("devices")["completed_s"] == "REAL")
    #expect(try types("summary")["mean"] == "REAL" && types("gaps")["count"] == "INTEGER")
    // Each value has the type that its column says.
    try expect(
      query("SELECT DISTINCT typeof(devices), typeof(makespan_s), typeof(seed) FROM runs"),
      equals: [
        ["integer", "real", "text"]
      ])
    #expect(try query("SELECT count(*) FROM devices WHERE gap_bytes IS NULL AND promoted_s IS NULL") != [["0"]])
  }

  @Test func whatTheResultsWereMadeFromStandsBesideThem() throws {
    try export()
    let manifest = try ResultsFolder(at: scratch.path("a")).manifest
    try expect(
      query("SELECT kind, program_version, seed, scenario, scenario_sha256, tune FROM manifest"),
      equals: [["run", manifest.programVersion, "1", manifest.scenario, manifest.scenarioSHA256, nil]])
    try expect(
      query("SELECT name, rows, sha256 FROM files ORDER BY rowid"),
      equals: manifest.files.map { [$0.name, "\($0.rows)", $0.sha256] })
    try expect(
      query("SELECT type, unit, meaning FROM columns WHERE table_name = 'runs' AND column_name = 'promotion_rate'"),
      equals: [
        ["real", "fraction of 1", "`promoted_devices` ÷ `second_set_devices`; empty when there is no second set"]
      ])
    try expect(query("SELECT unit FROM columns WHERE table_name = 'runs' AND column_name = 'ended'"), equals: [[nil]])
    // Every column of every table is explained.
    try expect(
      query(
        """
        SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.name NOT IN ('manifest', 'files', 'columns')
          AND NOT EXISTS (SELECT 1 FROM columns WHERE table_name = m.name AND column_name = c.name AND meaning <> '')
        """), equals: [])
  }

  @Test func theSameResultsGiveTheSameBytes() throws {
    try export()
    let first = try Data(contentsOf: URL(filePath: path))
    try export()
    try expect(Data(contentsOf: URL(filePath: path)), equals: first)
    try expect(query("PRAGMA integrity_check"), equals: [["ok"]])
    try expect(scratch.names(), equals: ["a", "out.sqlite"])
  }

  @Test(arguments: ["my own notes\n", "SQLite format 3\u{0}" + String(repeating: "x", count: 100)])
  func aFileThatIsNoExportIsLeftAsItIs(text: String) throws {
    try scratch.write(text, to: "out.sqlite")
    #expect { try export() } throws: {
      "\($0)".hasSuffix("is no export of gapsim, and is left as it is; choose another name")
    }
    try expect(scratch.text("out.sqlite"), equals: text)
    try expect(scratch.names(), equals: ["a", "out.sqlite"])
  }

  @Test func anEmptyFileIsReplaced() throws {
    try scratch.write("", to: "out.sqlite")
    try export()
    try expect(query("SELECT count(*) FROM runs"), equals: [["3"]])
  }

  @Test func someoneElsesDatabaseIsLeftAsItIs() throws {
    try ReadDatabase(path, creating: true).run("CREATE TABLE mine (a)")
    #expect(throws: ExportError.notAnExport(path: path)) { try export() }
    try expect(query("SELECT name FROM sqlite_schema"), equals: [["mine"]])
  }

  /// Names come from scenarios, and forged results have any text at all.
  @Test(arguments: [
    "x'); DROP TABLE runs; --", "a \"quoted\", name\nin two lines", "NULL", "007", "ünïcødé 🙂", " ",
  ])
  func textIsTakenAsItStands(text: String) throws {
    let field = "\"\(text.replacing("\"", with: "\"\""))\""
    try scratch.forge("a", .devices) { $0 = $0.replacing(",front,", with: ",\(field),") }
    try scratch.forge("a", .gaps) { $0 = $0.replacing("session", with: field) }
    // A manifest counts lines, and this text may have two.
    try scratch.forgeManifest("a") { manifest in
      for index in manifest.files.indices { manifest.files[index].rows += 100 }
    }
    try export()
    try expect(query("SELECT DISTINCT cohort FROM devices ORDER BY device"), equals: [[text], ["back"]])
    try expect(query("SELECT name FROM pragma_table_info('gaps') WHERE cid = 3"), equals: [[text]])
    try expect(query("SELECT count(*) FROM runs"), equals: [["3"]])
  }

  @Test func aValueOfAnotherTypeIsNamedAndNothingIsWritten() throws {
    try scratch.forge("a", .sessions) {
      $0 = $0.replacing("complete", with: "complete").replacing("small,0,2,", with: "small,0,two,")
    }
    #expect { try export() } throws: {
      "\($0)".contains("/sessions.csv:") && "\($0)".hasSuffix("replication: 'two' is no whole number")
    }
    try expect(scratch.names(), equals: ["a"])
  }

  @Test func columnsThatDifferInCaseAreTwo() throws {
    try scratch.forge("a", .gaps) { $0 = $0.replacing("gap_blocks,count", with: "Session,SESSION") }
    try export()
    try expect(
      query("SELECT column_name FROM columns WHERE table_name = 'gaps'"),
      equals: [["scenario"], ["point"], ["replication"], ["session"], ["Session_2"], ["SESSION_3"]])
    #expect(try !query("SELECT Session_2, SESSION_3 FROM gaps").isEmpty)
  }
}
