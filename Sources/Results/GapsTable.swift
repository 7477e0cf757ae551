import Runs

/// `gaps.csv`: how often each gap size was seen.
package enum GapsTable {
  package static let table = Table(
    file: .gaps,
    rowFor: "each gap size seen at a first check, of each replication",
    columns: Row<GapSizeCount>.identity + columns
  )

  private static let columns: [Column<Row<GapSizeCount>>] = [
    .count("session", .number, "sessions begun by the time of the check") { $0.record.session },
    .count("gap_blocks", .blocks, "the gap's size") { $0.record.blocks },
    .count("count", .gaps, "how many gaps had it") { $0.record.count },
  ]
}
