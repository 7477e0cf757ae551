import FoundationEssentials
import Results

/// What Python is asked to write, as JSON.
struct ParquetPlan: Encodable {
  /// A table of results.
  struct Table: Encodable {
    let name: String
    /// Where the rows are read from, with a header.
    let file: String
    let rows: UInt64
    let columns: [Column]
  }

  struct Column: Encodable {
    let name: String
    let type: String
    let unit: String?
    let meaning: String?
  }

  /// A small table that is written down here.
  struct Description: Encodable {
    /// Names and types.
    let columns: [[String]]
    let rows: [[String: Cell]]
  }

  enum Cell: Encodable {
    case text(String)
    case integer(UInt64)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .integer(let number): try container.encode(number)
      }
    }
  }

  /// What each file says of itself.
  let origin: [String: String]
  let tables: [Table]
  let descriptions: [String: Description]

  /// Plans the export of these tables, which stay open in `folder` until it is done.
  init(_ tables: [ExportedTable], _ manifest: ExportedManifest, of folder: ResultsFolder) {
    origin = [
      "program": "gapsim", "program_version": manifest.programVersion, "scenario_sha256": manifest.scenarioSHA256,
    ]
    self.tables = tables.compactMap { table in
      guard let input = folder.input(table.file) else { return nil }
      let columns = table.columns.map {
        Column(name: $0.name, type: $0.kind.rawValue, unit: $0.unit, meaning: $0.meaning)
      }
      return Table(name: table.name, file: input.openPath, rows: table.rows, columns: columns)
    }
    descriptions = [
      "columns": Self.columns(of: tables), "files": Self.files(of: manifest), "manifest": Self.row(of: manifest),
    ]
  }

  var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self) }
  }
}

extension ParquetPlan {
  private static func columns(of tables: [ExportedTable]) -> Description {
    Description(
      columns: ["table_name", "column_name", "type", "unit", "meaning"].map { [$0, "text"] },
      rows: tables.flatMap { table in
        table.columns.map { column in
          let cells = [
            "table_name": table.name, "column_name": column.name, "type": column.kind.rawValue, "unit": column.unit,
            "meaning": column.meaning,
          ]
          return cells.compactMapValues { $0.map(Cell.text) }
        }
      })
  }

  private static func files(of manifest: ExportedManifest) -> Description {
    Description(
      columns: [["name", "text"], ["rows", "integer"], ["sha256", "text"]],
      rows: manifest.files.map { ["name": .text($0.name), "rows": .integer($0.rows), "sha256": .text($0.sha256)] })
  }

  private static func row(of manifest: ExportedManifest) -> Description {
    let texts = [
      ("kind", manifest.kind), ("program", "gapsim"), ("program_version", manifest.programVersion),
      ("format_version", "\(manifest.formatVersion)"), ("seed", manifest.seed), ("scenario", manifest.scenario),
      ("scenario_sha256", manifest.scenarioSHA256), ("tune", manifest.tune), ("tune_json", manifest.tuneSummary),
      ("manifest_json", manifest.json),
    ]
    var row = Dictionary(uniqueKeysWithValues: texts.compactMap { name, text in text.map { (name, Cell.text($0)) } })
    row["format_version"] = .integer(UInt64(manifest.formatVersion))
    let types = ["format_version": "integer"]
    return Description(columns: texts.map { [$0.0, types[$0.0] ?? "text"] }, rows: [row])
  }
}
