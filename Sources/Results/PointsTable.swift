/// `points.csv`: the values of each point of a sweep.
package enum PointsTable {
  /// The table, with a column for each key that is varied.
  package static func table(varied: [String]) -> Table<RunContext> {
    Table(file: .points, rowFor: "each point of a sweep", columns: [point] + columns(varied) { $0 })
  }

  /// The table for the reference page, with one line for all varied keys.
  package static let documented = table(varied: ["(the varied keys)"])

  private static let point = Column<RunContext>.count("point", .number, "the point, from 0") { $0.point }

  /// The columns of varied keys in a table whose rows have a point.
  package static func columns<Row>(
    _ varied: [String], _ context: @escaping @Sendable (Row) -> RunContext
  ) -> [Column<Row>] {
    varied.enumerated().map { index, name in
      Column(
        name: name, unit: .parameter, type: .varied,
        documentation:
          "one column for each key that a sweep varies, in the order in which they vary; none in a plain run"
      ) { .text(context($0).varied[index].cell.text) }
    }
  }
}

extension Row {
  /// A table with the varied keys at its right end.
  package static func varying(_ varied: [String], _ table: Table<Row>) -> Table<Row> {
    Table(file: table.file, rowFor: table.rowFor, columns: table.columns + PointsTable.columns(varied) { $0.context })
  }
}
