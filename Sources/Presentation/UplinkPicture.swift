import Runs

/// The bytes that have left the uplink by kind, over time, as a stack.
enum UplinkPicture {
  static let kinds: [(column: String, name: String, paint: Paint, bytes: @Sendable (SentBytes) -> UInt64)] = [
    ("multicast_data", "multicast DATA", .blue, \.multicastData),
    ("unicast_data", "unicast DATA to smart devices", .vermillion, \.unicastData),
    ("control", "other packets", .grey, \.control),
  ]

  static func picture(of data: RunData) -> Picture? {
    guard let samples = data.sent, let last = samples.last, last.time > .zero else { return nil }
    let total = kinds.reduce(0) { $0 + $1.bytes(last.sent) }
    guard total > 0 else { return nil }
    let (time, size) = (DisplayUnit.seconds(upTo: last.time.seconds), DisplayUnit.bytes(upTo: Double(total)))
    let rows = samples.map { sample in
      [sample.time.seconds / time.size] + kinds.map { Double($0.bytes(sample.sent)) / size.size }
    }
    var script = GnuplotScript()
    script.add(Axis(label: "time [\(time.name)]", range: Axis.range(0, last.time.seconds / time.size)).commands("x"))
    script.add(
      Axis(label: "sent so far [\(size.name)]", range: Axis.range(0, Double(total) / size.size * 1.05)).commands("y"))
    script.add("set grid front")
    script.data("sent", rows.map { [$0[0], $0[1], $0[1] + $0[2], $0[1] + $0[2] + $0[3]] })
    script.plot(
      kinds.indices.map { kind in
        "$sent using 1:\(kind == 0 ? "(0)" : "\(kind + 1)"):\(kind + 2) with filledcurves "
          + "fc \(GnuplotScript.color(kinds[kind].paint)) title '\(kinds[kind].name)'"
      })
    return Picture(
      name: "uplink", title: "Bytes on the uplink by kind, replication 1",
      caption: "What has left the server so far, on the wire with all headers (N1), stacked; the slope is the rate.",
      alternative: "In the end "
        + kinds.map { "\(size.text(Double($0.bytes(last.sent)))) of \($0.name)" }.joined(separator: ", ")
        + ", after \(time.text(last.time.seconds)).",
      commands: script.text,
      data: DataTable(
        header: ["time_\(time.name)"] + kinds.map { "\($0.column)_\(size.name)" },
        rows: rows.map { $0.map(GnuplotScript.number) }))
  }
}
