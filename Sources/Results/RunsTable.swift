import NetworkModel

/// `runs.csv`: the figures of each replication.
enum RunsTable {
  static let table = Table(
    file: .runs,
    rowFor: "each replication",
    columns: Row<RunFigures>.identity + setting + inFront + [ended, group.left]
  )

  /// The numeric results: what `summary.csv` has a row for.
  static let metrics = inFront + [group.left]

  private static let group = GroupColumns<RunFigures>(figures: \.all)

  private static let setting: [Column<Row<RunFigures>>] = [
    .count("seed", .number, "the seed of all replications") { $0.context.seed },
    .count("devices", .devices, "all devices") { $0.context.devices },
    .count("blocks", .blocks, "the blocks of the file, n in the rules") { $0.context.file.blocks },
    .count("threshold_bytes", .bytes, "the pre-selected amount; 0 promotes nobody") { $0.context.thresholdBytes },
  ]

  /// The results in front of `ended`.
  private static let inFront =
    group.ends + group.promotion + [active] + sent + [makespan] + group.completion
    + group.gaps + [uniformity]

  private static let active = Column<Row<RunFigures>>.count("active_devices", .devices, "devices ever active") {
    $0.record.devices.active
  }

  private static let sent: [Column<Row<RunFigures>>] = [
    .count("sessions", .sessions, "multicast passes: the rows of `sessions.csv`") { $0.record.sessions },
    .count("abandoned_sessions", .sessions, "those of them that were abandoned (R8)") {
      $0.record.abandonedSessions
    },
    .count("multicast_data_packets", .packets, "multicast DATA that left the uplink") {
      $0.record.multicastDataPackets
    },
    .count("unicast_data_packets", .packets, "unicast DATA that left the uplink") { $0.record.unicastDataPackets },
    .count("server_bytes", .bytes, "bytes on the wire (N1) that left the uplink, of every packet") {
      $0.record.serverBytes
    },
  ]

  private static let makespan = Column<Row<RunFigures>>.time(
    "makespan_s", "the last completion, from time 0; empty if no device is complete"
  ) { $0.record.makespan }

  private static let uniformity = Column<Row<RunFigures>>.real(
    "loss_uniformity_p",
    .fraction,
    "the p-value of the χ² test of uniform loss in session 1 (N9); empty if nothing can be tested"
  ) { $0.record.lossUniformity }

  static let ended = Column<Row<RunFigures>>.text(
    "ended",
    "why the run ended: `complete`, `time_limit` or `event_limit`"
  ) { $0.record.ended.rawValue }
}
