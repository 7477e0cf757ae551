import Experiments
import Results

/// A table of results with the type of each column.
struct ExportedTable: Sendable {
  /// The file that it is read from.
  let file: ResultFile
  /// How many rows it has.
  let rows: UInt64
  let columns: [ExportedColumn]

  /// Its name.
  var name: String { file.tableName }

  /// The tables of a directory of results, in the order of `docs/outputs.md`.
  ///
  /// The program knows the type of each column that it writes. Varied keys are numbers or words, and so are columns of a
  /// later version: their values say which.
  static func all(of folder: ResultsFolder) throws(CSVError) -> [ExportedTable] {
    var points: [String: SeenValues] = [:]
    if folder.has(.points) {
      let reader = try folder.reader(.points)
      points = try SeenValues.all(of: reader.header, in: reader)
    }
    var tables: [ExportedTable] = []
    for file in ResultFile.allCases where file.isTable {
      guard folder.has(file), let entry = folder.entry(of: file) else { continue }
      let columns = try columns(of: file, in: folder, points: points)
      tables.append(ExportedTable(file: file, rows: entry.rows, columns: columns))
    }
    return tables
  }

  private static func columns(
    of file: ResultFile, in folder: ResultsFolder, points: [String: SeenValues]
  ) throws(CSVError) -> [ExportedColumn] {
    let header = try folder.reader(file).header
    let description = TableCatalogue.table(of: file)
    let known = header.map { name in description.flatMap { ExportedColumn(name, of: $0) } }
    // The values of a large table are read only if points.csv does not have them.
    let unseen = zip(header, known).filter { $1 == nil && points[$0] == nil }.map(\.0)
    let seen = unseen.isEmpty ? [:] : try SeenValues.all(of: unseen, in: folder.reader(file))
    return zip(header, known).map { name, column in
      column ?? ExportedColumn(key: name, points[name] ?? seen[name] ?? SeenValues())
    }
  }
}
