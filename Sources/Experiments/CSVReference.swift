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

    The types are those of [exports](export.md): `integer` is a whole number of 64 bits, `unsigned` one without a sign,
    `real` any other number. A column of type `varied` has the numbers of a key in its base unit, or words. Text, and
    numbers that count nothing, have no unit.

    """ + TableCatalogue.all.map(section).joined()

  private static func section(_ table: TableDescription) -> String {
    var text =
      "\n## `\(table.file.rawValue)`\n\nOne row for \(table.rowFor).\n\n"
      + "| column | type | unit | meaning |\n| --- | --- | --- | --- |\n"
    for column in table.columns {
      text +=
        "| `\(column.name)` | \(column.type.rawValue) | \(column.unit.symbol ?? "") | \(column.documentation) |\n"
    }
    return text
  }
}
