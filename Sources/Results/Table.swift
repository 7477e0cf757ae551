import RunMetrics

/// The files of a directory of results.
package enum ResultFile: String, CaseIterable, Sendable {
  case runs = "runs.csv"
  case devices = "devices.csv"
  case sessions = "sessions.csv"
  case gaps = "gaps.csv"
  case summary = "summary.csv"
  case timeline = "timeline.csv"
  case points = "points.csv"
  case cohorts = "cohorts.csv"
  case cohortsSummary = "cohorts-summary.csv"
  case segments = "segments.csv"
  case segmentsTimeline = "segments_timeline.csv"
  case events = "events.csv"
  case tune = "tune.csv"
  case tuneSummary = "tune.json"
  case manifest = "manifest.json"

  /// Whether it has rows, one line each.
  package var isTable: Bool { rawValue.hasSuffix(".csv") }

  /// Its name as a table of a database: without the extension, and needing no quotes in SQL.
  package var tableName: String {
    String(rawValue.prefix { $0 != "." }.map { $0 == "-" ? "_" : $0 })
  }
}

/// One CSV file: its name, the meaning of a row, and its columns in their order.
package struct Table<Row>: Sendable {
  /// The file it is written to.
  package let file: ResultFile
  /// What each row is about, in the words of the reference page.
  package let rowFor: String
  /// The columns from left to right.
  package let columns: [Column<Row>]

  /// A table with these columns.
  package init(file: ResultFile, rowFor: String, columns: [Column<Row>]) {
    self.file = file
    self.rowFor = rowFor
    self.columns = columns
  }
}

/// What there is to know of a table without its rows.
package struct TableDescription: Hashable, Sendable {
  /// A column without its values.
  package struct Column: Hashable, Sendable {
    package let name: String
    package let unit: MetricUnit
    package let type: ColumnType
    /// One line of what it means.
    package let documentation: String
  }

  /// The file it is written to.
  package let file: ResultFile
  /// What each row is about.
  package let rowFor: String
  /// The columns from left to right. A column of type ``ColumnType/varied`` stands for one for each varied key.
  package let columns: [Column]
}

extension Table {
  /// The table without its rows.
  package var description: TableDescription {
    TableDescription(
      file: file, rowFor: rowFor,
      columns: columns.map {
        TableDescription.Column(name: $0.name, unit: $0.unit, type: $0.type, documentation: $0.documentation)
      })
  }
}

/// A row of a table about one replication, or about one of its devices, sessions and so on.
package struct Row<Record: Sendable>: Sendable {
  /// The point that was run.
  package let context: RunContext
  /// The replication, from 1.
  package let replication: Int
  /// What the row is about.
  package let record: Record

  /// A row about a record of a replication.
  package init(context: RunContext, replication: Int, record: Record) {
    self.context = context
    self.replication = replication
    self.record = record
  }
}

extension Row {
  /// The columns that say which replication a row belongs to.
  static var identity: [Column<Row>] {
    [
      .text("scenario", "the scenario's name") { $0.context.scenario },
      .count("point", .number, "the point of the sweep, from 0; a plain run is point 0") { $0.context.point },
      .count("replication", .number, "the replication, from 1") { $0.replication },
    ]
  }
}
