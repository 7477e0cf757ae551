import NetworkModel

/// `runs.csv`: the figures of each replication.
enum RunsTable {
  static let table = Table(
    file: .runs,
    rowFor: "each replication",
    columns: Row<RunFigures>.identity + setting + metrics + [ended]
  )

  /// The numeric results: what `summary.csv` has a row for.
  static let metrics = devices + sent + times + gaps

  private static let setting: [Column<Row<RunFigures>>] = [
    .count("seed", .number, "the seed of all replications") { $0.context.seed },
    .count("devices", .devices, "all devices") { $0.context.devices },
    .count("blocks", .blocks, "the blocks of the file, n in the rules") { $0.context.file.blocks },
    .count("threshold_bytes", .bytes, "the pre-selected amount; 0 promotes nobody") { $0.context.thresholdBytes },
  ]

  private static let devices: [Column<Row<RunFigures>>] = [
    .count("completed_devices", .devices, "devices whose last missing block arrived") {
      $0.record.devices.completed
    },
    .count("failed_devices", .devices, "devices that ended as failed") { $0.record.devices.failed },
    .count("second_set_devices", .devices, "devices that ever missed a block at a check") {
      $0.record.devices.secondSet
    },
    .count("promoted_devices", .devices, "devices ever promoted to smart") { $0.record.devices.promoted },
    .real(
      "promotion_rate",
      .fraction,
      "`promoted_devices` ÷ `second_set_devices`; empty when there is no second set"
    ) { $0.record.devices.promotionRate },
    .count("active_devices", .devices, "devices ever active") { $0.record.devices.active },
  ]

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

  private static let times: [Column<Row<RunFigures>>] = [
    .time("makespan_s", "the last completion, from time 0; empty if no device is complete") { $0.record.makespan },
    .derivedTime(
      "completion_mean_s",
      "the mean time from a device's join to its last missing block; empty if none is complete"
    ) { $0.record.meanCompletion },
    completion(percentile: 50),
    completion(percentile: 95),
    completion(percentile: 99),
  ]

  private static let gaps: [Column<Row<RunFigures>>] = [
    .real("gap_bytes_mean", .bytes, "the mean total gap of the devices that missed a block at their first check") {
      $0.record.gaps.meanBytes
    },
    .real("gap_bytes_p95", .bytes, "the 95th percentile of those total gaps") { $0.record.gaps.bytes(percentile: 95) },
    .real("gap_blocks_mean", .blocks, "the mean size of all gaps of all first checks") { $0.record.gaps.meanBlocks },
    .count("gap_blocks_max", .blocks, "the largest of those gaps") { $0.record.gaps.largestBlocks },
    .real("gaps_mean", .gaps, "the mean number of gaps of the devices that missed a block at their first check") {
      $0.record.gaps.meanGaps
    },
    .count(
      "longest_chain_max",
      .gaps,
      "gaps in the longest chain of all first checks, 0 if no chain was seen; empty if nobody checked"
    ) { $0.record.gaps.longestChain },
    .real(
      "loss_uniformity_p",
      .fraction,
      "the p-value of the χ² test of uniform loss in session 1 (N9); empty if nothing can be tested"
    ) { $0.record.lossUniformity },
  ]

  private static let ended = Column<Row<RunFigures>>.text(
    "ended",
    "why the run ended: `complete`, `time_limit` or `event_limit`"
  ) { $0.record.ended.rawValue }

  private static func completion(percentile: Int) -> Column<Row<RunFigures>> {
    .derivedTime("completion_p\(percentile)_s", "the \(percentile)th percentile of those times") {
      $0.record.completion(percentile: percentile)
    }
  }
}
