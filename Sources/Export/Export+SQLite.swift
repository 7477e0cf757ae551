import Experiments
import Glibc
import Results

extension Export {
  /// The number by which a database says what it is; `gaps` in ASCII.
  static let applicationID: UInt32 = 0x6761_7073
  /// The database while it is made.
  private static let database = "export.sqlite"

  /// Writes results as a database of SQLite. A file that is there is replaced if it is such a database.
  ///
  /// The same results give the same bytes. The file gets its name when it is whole.
  ///
  /// - Throws: ``ExportError``, ``ResultsError``, or a ``CSVError`` with the file and line of what is wrong.
  package static func sqlite(_ folder: ResultsFolder, to path: String) throws -> Written {
    let workspace = try Workspace(
      for: path, Workspace.Contents(isOurs: { $0 == database }, checkReplaceable: checkReplaceableDatabase))
    let interruption = Interruption(workspace.discard)
    defer {
      workspace.discard()
      interruption.end()
    }
    let tables = try ExportedTable.all(of: folder)
    let writer = try SQLiteWriter(creating: workspace.directory + "/" + database, called: path)
    try writer.write(ExportedManifest(folder))
    try writer.write(descriptionOf: tables)
    for table in tables { try writer.write(table, of: folder) }
    try writer.close()
    try workspace.publish(file: database)
    return Written(path: path, tables: tables.map(\.name))
  }

  /// A file that is no export is left as it is.
  private static func checkReplaceableDatabase(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    // SQLite leaves an empty file where somebody asked for a database that was not there.
    if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 { return }
    guard let file = try? InputFile(path), let head = try? file.read(at: 0, count: 72),
      head.starts(with: Array("SQLite format 3\0".utf8)),
      head.suffix(4).reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == applicationID, head.count == 72
    else { throw ExportError.notAnExport(path: path) }
  }
}
