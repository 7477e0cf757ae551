import Results

/// The reference page of the CSV columns, made from the tables themselves.
package enum CSVReference {
  /// The page in Markdown.
  package static let markdown: String =
    """
    # The columns of the CSV files

    This page is generated from the tables that write the files. `outputs.md` says what the files have in common, and
    what a column means where it could be taken two ways. Times are in seconds with nine decimals, counts are whole
    numbers, every other number has six decimals; a field is empty when there is no such figure. In the results of a sweep
    the columns of `points.csv` stand at the right end of every table that has replications too.

    """ + section(RunsTable.table) + section(DevicesTable.table) + section(SessionsTable.table)
    + section(GapsTable.table) + section(SummaryTable.documented) + section(TimelineTable.table)
    + section(SegmentsTable.table) + section(SegmentsTimelineTable.table) + section(PointsTable.documented)
    + section(CohortsTable.table) + section(SummaryTable.documentedOfCohorts) + section(EventsTable.table)
    + section(TuneTable.table(varied: [], environment: []))

  private static func section<Row>(_ table: Table<Row>) -> String {
    var text =
      "\n## `\(table.file.rawValue)`\n\nOne row for \(table.rowFor).\n\n| column | unit | meaning |\n| --- | --- | --- |\n"
    for column in table.columns {
      text += "| `\(column.name)` | \(column.unit.rawValue) | \(column.documentation) |\n"
    }
    return text
  }
}
