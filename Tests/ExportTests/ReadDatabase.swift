import CSQLite
import Testing

/// A database that a test reads.
final class ReadDatabase {
  private var handle: OpaquePointer?

  init(_ path: String, creating: Bool = false) throws {
    let flags = creating ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    try #require(sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK)
  }

  deinit { sqlite3_close(handle) }

  func run(_ statement: String) throws {
    try #require(sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK)
  }

  /// The rows of a query as text; nil for NULL.
  func rows(_ query: String) throws -> [[String?]] {
    var statement: OpaquePointer?
    try #require(
      sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
    defer { sqlite3_finalize(statement) }
    var rows: [[String?]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { index in
          sqlite3_column_text(statement, index).map { String(cString: $0) }
        })
    }
    return rows
  }
}
