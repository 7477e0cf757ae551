/// The share of each group's devices that are complete, over the time from their join: each replication as a thin line,
/// and the median of the replications.
enum CompletionPicture {
  /// The most points of a median. More could not be seen.
  private static let resolution = 300
  /// The most points of all thin lines together, and the most of these lines.
  private static let thinPoints = 4000
  private static let thinLines = 60
  /// The most groups. Further cohorts, the smallest, are drawn as one.
  private static let groups = 8
  /// The shares at which lines have marks, in tenths: those of one line, and those of the next, so that lines on each
  /// other are seen to be two.
  private static let marked = [[1, 3, 5, 7, 9], [2, 4, 6, 8]]
  /// From this ratio of the longest to the shortest time on, the axis is logarithmic.
  private static let wide = 30.0

  /// The devices of a group, and how its lines look.
  struct Line {
    /// The name of the group.
    var name: String
    var times: CompletionTimes
    /// What the picture's key says.
    var label = ""
    var paint = Paint.ink
    var width = 3.0
    /// The mark on it, which tells lines of one colour apart; nil if there is none. gnuplot cannot dash steps.
    var mark: Int?
  }

  static func picture(of data: RunData) -> Picture? {
    let lines = lines(of: data).enumerated().map { index, line in
      var line = line
      line.label = label(of: line, data)
      line.paint = Paint.series[index % Paint.series.count]
      line.mark = index < Paint.series.count ? nil : 6 + index
      return line
    }
    return picture(
      of: lines, each: "cohort", title: "Completion: share of devices over time since their join",
      caption:
        "Each step up is a device that got its last missing block. A line that ends below 100 % has devices that "
        + "never were complete.",
      subtitle: { data.subtitle($0) })
  }

  /// A line for each of some groups, each of them `each`; nil if no device is complete.
  static func picture(
    of lines: [Line], each: String, title: String, caption: String, subtitle: (_ lines: String) -> String
  ) -> Picture? {
    let lines = lines.filter { !$0.times.times.isEmpty }
    guard let last = lines.flatMap(\.times.times).max() else { return nil }
    let unit = DisplayUnit.seconds(upTo: last)
    let axis = axis(lines, unit)
    var drawing = Drawing(unit: unit, end: axis.range.upperBound, each: each)
    let label = "complete devices [%\(each == "cohort" ? " of the cohort" : "")]"
    drawing.script.add(axis.commands("x"))
    drawing.script.add(Axis(label: label, range: 0...105).commands("y"))
    drawing.script.add("set ytics 0, 20, 100")
    let most = lines.map(\.times.replications.count).max() ?? 1
    let shown = most == 1 ? 0 : min(most, max(1, thinLines / lines.count))
    let points = max(20, min(resolution, thinPoints / max(1, shown * lines.count)))
    for (index, line) in lines.enumerated() { drawing.addThin(line, index, shown, resolution: points) }
    for (index, line) in lines.enumerated() {
      drawing.addMedian(line, index, resolution: resolution, marked: marked[index % marked.count])
    }
    drawing.script.plot(drawing.parts)
    let thin = shown == most ? "thin: each of them" : "thin: \(shown) of them"
    return Picture(
      name: "completion", title: title,
      subtitle: subtitle(most == 1 ? "" : "\(thin); bold: their median"),
      caption: caption
        + (most == 1
          ? "" : " The bold line is at each share the median of the replications' times, so no single one bends it."),
      alternative: lines.map { describe($0, unit) }.joined(separator: " "), commands: drawing.script.text,
      data: DataTable(header: [each, "replication", "time_\(unit.name)", "complete_percent"], rows: drawing.rows),
      chart: Chart(
        x: Chart.Axis(axis), y: Chart.Axis(label, range: 0...105),
        series: drawing.series))
  }

  private static func axis(_ lines: [Line], _ unit: DisplayUnit) -> Axis {
    let times = lines.flatMap(\.times.times).map { $0 / unit.size }
    let axis = Axis(label: "time from a device's join to its last block [\(unit.name)]", range: Axis.range(of: times))
    guard let least = times.min(), let most = times.max(), least > 0, most / least >= wide else { return axis }
    return Axis(label: axis.label + ", logarithmic", range: Axis.logarithmicRange(of: times), isLogarithmic: true)
  }

