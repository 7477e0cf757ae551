extension Metric {
  /// The metrics of runs, in the order of their columns in `runs.csv`.
  package static let ofRuns = first + later

  /// The metrics of cohorts, in the order of their columns in `cohorts.csv`.
  package static let ofCohorts =
    [devices, completed, failed, left] + ofRuns.filter { $0.isOfCohorts && ![completed, failed, left].contains($0) }

  /// Those that stand in front of `ended` in `runs.csv`.
  package static let first = [
    completed, failed, secondSet, promoted, promotionRate, active, sessions, abandonedSessions, multicastDataPackets,
    unicastDataPackets, serverBytes, makespan, completionMean, completionP50, completionP95, completionP99,
    gapBytesMean, gapBytesP95, gapBlocksMean, gapBlocksMax, gapsMean, longestChainMax, lossUniformity,
  ]

  /// Those that came later and stand behind it, since readers count on positions: a new one goes to the end.
  package static let later = [left, queueDrops, overruns, handedOverSessions, outlivedTraces, devicePackets]

  private static let byName = Dictionary(uniqueKeysWithValues: ofRuns.map { ($0.name, $0) })

  /// The metric of runs of that name; nil if there is none.
  package static func named(_ name: String) -> Metric? { byName[name] }
}

// MARK: - What became of the devices

// Devices that end without the file are what somebody pays, and so are times to completion and bytes on the uplink.
// Sessions, packets of one kind, promotions and gaps are how that came about: more of one is often less of another.

extension Metric {
  package static let devices = count("devices", .devices, title: "Devices", short: "devices", "its devices") {
    $0.devices.all
  }

  package static let completed = count(
    "completed_devices", .devices, worse: .smallerIsWorse, title: "Complete devices", short: "complete",
    "devices whose last missing block arrived"
  ) { $0.devices.completed }

  package static let failed = count(
    "failed_devices", .devices, worse: .largerIsWorse, title: "Failed devices", short: "failed",
    "devices that ended as failed, those of `left_devices` not among them"
  ) { $0.devices.failed }

  package static let left = count(
    "left_devices", .devices, worse: .largerIsWorse, title: "Switched off before complete", short: "left",
    "devices that the scenario switched off before they were complete (N8)"
  ) { $0.devices.left }

  package static let secondSet = count(
    "second_set_devices", .devices, title: "Devices with gaps at a check", short: "with gaps",
    "devices that ever missed a block at a check; empty where nobody checks the whole file"
  ) { $0.strategy.checksGaps ? $0.devices.secondSet : nil }

  package static let promoted = count(
    "promoted_devices", .devices, title: "Promoted devices", short: "promoted",
    "devices ever promoted to smart; empty where nobody can be promoted"
  ) { $0.strategy.promotes ? $0.devices.promoted : nil }

  /// Devices that missed a block and were never promoted: a metric without a column.
  package static let waiting = count(
    "waiting_devices", .devices, title: "Waiting devices", short: "waiting",
    "devices that missed a block at a check and were never promoted"
  ) { $0.strategy.promotes ? $0.devices.secondSet - $0.devices.promoted : nil }

  package static let promotionRate = real(
    "promotion_rate", .fraction, title: "Promoted of those with gaps", short: "promotion rate",
    "`promoted_devices` ÷ `second_set_devices`; empty when there is no second set"
  ) { $0.strategy.promotes ? $0.devices.promotionRate : nil }

  package static let active = countOfRun(
    "active_devices", .devices, title: "Active devices", short: "active",
    "devices that ever drove the group: active devices, or masters; empty where the server sends by itself"
  ) { $0.all.strategy.hasDriver ? $0.devices.active : nil }
}

// MARK: - What was sent

extension Metric {
  package static let sessions = countOfRun(
    "sessions", .sessions, title: "Multicast sessions", short: "sessions",
    "multicast passes: the rows of `sessions.csv`"
  ) { $0.known.contains(.server) ? $0.sessions : nil }

  package static let abandonedSessions = countOfRun(
    "abandoned_sessions", .sessions, worse: .largerIsWorse, title: "Abandoned sessions", short: "abandoned",
    "those of them that were abandoned (R8)"
  ) { $0.known.contains(.server) ? $0.abandonedSessions : nil }

  package static let handedOverSessions = countOfRun(
    "handed_over_sessions", .sessions, title: "Sessions handed over", short: "handed over",
    "those of them whose active device had to let another one drive (R23)"
  ) { $0.known.contains(.server) ? $0.handedOverSessions : nil }

