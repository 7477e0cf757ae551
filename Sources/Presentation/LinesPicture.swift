import Glibc
import RunMetrics

/// Means with their confidence bands over the values of a varied key.
struct LinesPicture {
  /// A line with its band.
  struct Line {
    var name: String
    var points: [(index: Int, estimate: Estimate)]
    /// The value at which the line bends: the smallest that cannot be told apart from its least. Nil if there is none.
    var knee: Int?
  }

  var name: String
  var title: String
  var axis: VariedAxis
  var measure: Measure
  var lines: [Line]
  var note: String
  var subtitle = ""

  /// The picture; nil if no line has a point.
  var picture: Picture? {
    let drawn = lines.filter { !$0.points.isEmpty }
    guard !drawn.isEmpty else { return nil }
    let estimates = drawn.flatMap { $0.points.map(\.estimate) }
    let unit = measure.unit(upTo: estimates.map(\.high).max() ?? 0)
    let vertical = vertical(estimates, unit)
    var script = GnuplotScript()
    script.add(axis.commands(first: Set(drawn.compactMap(\.knee))))
    script.add(vertical.commands("y"))
    var bands: [String] = []
    var marks: [String] = []
    for (index, line) in drawn.enumerated() {
      add(line, number: index, of: drawn.count, unit: unit, to: &script, &bands, &marks)
    }
    let knees = knees(of: drawn, unit)
    if !knees.isEmpty {
      script.data("knees", knees.map { [$0.x, $0.y] })
      marks.append("$knees using 1:2 with points pt 6 ps 1.9 lw 2 lc \(GnuplotScript.color(.ink)) notitle")
      script.insertLabels(
        knees.map {
          // Below a mark there is room at the right: the curve falls towards it.
          let isAbove = hasRoom(above: $0.y, at: $0.index, drawn, unit, vertical)
          return GnuplotScript.Label(
            x: $0.x, y: $0.y, text: $0.text, color: Paint.ink.light, up: isAbove ? 1.1 : -1.1,
            alignment: isAbove ? "center" : $0.index == axis.values.count - 1 ? "right" : "left")
        })
    }
    script.plot(bands + marks)
    return Picture(
      name: name, title: title, subtitle: subtitle,
      caption: [
        estimates.contains { $0.low < $0.high }
          ? "Means over the replications; a band is the 95 % confidence interval." : "Means over the replications.",
        knees.isEmpty
          ? "" : "A circle with its value is the smallest that cannot be told apart from the least of its line (95 %).",
        note,
      ].filter { !$0.isEmpty }.joined(separator: " "),
      alternative: drawn.map { describe($0, unit) }.joined(separator: " "), commands: script.text,
      data: DataTable(
        header: [axis.key, "line", "mean", "ci95_low", "ci95_high", "unit"] + (knees.isEmpty ? [] : ["is_knee"]),
        rows: drawn.flatMap { line in
          line.points.map { point in
            let figures = [point.estimate.mean, point.estimate.low, point.estimate.high]
            return [axis.values[point.index].text, line.name]
              + figures.map { GnuplotScript.number($0 / unit.size) } + [unit.name]
              + (knees.isEmpty ? [] : [point.index == line.knee ? "1" : "0"])
          }
        }),
      chart: Chart(
        x: Chart.Axis(axis), y: Chart.Axis(vertical),
        series: drawn.enumerated().flatMap { series($1, number: $0, of: drawn.count, unit) }
          + (knees.isEmpty
            ? []
            : [
              Chart.Series(
                "smallest not told apart from the least", .points, .ink, x: knees.map(\.x), y: knees.map(\.y),
                notes: knees.map { "\($0.line.isEmpty ? "" : $0.line + ": ")\($0.text)" }, labels: knees.map(\.text),
                isBold: true)
            ])))
  }

  /// Where the lines bend, and the values there.
  private func knees(
    of lines: [Line], _ unit: DisplayUnit
  ) -> [(line: String, index: Int, x: Double, y: Double, text: String)] {
    lines.enumerated().compactMap { number, line in
      guard let knee = line.knee, let point = line.points.first(where: { $0.index == knee }) else { return nil }
      let isApart = !isJoined || line.points.count < 2 || hasApart(line) && knee == 0
      let x = axis.positions[knee] + (isApart ? shift(number, of: lines.count) : 0)
      return (line.name, knee, x, point.estimate.mean / unit.size, axis.values[knee].text)
    }
  }

  /// Whether a text has room above a place, or at least more than below: other lines may be near.
  private func hasRoom(above y: Double, at index: Int, _ lines: [Line], _ unit: DisplayUnit, _ axis: Axis) -> Bool {
    func position(_ value: Double) -> Double { axis.isLogarithmic ? log(value) : value }
    let height = position(axis.range.upperBound) - position(axis.range.lowerBound)
    let others =
      lines.compactMap { line in
        line.points.first { $0.index == index }.map { position($0.estimate.mean / unit.size) - position(y) }
      } + [position(axis.range.lowerBound) - position(y)]
    let above = others.filter { $0 > 0 }.min() ?? height
    let below = others.filter { $0 < 0 }.map(\.magnitude).min() ?? 0
    return above >= 0.1 * height || above >= below
  }