  private static func lines(of data: RunData) -> [Line] {
    var lines = data.cohorts.map { Line(name: $0, times: CompletionTimes()) }
    for device in data.devices {
      lines[device.cohort].times.count(data.replicationNames[device.replication], device.completion)
    }
    if lines.count > groups {
      let order = lines.indices.sorted { (-lines[$0].times.devices, $0) < (-lines[$1].times.devices, $1) }
      let rest = order[(groups - 1)...]
      var others = Line(name: "\(rest.count) other cohorts", times: CompletionTimes())
      for index in rest { others.times.join(lines[index].times) }
      lines = order[..<(groups - 1)].sorted().map { lines[$0] } + [others]
    }
    for index in lines.indices { lines[index].times.sort() }
    return lines
  }

  private static func label(of line: Line, _ data: RunData) -> String {
    let devices = DisplayUnit.short(Double(line.times.devices) / Double(data.replications))
    return "\(line.name) (\(devices) device\(devices == "1" ? "" : "s"))"
  }

  private static func describe(_ line: Line, _ unit: DisplayUnit) -> String {
    func time(_ percent: Int) -> String? { line.times.medianTime(percent, of: 100).map(unit.text) }
    // The times are medians of the replications. There is none if half of them or more do not get so far.
    let place = line.times.replications.count > 1 ? " in half of the replications or more" : ""
    let reached: String
    if let half = time(50), let most = time(95) {
      reached = "half of the devices complete after \(half), 95 % after \(most)"
    } else if let half = time(50) {
      reached = "half of the devices complete after \(half), fewer than 95 % ever\(place)"
    } else {
      reached = "fewer than half of the devices ever complete\(place)"
    }
    let end = 100 * Double(line.times.complete) / Double(max(1, line.times.devices))
    return "\(line.name): \(reached), \(DisplayUnit.short(end)) % in the end."
  }
}

/// The lines while they are put together: for gnuplot, as figures, and as a chart.
private struct Drawing {
  let unit: DisplayUnit
  /// The end of the axis, up to which lines go on.
  let end: Double
  let each: String
  var script = GnuplotScript()
  var parts: [String] = []
  var rows: [[String]] = []
  var series: [Chart.Series] = []

  /// The first replications of a group, as thin lines.
  mutating func addThin(_ line: CompletionPicture.Line, _ index: Int, _ count: Int, resolution: Int) {
    var data: [[Double]] = []
    for replication in line.times.replications.prefix(count) {
      let points = points(replication.line(resolution: resolution))
      guard !points.isEmpty else { continue }
      data += (data.isEmpty ? [] : [[]]) + points
      add(points, of: line, replication.name, isBold: false)
    }
    guard !data.isEmpty else { return }
    script.data("runs\(index)", data)
    parts.append(
      "$runs\(index) using 1:2 with steps lw 0.6 lc \(GnuplotScript.color(line.paint)) notitle")
  }

  /// The median of a group, with its name in the key.
  mutating func addMedian(_ line: CompletionPicture.Line, _ index: Int, resolution: Int, marked: [Int]) {
    let title = GnuplotScript.quoted(line.label)
    let look = "lw \(GnuplotScript.number(line.width)) lc \(GnuplotScript.color(line.paint))"
    let points = points(line.times.median(resolution: resolution))
    guard !points.isEmpty else {
      parts.append("keyentry with lines \(look) title \(title)")
      return
    }
    add(points, of: line, line.times.replications.count == 1 ? line.times.replications[0].name : "median", isBold: true)
    script.data("median\(index)", points)
    guard let mark = line.mark else {
      parts.append("$median\(index) using 1:2 with steps \(look) title \(title)")
      return
    }
    script.data(
      "marks\(index)",
      marked.compactMap { tenths in
        line.times.medianTime(tenths, of: 10).map { [$0 / unit.size, Double(tenths * 10)] }
      })
    parts.append("$median\(index) using 1:2 with steps \(look) notitle")
    parts.append("$marks\(index) using 1:2 with points pt \(mark) ps 1.1 \(look) notitle")
    parts.append("keyentry with linespoints pt \(mark) ps 1.1 \(look) title \(title)")
  }

  /// The points of steps, from 0 on, to the end of the axis.
  private func points(_ steps: [CompletionTimes.Step]) -> [[Double]] {
    guard let first = steps.first, let last = steps.last else { return [] }
    return [[first.time / unit.size, 0]] + steps.map { [$0.time / unit.size, $0.share * 100] }
      + [[end, last.share * 100]]
  }

  private mutating func add(
    _ points: [[Double]], of line: CompletionPicture.Line, _ replication: String, isBold: Bool
  ) {
    rows += points.dropLast().map { [line.name, replication] + $0.map(GnuplotScript.number) }
    let name = isBold ? line.label : "\(line.name), replication \(replication)"
    series.append(
      Chart.Series(name, .steps, line.paint, x: points.map { $0[0] }, y: points.map { $0[1] }, isBold: isBold))
  }
}
