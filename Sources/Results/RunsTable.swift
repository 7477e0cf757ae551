import Quantities
import RunMetrics

/// `runs.csv`: the figures of each replication.
package enum RunsTable {
  package static let table = Table(
    file: .runs,
    rowFor: "each replication",
    columns: Row<RunFigures>.identity + setting + columns(Metric.first) + [ended] + columns(Metric.later)
  )

  private static let setting: [Column<Row<RunFigures>>] = [
    Column(
      name: "seed", unit: .number, type: .unsigned, documentation: "the seed of all replications; empty of live runs"
    ) { $0.context.isLive ? .empty : .number(FixedPoint(Int128($0.context.seed))) },
    .count("devices", .devices, "all devices") { $0.context.devices },
    .count("blocks", .blocks, "the blocks of the file, n in the rules") { $0.context.file.blocks },
    .count("threshold_bytes", .bytes, "the pre-selected amount; 0 promotes nobody; empty where nobody can be promoted")
    {
      $0.context.strategy.promotes ? $0.context.thresholdBytes : nil
    },
  ]

  private static func columns(_ metrics: [Metric]) -> [Column<Row<RunFigures>>] {
    metrics.map { metric in Column(metric) { metric.value(of: $0.record) } }
  }

  package static let ended = Column<Row<RunFigures>>.text(
    "ended",
    "why the run ended: `complete`, `time_limit` or `event_limit`; of a live run `complete` or `interrupted`"
  ) { $0.record.ended.rawValue }
}
