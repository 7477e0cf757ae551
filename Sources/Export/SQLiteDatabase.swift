import CSQLite

/// A database of SQLite that is being made.
final class SQLiteDatabase {
  /// The value of a field.
  enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  private let path: String
  private var handle: OpaquePointer?

  /// Creates the file.
  ///
  /// - Parameter name: what messages call it.
  init(creating file: String, called name: String) throws(ExportError) {
    path = name
    let code = sqlite3_open_v2(file, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK else { throw error() }
  }

  deinit { sqlite3_close_v2(handle) }

  /// Does what a statement without parameters says.
  func execute(_ statement: String) throws(ExportError) {
    guard sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK else { throw error() }
  }

  /// Closes the file.
  func close() throws(ExportError) {
    guard sqlite3_close(handle) == SQLITE_OK else { throw error() }
    handle = nil
  }

  /// A statement that is done for many rows.
  func prepare(_ statement: String) throws(ExportError) -> Statement {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(handle, statement, -1, &prepared, nil) == SQLITE_OK, let prepared else { throw error() }
    return Statement(prepared, of: self)
  }

  fileprivate func error() -> ExportError {
    .unwritable(path: path, reason: String(cString: sqlite3_errmsg(handle)))
  }
}

extension SQLiteDatabase {
  /// A statement whose parameters are bound anew for each row.
  final class Statement {
    private let handle: OpaquePointer
    private let database: SQLiteDatabase

    fileprivate init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
      (self.handle, self.database) = (handle, database)
    }

    deinit { sqlite3_finalize(handle) }

    /// Gives the parameter at a position, from 0, its value.
    func bind(_ value: Value, at index: Int) throws(ExportError) {
      let position = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, position)
        case .integer(let number): sqlite3_bind_int64(handle, position, number)
        case .real(let number): sqlite3_bind_double(handle, position, number)
        case .text(var text):
          text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
              gapsim_sqlite3_bind_text(handle, position, bytes.baseAddress, Int32(bytes.count))
            }
          }
        }
      guard code == SQLITE_OK else { throw database.error() }
    }

    /// Does it, with the values that are bound.
    func run() throws(ExportError) {
      let code = sqlite3_step(handle)
      sqlite3_reset(handle)
      guard code == SQLITE_DONE else { throw database.error() }
    }

    /// Does it with these values.
    func run(_ values: [Value]) throws(ExportError) {
      for (index, value) in values.enumerated() { try bind(value, at: index) }
      try run()
    }
  }
}
