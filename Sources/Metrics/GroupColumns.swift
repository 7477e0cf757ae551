/// The columns that all devices of a run have in common with those of each of its cohorts.
struct GroupColumns<Record: Sendable>: Sendable {
  /// Where a record has the figures of its devices.
  let figures: @Sendable (Record) -> GroupFigures

  /// Devices that are complete, and that failed.
  var ends: [Column<Row<Record>>] {
    [
      .count("completed_devices", .devices, "devices whose last missing block arrived") {
        figures($0.record).devices.completed
      },
      .count("failed_devices", .devices, "devices that ended as failed, those of `left_devices` not among them") {
        figures($0.record).devices.failed
      },
    ]
  }

  /// Devices that the scenario switched off.
  var left: Column<Row<Record>> {
    .count("left_devices", .devices, "devices that the scenario switched off before they were complete (N8)") {
      figures($0.record).devices.left
    }
  }

  /// Devices that missed blocks, and that were promoted.
  var promotion: [Column<Row<Record>>] {
    [
      .count("second_set_devices", .devices, "devices that ever missed a block at a check") {
        figures($0.record).devices.secondSet
      },
      .count("promoted_devices", .devices, "devices ever promoted to smart") { figures($0.record).devices.promoted },
      .real(
        "promotion_rate",
        .fraction,
        "`promoted_devices` ÷ `second_set_devices`; empty when there is no second set"
      ) { figures($0.record).devices.promotionRate },
    ]
  }

  /// Times to completion.
  var completion: [Column<Row<Record>>] {
    [
      .derivedTime(
        "completion_mean_s",
        "the mean time from a device's join to its last missing block; empty if none is complete"
      ) { figures($0.record).meanCompletion }
    ]
      + [50, 95, 99].map { percentile in
        .derivedTime("completion_p\(percentile)_s", "the \(percentile)th percentile of those times") {
          figures($0.record).completion(percentile: percentile)
        }
      }
  }

  /// The gaps of first checks.
  var gaps: [Column<Row<Record>>] {
    [
      .real("gap_bytes_mean", .bytes, "the mean total gap of the devices that missed a block at their first check") {
        figures($0.record).gaps.meanBytes
      },
      .real("gap_bytes_p95", .bytes, "the 95th percentile of those total gaps") {
        figures($0.record).gaps.bytes(percentile: 95)
      },
      .real("gap_blocks_mean", .blocks, "the mean size of all gaps of all first checks") {
        figures($0.record).gaps.meanBlocks
      },
      .count("gap_blocks_max", .blocks, "the largest of those gaps") { figures($0.record).gaps.largestBlocks },
      .real("gaps_mean", .gaps, "the mean number of gaps of the devices that missed a block at their first check") {
        figures($0.record).gaps.meanGaps
      },
      .count(
        "longest_chain_max",
        .gaps,
        "gaps in the longest chain of all first checks, 0 if no chain was seen; empty if nobody checked"
      ) { figures($0.record).gaps.longestChain },
    ]
  }
}
