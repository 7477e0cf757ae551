import FoundationEssentials
import Results

/// Every table that the program writes, without its rows.
package enum TableCatalogue {
  /// The tables, in the order of the reference page.
  package static let all: [TableDescription] = [
    RunsTable.table.description, DevicesTable.table.description, SessionsTable.table.description,
    GapsTable.table.description, SummaryTable.documented.description, TimelineTable.table.description,
    SegmentsTable.table.description, SegmentsTimelineTable.table.description, PointsTable.documented.description,
    CohortsTable.table.description, SummaryTable.documentedOfCohorts.description, EventsTable.table.description,
    TuneTable.table(varied: [], environment: []).description,
  ]

  /// The table that is written to a file; nil if the file is no table.
  package static func table(of file: ResultFile) -> TableDescription? { all.first { $0.file == file } }

  /// The same for programs, as `gapsim columns --json` prints it.
  package static var json: String {
    get throws {
      let tables = all.map { table in
        DescribedTable(
          table: table.file.tableName, file: table.file.rawValue, rowFor: table.rowFor,
          columns: table.columns.map {
            DescribedColumn(
              name: $0.type == .varied ? nil : $0.name, type: $0.type.rawValue, unit: $0.unit.symbol,
              meaning: $0.documentation)
          })
      }
      return String(decoding: try JSONEncoder.results.encode(tables), as: UTF8.self) + "\n"
    }
  }
}

private struct DescribedTable: Encodable {
  let table, file, rowFor: String
  let columns: [DescribedColumn]

  private enum CodingKeys: String, CodingKey {
    case table, file, columns
    case rowFor = "row_for"
  }
}

private struct DescribedColumn: Encodable {
  /// Nil for the columns of varied keys, which are named by them.
  let name: String?
  let type: String
  /// Nil for text and for numbers without a unit.
  let unit: String?
  let meaning: String
}
