import Quantities
import Results

/// Writes the tables of results into a new database, in one transaction.
struct SQLiteWriter {
  private let database: SQLiteDatabase

  /// What makes the bytes depend on the rows alone, and the writing fast: a file that gets its name when it is whole needs
  /// no journal.
  private static let settings = """
    PRAGMA page_size = 4096;
    PRAGMA encoding = 'UTF-8';
    PRAGMA auto_vacuum = NONE;
    PRAGMA journal_mode = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA cell_size_check = OFF;
    PRAGMA application_id = \(Export.applicationID);
    PRAGMA user_version = 1;
    BEGIN;
    """

  private static let tables = """
    CREATE TABLE manifest (
      kind TEXT, program TEXT, program_version TEXT, format_version INTEGER, seed TEXT, scenario TEXT,
      scenario_sha256 TEXT, tune TEXT, tune_json TEXT, manifest_json TEXT);
    CREATE TABLE files (name TEXT, rows INTEGER, sha256 TEXT);
    CREATE TABLE columns (table_name TEXT, column_name TEXT, type TEXT, unit TEXT, meaning TEXT);
    """

  /// Creates a database without rows.
  ///
  /// - Parameter name: what messages call it.
  init(creating file: String, called name: String) throws {
    database = try SQLiteDatabase(creating: file, called: name)
    try database.execute(Self.settings)
    try database.execute(Self.tables)
  }

  /// Writes all to the disk.
  func close() throws {
    try database.execute("COMMIT")
    try database.close()
  }

  func write(_ manifest: ExportedManifest) throws {
    func text(_ text: String?) -> SQLiteDatabase.Value { text.map(SQLiteDatabase.Value.text) ?? .null }
    try insertion(into: "manifest", columns: 10).run([
      .text(manifest.kind), .text("gapsim"), .text(manifest.programVersion), .integer(Int64(manifest.formatVersion)),
      text(manifest.seed), .text(manifest.scenario), .text(manifest.scenarioSHA256), text(manifest.tune),
      text(manifest.tuneSummary), .text(manifest.json),
    ])
    let files = try insertion(into: "files", columns: 3)
    for file in manifest.files {
      try files.run([.text(file.name), .integer(Int64(clamping: file.rows)), .text(file.sha256)])
    }
  }

  func write(descriptionOf tables: [ExportedTable]) throws {
    let columns = try insertion(into: "columns", columns: 5)
    for table in tables {
      for (column, name) in zip(table.columns, Self.names(of: table.columns)) {
        try columns.run([
          .text(table.name), .text(name), .text(Self.type(of: column.kind).lowercased()),
          column.unit.map(SQLiteDatabase.Value.text) ?? .null, column.meaning.map(SQLiteDatabase.Value.text) ?? .null,
        ])
      }
    }
  }

  func write(_ table: ExportedTable, of folder: ResultsFolder) throws {
    let columns = zip(Self.names(of: table.columns), table.columns).map { name, column in
      "\(Self.quoted(name)) \(Self.type(of: column.kind))"
    }
    try database.execute("CREATE TABLE \(Self.quoted(table.name)) (\(columns.joined(separator: ", ")))")
    let insertion = try insertion(into: table.name, columns: columns.count)
    var reader = try folder.reader(table.file)
    while let (line, fields) = try reader.next() {
      for (index, field) in fields.enumerated() {
        guard let value = Self.value(of: field, table.columns[index].kind) else {
          throw CSVError(
            path: reader.path, line: line, column: table.columns[index].name,
            "'\(field.excerpt)' is no \(table.columns[index].kind == .real ? "number" : "whole number")")
        }
        try insertion.bind(value, at: index)
      }
      try insertion.run()
    }
  }

  private func insertion(into table: String, columns: Int) throws -> SQLiteDatabase.Statement {
    let values = Array(repeating: "?", count: columns).joined(separator: ", ")
    return try database.prepare("INSERT INTO \(Self.quoted(table)) VALUES (\(values))")
  }
}

extension SQLiteWriter {
  /// The value of a field; nil if it is not of that kind.
  private static func value(of field: String, _ kind: ExportedColumn.Kind) -> SQLiteDatabase.Value? {
    if field.isEmpty { return .null }
    return switch kind {
    case .text: .text(field)
    case .integer: Int64(field).map(SQLiteDatabase.Value.integer)
    case .unsigned: UInt64(field).map { _ in .text(field) }
    case .real: CSVTable.number(field).map(SQLiteDatabase.Value.real)
    }
  }

  /// SQLite's type. It has no numbers of 64 bits without a sign, and would round those that need one bit more than it has.
  private static func type(of kind: ExportedColumn.Kind) -> String {
    switch kind {
    case .text, .unsigned: "TEXT"
    case .integer: "INTEGER"
    case .real: "REAL"
    }
  }

  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

  /// The columns' names. SQLite takes two that differ in case only for one, so the later one gets a number.
  private static func names(of columns: [ExportedColumn]) -> [String] {
    var taken: Set<String> = []
    return columns.map { column in
      let name =
        ([column.name] + (2...).lazy.prefix(columns.count).map { "\(column.name)_\($0)" })
        .first { !taken.contains($0.lowercased()) } ?? column.name
      taken.insert(name.lowercased())
      return name
    }
  }
}