  package static let multicastDataPackets = countOfRun(
    "multicast_data_packets", .packets, title: "Multicast DATA", "multicast DATA that left the uplink"
  ) { $0.known.contains(.server) ? $0.multicastDataPackets : nil }

  package static let unicastDataPackets = countOfRun(
    "unicast_data_packets", .packets, title: "Unicast DATA", "unicast DATA that left the uplink"
  ) { $0.known.contains(.server) ? $0.unicastDataPackets : nil }

  package static let devicePackets = countOfRun(
    "device_packets", .packets, title: "Sent by the devices", short: "devices sent",
    "packets that the devices sent to the server, those that were lost among them"
  ) { $0.known.contains(.devices) ? $0.devicePackets : nil }

  package static let serverBytes = countOfRun(
    "server_bytes", .bytes, worse: .largerIsWorse, title: "Sent by the server", short: "server sent",
    "bytes on the wire (N1) that left the uplink, of every packet"
  ) { $0.known.contains(.server) ? $0.serverBytes : nil }
}

// MARK: - What was dropped

// A drop is a loss that somebody could have built away: with a longer queue, a slower sender, a faster disk.

extension Metric {
  package static let queueDrops = countOfRun(
    "queue_drops", .frames, worse: .largerIsWorse, title: "Dropped at full queues", short: "queue drops",
    "frames that found the queue of a port full: of the uplink, of a segment, or of a device's link (N2, N10)"
  ) { $0.known.contains(.paths) ? $0.queueDrops : nil }

  package static let overruns = count(
    "overruns", .packets, worse: .largerIsWorse, title: "No room in a receiver's buffer", short: "overruns",
    "datagrams that did not fit into the buffer of their device (N11)"
  ) { $0.known.contains(.paths) ? $0.overruns : nil }
}

// MARK: - Times

extension Metric {
  package static let makespan = timeOfRun(
    "makespan_s", title: "Last completion (makespan)", short: "makespan",
    "the last completion, from time 0; empty if no device is complete"
  ) { $0.makespan }

  package static let completionMean = time(
    "completion_mean_s", title: "Completion since the join, mean", short: "completion",
    "the mean time from a device's join to its last missing block; empty if none is complete"
  ) { $0.meanCompletion }

  package static let completionP50 = completion(percentile: 50)
  package static let completionP95 = completion(percentile: 95)
  package static let completionP99 = completion(percentile: 99)

  private static func completion(percentile: Int) -> Metric {
    time(
      "completion_p\(percentile)_s", title: "Completion since the join, \(percentile)th percentile",
      short: "completion p\(percentile)", "the \(percentile)th percentile of those times"
    ) { $0.completion(percentile: percentile) }
  }
}

// MARK: - Gaps and losses

extension Metric {
  package static let gapBytesMean = real(
    "gap_bytes_mean", .bytes, title: "Total gap at the first check, mean", short: "total gap",
    "the mean total gap of the devices that missed a block at their first check"
  ) { $0.gaps.meanBytes }

  package static let gapBytesP95 = real(
    "gap_bytes_p95", .bytes, title: "Total gap at the first check, 95th percentile",
    "the 95th percentile of those total gaps"
  ) { $0.gaps.bytes(percentile: 95) }

  package static let gapBlocksMean = real(
    "gap_blocks_mean", .blocks, title: "Gap size, mean", "the mean size of all gaps of all first checks"
  ) { $0.gaps.meanBlocks }

  package static let gapBlocksMax = count(
    "gap_blocks_max", .blocks, title: "Largest gap in a run", "the largest of those gaps"
  ) { $0.gaps.largestBlocks }

  package static let gapsMean = real(
    "gaps_mean", .gaps, title: "Gaps at the first check, mean",
    "the mean number of gaps of the devices that missed a block at their first check"
  ) { $0.gaps.meanGaps }

  package static let longestChainMax = count(
    "longest_chain_max", .gaps, title: "Longest chain of gaps in a run",
    "gaps in the longest chain of all first checks, 0 if no chain was seen; empty if nobody checked"
  ) { $0.gaps.longestChain }

  package static let outlivedTraces = countOfRun(
    "outlived_traces", .devices, title: "Outlived a trace of loss", short: "outlived traces",
    "devices that were offered packets, one way or the other, after the end of a trace with `then: clean` (N14)"
  ) { $0.known.contains(.paths) ? $0.outlivedTraces : nil }

  package static let lossUniformity = realOfRun(
    "loss_uniformity_p", .fraction, title: "Uniform loss, χ² test",
    "the p-value of the χ² test of uniform loss in session 1 (N9); empty if nothing can be tested"
  ) { $0.lossUniformity }
}
