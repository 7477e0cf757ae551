import Runs

/// `sessions.csv`: each multicast pass.
package enum SessionsTable {
  package static let table = Table(
    file: .sessions,
    rowFor: "each session of each replication",
    columns: Row<SessionRecord>.identity + columns
  )

  private static let columns: [Column<Row<SessionRecord>>] = [
    .count("session", .number, "the session, from 1") { $0.record.session },
    .count("active_device", .number, "the device that drove it; empty if the server sends by itself") {
      $0.record.activeDevice
    },
    .time(
      "begin_s",
      "when its active device's first ACK (MTFTP: its open) arrived at the server, or when the server began by itself; empty if neither was"
    ) {
      $0.record.begin
    },
    .time(
      "end_s",
      "when `ACK(n)` arrived, `session_timeout` after its active device's last word, or when the ask arrived at which it was handed over; empty if a limit ended the run first"
    ) {
      $0.record.end
    },
    .text("ended", "`complete`, `abandoned` or `handed_over`; empty if a limit ended the run first") {
      $0.record.ended?.rawValue ?? ""
    },
    .count("data_packets", .packets, "its multicast DATA that left the uplink") { $0.record.dataPackets },
    .count("repeated_packets", .packets, "those of them whose block had been sent in it before") {
      $0.record.repeatedPackets
    },
    .count(
      "first_set_devices",
      .devices,
      "passive devices, on and listening when its first DATA arrived, or that joined during it; its active device not among them"
    ) { $0.record.firstSet },
    .count(
      "second_set_devices",
      .devices,
      "passive devices, on and missing a block when it ended, those whose first OACK was under way not counted; empty if it did not end"
    ) { atEnd($0.record, \.secondSet) },
    .count(
      "promoted_devices",
      .devices,
      "devices that became smart between its end and the next session's end; empty if it did not end"
    ) { $0.context.strategy.promotes ? atEnd($0.record, \.promoted) : nil },
    .count("waiting_devices", .devices, "the second set less those; empty if the session did not end") {
      $0.context.strategy.promotes ? atEnd($0.record, \.waiting) : nil
    },
  ]

  /// A figure that has a meaning only once the session has ended.
  private static func atEnd(_ session: SessionRecord, _ figure: KeyPath<SessionRecord, Int>) -> Int? {
    session.end == nil ? nil : session[keyPath: figure]
  }
}
