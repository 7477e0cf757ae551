import Quantities
import Results

/// Where packets die: a bar for the uplink, for each segment, and for the devices on each, divided by the cause.
enum LossesPicture {
  private static let causes: [(column: String, place: String, name: String, paint: Paint)] = [
    ("queue", "at the ", "full queue of the port", .blue), ("loss", "", "lost before its fan-out", .vermillion),
    ("links", "at the ", "links of the devices", .purple), ("paths", "on the ", "paths of the devices", .grey),
    ("buffers", "in the ", "buffers of the devices", .green),
  ]

  /// The most bars. Of more places, those with most losses are drawn.
  private static let bars = 16

  private struct Place {
    var name: String
    /// By cause, over all replications.
    var losses = [Double](repeating: 0, count: causes.count)
    var sum: Double { losses.reduce(0, +) }

    /// What was lost there in a run, by the cause.
    func words(_ runs: Double) -> String {
      zip(causes, losses).filter { $1 > 0 }.map { "\(DisplayUnit.figure($1 / runs)) \($0.place)\($0.name)" }
        .joined(separator: ", ")
    }
  }

  /// Where packets die if that is in one place, which makes no picture.
  static func sentence(of data: RunData) throws -> String? {
    let places = try places(of: data).filter { $0.sum > 0 }
    guard places.count == 1 else { return nil }
    let run = data.folder.isLive ? "run" : "replication"
    return "Lost on the way to the devices in a \(run)\(data.replications > 1 ? ", on average" : ""): "
      + "\(places[0].words(Double(data.replications))).\(unknown(to: data))"
  }

  /// What the files do not say.
  private static func unknown(to data: RunData) -> String {
    data.folder.has(.segments) || data.network.sharedLoss == .none
      ? "" : " What was lost before the fan-out is in no file, for there are no segments."
  }

  static func picture(of data: RunData) throws -> Picture? {
    let all = try places(of: data)
    let ranked = all.indices.filter { all[$0].sum > 0 }.sorted { (all[$1].sum, $0) < (all[$0].sum, $1) }
    let shown = ranked.prefix(bars).sorted().map { all[$0] }
    guard shown.count > 1, let most = shown.map(\.sum).max() else { return nil }
    let runs = Double(data.replications)
    var script = GnuplotScript()
    script.add(
      Axis(label: "lost in a run [frames and packets]", range: Axis.range(0, most / runs * 1.15)).commands("x"))
    script.add("set ylabel 'place' textcolor \(GnuplotScript.color(.ink))")
    script.add("set yrange [\(GnuplotScript.number(Double(shown.count) - 0.4)):-0.6]")
    let tics = shown.enumerated().map { "\(GnuplotScript.ticLabel($1.name.shortened)) \($0)" }
    script.add("set ytics (\(tics.joined(separator: ", ")))")
    script.add("set grid noytics xtics")
    script.data(
      "losses",
      shown.enumerated().map { index, place in
        place.losses.reduce(into: [Double(index), 0]) { $0.append(($0.last ?? 0) + $1 / runs) }
      })
    script.add("set style fill solid 1 border lc \(GnuplotScript.color(.paper))")
    let drawn = causes.indices.filter { cause in shown.contains { $0.losses[cause] > 0 } }
    script.plot(
      drawn.map { cause in
        // The columns: the bar's place, 0, and the sums from the first cause on.
        "$losses using \(cause + 2):1:\(cause + 2):\(cause + 3):($1-0.36):($1+0.36) with boxxyerror "
          + "fc \(GnuplotScript.color(causes[cause].paint)) title \(GnuplotScript.quoted(causes[cause].name))"
      })
    for (index, place) in shown.enumerated() {
      script.prepend(
        "set label \(index + 10) \(GnuplotScript.quoted(DisplayUnit.figure(place.sum / runs))) at first "
          + "\(GnuplotScript.number(place.sum / runs)), first \(index) left offset 0.7, 0 front font ',11' "
          + "textcolor \(GnuplotScript.color(.ink))")
    }
    return Picture(
      name: "losses", title: "Where packets die",
      subtitle: data.subtitle(data.replications > 1 ? "means of a replication" : ""),
      caption:
        "Means over the replications, on the way to the devices: frames at ports and links, packets on paths and "
        + "in buffers. One that is lost at a port is lost for every device below it that it was for; on paths, at links "
        + "and in buffers each device loses its own."
        + (all.count > ranked.count ? " Places without losses are left out." : "")
        + (ranked.count > shown.count ? " Only the \(bars) places with most losses are shown." : "")
        + unknown(to: data),
      alternative: shown.map { "\($0.name): \($0.words(runs))" }.joined(separator: "; ") + ".",
      commands: script.text,
      data: DataTable(
        header: ["place"] + causes.map(\.column),
        rows: shown.map { [$0.name] + $0.losses.map { GnuplotScript.number($0 / runs) } }),
      chart: chart(shown, drawn, runs))
  }

  private static func chart(_ places: [Place], _ causes: [Int], _ runs: Double) -> Chart {
    Chart(
      x: Chart.Axis(
        "place", range: Axis.range(-0.6, Double(places.count) - 0.4),
        ticks: places.enumerated().map { Chart.Tick(at: Double($0.offset), text: $0.element.name.shortened) }),
      y: Chart.Axis(
        "lost in a run [frames and packets]", range: Axis.range(of: places.map { $0.sum / runs }, fromZero: true)),
      series: causes.map { cause in
        Chart.Series(
          Self.causes[cause].name, .bars, Self.causes[cause].paint, x: places.indices.map { Double($0) - 0.36 },
          ends: places.indices.map { Double($0) + 0.36 }, y: places.map { $0.losses[cause] / runs })
      }, isStacked: true)
  }

  /// The ports, and behind each the devices on it.
  private static func places(of data: RunData) throws -> [Place] {
    try ports(of: data).flatMap { port -> [Place] in
      let isUplink = port.name == SegmentsTable.uplinkName
      guard let losses = data.lossesOfDevices[isUplink ? "" : port.name] else { return [port] }
      let name = data.lossesOfDevices.count == 1 ? "devices" : "devices on \(isUplink ? "the uplink" : port.name)"
      return [port, Place(name: name, losses: [0, 0, losses.linkDrops, losses.paths, losses.overruns])]
    }
  }

  /// What ports lost themselves. Without segments the uplink dropped what no link did.
  private static func ports(of data: RunData) throws -> [Place] {
    guard data.folder.has(.segments) else {
      let runs = try data.folder.table(.runs)
      let drops = try runs.column("queue_drops")
      let all = try runs.rows.indices.reduce(0.0) { $0 + (try runs.number($1, drops) ?? 0) }
      var uplink = Place(name: SegmentsTable.uplinkName)
      uplink.losses[0] = max(0, all - data.lossesOfDevices.values.reduce(0) { $0 + $1.linkDrops })
      return [uplink]
    }
    let table = try data.folder.table(.segments)
    let columns = try ["drops", "lost_frames"].map { try table.column($0) }
    let name = try table.column("segment")
    var places: [Place] = []
    for row in table.rows.indices {
      let place = places.firstIndex { $0.name == table.rows[row][name] } ?? places.count
      if place == places.count { places.append(Place(name: table.rows[row][name])) }
      for (cause, column) in columns.enumerated() { places[place].losses[cause] += try table.number(row, column) ?? 0 }
    }
    return places
  }
}

extension String {
  /// The text, cut if it is too long to stand beside an axis.
  fileprivate var shortened: String { count > 24 ? prefix(23) + "…" : self }
}
