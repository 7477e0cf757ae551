/// The share of each group's devices that are complete, over the time from their join.
enum CompletionPicture {
  /// The most points of a line. More could not be seen.
  private static let resolution = 300
  /// The most lines. Further cohorts, the smallest, are drawn as one line.
  private static let lines = 8
  /// The shares at which lines have marks.
  private static let marked = [0.1, 0.3, 0.5, 0.7, 0.9]
  /// From this ratio of the longest to the shortest time on, the axis is logarithmic.
  private static let wide = 30.0

  /// The devices of a group.
  struct Line {
    /// The name of the group.
    var name: String
    var devices: Int
    /// The times of those that are complete, ascending.
    var times: [Double]
    /// What the picture's key says.
    var label = ""
    /// How gnuplot draws it, and how wide.
    var style = ""
    var width = 2.5
    /// The mark on it, which tells lines of one colour apart; nil if there is none. gnuplot cannot dash steps.
    var mark: Int?
    /// Its colour.
    var paint = Paint.ink

    /// The time by which a share of the devices is complete; nil if it never is.
    func time(of share: Double) -> Double? {
      let rank = Int((share * Double(devices)).rounded(.up))
      return rank >= 1 && rank <= times.count ? times[rank - 1] : nil
    }
  }

  static func picture(of data: RunData) -> Picture? {
    let lines = lines(of: data).enumerated().map { index, line in
      var line = line
      line.label = label(of: line, data)
      line.paint = Paint.series[index % Paint.series.count]
      line.style = "dt \(index / 2 % 3 + 1) lc \(GnuplotScript.color(line.paint))"
      return line
    }
    return picture(
      of: lines, each: "cohort", title: "Completion: share of devices over time since their join",
      caption:
        "Each step up is a device that got its last missing block. A line that ends below 100 % has devices that "
        + "never were complete. All \(data.replications == 1 ? "devices" : "replications together").")
  }

  /// A line for each of some groups, each of them `each`; nil if no device is complete.
  static func picture(of lines: [Line], each: String, title: String, caption: String) -> Picture? {
    guard let last = lines.compactMap(\.times.last).max() else { return nil }
    let unit = DisplayUnit.seconds(upTo: last)
    let times = lines.flatMap(\.times).map { $0 / unit.size }
    var axis = Axis(
      label: "time from a device's join to its last block [\(unit.name)]", range: Axis.range(of: times))
    if let least = times.min(), let most = times.max(), least > 0, most / least >= wide {
      axis = Axis(
        label: axis.label + ", logarithmic", range: Axis.logarithmicRange(of: times), isLogarithmic: true)
    }
    var script = GnuplotScript()
    script.add(axis.commands("x"))
    script.add(Axis(label: "complete devices [% of the \(each)]", range: 0...105).commands("y"))
    script.add("set ytics 0, 20, 100")
    var parts: [String] = []
    var rows: [[String]] = []
    var series: [Chart.Series] = []
    for (index, line) in lines.enumerated() where !line.times.isEmpty {
      let points = points(of: line).map { [$0.time / unit.size, $0.share * 100] }
      script.data("line\(index)", points + [[axis.range.upperBound, points[points.count - 1][1]]])
      rows += points.map { [line.name, GnuplotScript.number($0[0]), GnuplotScript.number($0[1])] }
      series.append(
        Chart.Series(
          name: line.label, kind: .steps, paint: line.paint, x: points.map { $0[0] }, y: points.map { $0[1] }))
      let title = GnuplotScript.quoted(line.label)
      guard let mark = line.mark else {
        parts.append(
          "$line\(index) using 1:2 with steps lw \(GnuplotScript.number(line.width)) \(line.style) title \(title)")
        continue
      }
      let marked = marked.compactMap { share in line.time(of: share).map { [$0 / unit.size, share * 100] } }
      script.data("marks\(index)", marked)
      parts.append("$line\(index) using 1:2 with steps lw \(GnuplotScript.number(line.width)) \(line.style) notitle")
      parts.append("$marks\(index) using 1:2 with points pt \(mark) ps 1.1 lw 1.5 \(line.style) notitle")
      parts.append("keyentry with linespoints pt \(mark) ps 1.1 lw 1.5 \(line.style) title \(title)")
    }
    script.plot(parts)
    return Picture(
      name: "completion", title: title, caption: caption,
      alternative: lines.map { describe($0, unit) }.joined(separator: " "), commands: script.text,
      data: DataTable(header: [each, "time_\(unit.name)", "complete_percent"], rows: rows),
      chart: Chart(
        x: Chart.Axis(axis.label, isLogarithmic: axis.isLogarithmic, range: axis.range),
        y: Chart.Axis("complete devices [% of the \(each)]", range: 0...105), series: series))
  }

  private static func lines(of data: RunData) -> [Line] {
    var lines = data.cohorts.map { Line(name: $0, devices: 0, times: []) }
    for device in data.devices {
      lines[device.cohort].devices += 1
      if let time = device.completion { lines[device.cohort].times.append(time) }
    }
    if lines.count > Self.lines {
      let order = lines.indices.sorted { (-lines[$0].devices, $0) < (-lines[$1].devices, $1) }
      let rest = order[(Self.lines - 1)...]
      let others = Line(
        name: "\(rest.count) other cohorts", devices: rest.reduce(0) { $0 + lines[$1].devices },
        times: rest.flatMap { lines[$0].times })
      lines = order[..<(Self.lines - 1)].sorted().map { lines[$0] } + [others]
    }
    for index in lines.indices { lines[index].times.sort() }
    return lines
  }

  /// The steps of a line, thinned out evenly by rank. Each has the share that is complete from then on.
  private static func points(of line: Line) -> [(time: Double, share: Double)] {
    let count = line.times.count
    let ranks = count <= resolution ? Array(1...count) : (1...resolution).map { max(1, $0 * count / resolution) }
    let steps = ranks.map { (time: line.times[$0 - 1], share: Double($0) / Double(line.devices)) }
    return [(steps[0].time, 0)] + steps
  }

  private static func label(of line: Line, _ data: RunData) -> String {
    let devices = DisplayUnit.short(Double(line.devices) / Double(data.replications))
    return "\(line.name) (\(devices) device\(devices == "1" ? "" : "s"))"
  }

  private static func describe(_ line: Line, _ unit: DisplayUnit) -> String {
    func half(_ share: Double) -> String { line.time(of: share).map(unit.text) ?? "never" }
    return "\(line.name): half of the devices complete after \(half(0.5)), 95 % after \(half(0.95)), "
      + "\(DisplayUnit.short(100 * Double(line.times.count) / Double(max(1, line.devices)))) % in the end."
  }
}
