import PromotionEngine
import Runs

/// `devices.csv`: the outcome of each device.
package enum DevicesTable {
  package static let table = Table(
    file: .devices,
    rowFor: "each device of each replication",
    columns: Row<DeviceRecord>.identity + who + firstCheck + transfer + way
  )

  private static let who: [Column<Row<DeviceRecord>>] = [
    .count("device", .number, "the device, from 1") { $0.record.device },
    .text("cohort", "the name of its cohort") { $0.context.cohorts[$0.record.cohort] },
    .time("join_s", "when it was switched on, or would have been") { $0.record.join },
    .text(
      "roles",
      "its roles from the first after `joining` on, with `>` between them; `failed` alone if it never joined"
    ) {
      $0.record.roles.map(\.rawValue).joined(separator: ">")
    },
    .count("sessions_heard", .sessions, "sessions of which a DATA arrived") {
      known(.devices, $0.record, \.sessionsHeard)
    },
  ]

  private static let firstCheck: [Column<Row<DeviceRecord>>] = [
    .count("missing_packets", .packets, "blocks that it had not got at its first check; empty without a check") {
      $0.record.firstCheck?.missingPackets
    },
    .count("gap_bytes", .bytes, "the bytes of those: its total gap; empty without a check") {
      $0.record.firstCheck?.totalGapBytes
    },
    .count("gaps", .gaps, "its gaps (runs of consecutive missing blocks) at its first check; empty without a check") {
      $0.record.firstCheck?.gaps
    },
    .count("largest_gap_blocks", .blocks, "the largest of those gaps; empty without a check") {
      $0.record.firstCheck?.largestGap
    },
    .count("chains", .chains, "chains of gaps at its first check; empty without a check") {
      $0.record.firstCheck?.chains
    },
    .count("longest_chain_gaps", .gaps, "gaps in the longest chain, 0 if there was no chain; empty without a check") {
      $0.record.firstCheck?.longestChain
    },
  ]

  private static let transfer: [Column<Row<DeviceRecord>>] = [
    .time("promoted_s", "when it was first promoted to smart; empty if it never was") { $0.record.promoted },
    .time("completed_s", "when its last missing block arrived; empty if it never did") { $0.record.completed },
    .count("multicast_blocks", .blocks, "missing blocks that came by multicast") {
      known(.devices, $0.record, \.multicastBlocks)
    },
    .count("unicast_blocks", .blocks, "missing blocks that came by unicast") {
      known(.devices, $0.record, \.unicastBlocks)
    },
    .count("duplicate_packets", .packets, "DATA that arrived with a block it had") {
      known(.devices, $0.record, \.duplicatePackets)
    },
    .count("offered_packets", .packets, "packets offered to its loss process, down (N5)") {
      known(.paths, $0.record, \.offeredPackets)
    },
    .count("lost_packets", .packets, "those of them that were lost") {
      known(.paths, $0.record, \.lostPackets)
    },
  ]

  private static let way: [Column<Row<DeviceRecord>>] = [
    .text("segment", "the segment that it is on; empty for the uplink itself (N10)") {
      $0.context.cohortSegments[$0.record.cohort]
    },
    .count("link_drops", .frames, "frames that found the queue of its link full (N10)") {
      known(.paths, $0.record, \.path.linkDrops)
    },
    .count("overruns", .packets, "datagrams that did not fit into its buffer (N11)") {
      known(.paths, $0.record, \.path.overruns)
    },
    .count(
      "fragments_lost", .frames, "frames that its loss process took, of datagrams of several frames (N12)"
    ) {
      known(.paths, $0.record, \.path.fragmentsLost)
    },
  ]

  /// A figure that a live run may not know.
  private static func known<Figure>(
    _ knowledge: Knowledge, _ device: DeviceRecord, _ figure: KeyPath<DeviceRecord, Figure>
  ) -> Figure? {
    device.known.isSuperset(of: knowledge) ? device[keyPath: figure] : nil
  }
}