  /// A line with its band, and what stands apart from it as points.
  private func series(_ line: Line, number: Int, of count: Int, _ unit: DisplayUnit) -> [Chart.Series] {
    let paint = Paint.series[number % Paint.series.count]
    let apart = isJoined ? (hasApart(line) ? 1 : 0) : line.points.count
    func series(_ points: some Collection<(index: Int, estimate: Estimate)>, _ kind: Chart.Kind) -> Chart.Series? {
      guard !points.isEmpty else { return nil }
      let shift = kind == .points ? shift(number, of: count) : 0
      return Chart.Series(
        line.name, kind, paint, x: points.map { axis.positions[$0.index] + shift },
        y: points.map { $0.estimate.mean / unit.size }, low: points.map { $0.estimate.low / unit.size },
        high: points.map { $0.estimate.high / unit.size },
        notes: kind == .points ? points.map { "\(axis.key) \(axis.values[$0.index].text)" } : [])
    }
    let connected = line.points.dropFirst(apart)
    return [
      series(connected, connected.count > 1 ? .line : .points), series(line.points.prefix(apart), .points),
    ].compactMap(\.self)
  }

  /// Whether a line leads from value to value: not between names.
  private var isJoined: Bool { axis.scale != .ordinal || axis.values.allSatisfy { $0.number != nil } }

  /// On a logarithmic axis 0 is no neighbour of the next value, so the line does not go there.
  private func hasApart(_ line: Line) -> Bool { axis.hasZeroApart && line.points.first?.index == 0 }

  /// Marks at one value stand side by side, so that no mark hides the interval of another.
  private func shift(_ number: Int, of count: Int) -> Double {
    let distance =
      axis.scale == .ordinal ? 0.5 / Double(count + 1) : (axis.range.upperBound - axis.range.lowerBound) / 90
    return axis.scale == .linear ? 0 : (Double(number) - Double(count - 1) / 2) * distance
  }

  /// Logarithmic if the lines are so far apart that the lower ones would lie on the axis, and if no value is 0.
  private func vertical(_ estimates: [Estimate], _ unit: DisplayUnit) -> Axis {
    let values = estimates.flatMap { [$0.low / unit.size, $0.high / unit.size] }
    if case .devices = measure {
    } else if let low = values.min(), let high = values.max(), low > 0, high / low >= 20 {
      return Axis(
        label: label(unit) + ", logarithmic", range: Axis.logarithmicRange(of: values), isLogarithmic: true)
    }
    return Axis(label: label(unit), range: Axis.range(of: values.map { max(0, $0) }))
  }

  private func label(_ unit: DisplayUnit) -> String {
    switch measure {
    case .seconds: "time [\(unit.name)]"
    case .devices: "devices"
    case .bytes: "sent [\(unit.name)]"
    case .plain: ""
    }
  }

  private func add(
    _ line: Line, number: Int, of count: Int, unit: DisplayUnit, to script: inout GnuplotScript,
    _ bands: inout [String],
    _ marks: inout [String]
  ) {
    let paint = GnuplotScript.color(Paint.series[number % Paint.series.count])
    let rows = line.points.map { point in
      [axis.positions[point.index], point.estimate.mean, point.estimate.low, point.estimate.high].enumerated()
        .map { $0.offset == 0 ? $0.element : $0.element / unit.size }
    }
    let isApart = hasApart(line)
    let connected = isApart ? Array(rows.dropFirst()) : rows
    let style = "lw 2.5 pt \([7, 5, 9, 13, 11, 15][number % 6]) ps 0.9 lc \(paint)"
    if isJoined, connected.count > 1 {
      script.data("line\(number)", connected)
      bands.append(
        "$line\(number) using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc \(paint) notitle")
      marks.append("$line\(number) using 1:2 with linespoints \(style) title \(GnuplotScript.quoted(line.name))")
    }
    let single = !isJoined || connected.count < 2 ? rows : isApart ? [rows[0]] : []
    guard !single.isEmpty else { return }
    let shift = shift(number, of: count)
    script.data("apart\(number)", single.map { [$0[0] + shift] + $0.dropFirst() })
    let title = isJoined && connected.count > 1 ? "notitle" : "title \(GnuplotScript.quoted(line.name))"
    marks.append("$apart\(number) using 1:2:3:4 with yerrorbars \(style) \(title)")
  }

  private func describe(_ line: Line, _ unit: DisplayUnit) -> String {
    let best = line.points.min { $0.estimate.mean < $1.estimate.mean }
    let worst = line.points.max { $0.estimate.mean < $1.estimate.mean }
    guard let best, let worst else { return "" }
    let name = line.name.isEmpty ? "Mean" : line.name
    let missing = axis.values.count - line.points.count
    let rest = missing > 0 ? "; no value at \(missing) of \(axis.values.count)" : ""
    guard best.estimate.mean < worst.estimate.mean else {
      let places = line.points.map { "at \(axis.values[$0.index].text)" }
      let place = missing == 0 ? "everywhere" : places.joined(separator: ", ")
      return "\(name): \(unit.text(best.estimate.mean)) \(place)\(rest)."
    }
    return "\(name): from \(unit.text(best.estimate.mean)) at \(axis.values[best.index].text) to "
      + "\(unit.text(worst.estimate.mean)) at \(axis.values[worst.index].text)\(rest)."
  }
}
