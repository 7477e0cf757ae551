import Experiments
import RunMetrics
import Results

/// A metric over two varied keys, as a map of cells.
enum HeatMapPicture {
  /// The most columns and rows whose cells still have room for a figure.
  private static let labelled = (columns: 12, rows: 14)
  /// The most rows whose cells have room for its interval too, below it.
  private static let withIntervals = 9

  /// A point of the sweep as a cell.
  private struct Cell {
    var x: Int
    var y: Int
    var estimate: Estimate
    /// Whether it cannot be told apart from the best.
    var isAmongBest: Bool
    var mean: Double { estimate.mean }
  }

  /// - Parameter choices: where the metrics of the sweep are least.
  static func picture(of data: SweepData, metric: Metric, title: String, choices: [SweepChoice]) -> Picture? {
    let answers = choices.filter { $0.metric == metric && $0.replications > 1 }
    // Of points with the same values only the first one is named.
    let best = Set(answers.flatMap(\.named).compactMap { data.point($0.number)?[metric] })
    let main = data.keys.firstIndex { $0.hasSuffix("threshold") } ?? 0
    let x = VariedAxis.bars(VariedAxis(key: data.keys[main], values: data.values(of: main)))
    let y = VariedAxis.bars(VariedAxis(key: data.keys[1 - main], values: data.values(of: 1 - main)))
    let cells = data.points.compactMap { point -> Cell? in
      guard let estimate = point[metric], let column = x.index(of: point.values[main]),
        let row = y.index(of: point.values[1 - main])
      else { return nil }
      return Cell(x: column, y: row, estimate: estimate, isAmongBest: best.contains(estimate))
    }
    guard let low = cells.map(\.mean).min(), let high = cells.map(\.mean).max() else { return nil }
    let unit = Measure(metric).unit(upTo: high)
    var script = GnuplotScript()
    script.add(x.commands("x", width: 0.72))
    script.add(y.commands("y"))
    script.add("unset grid\nunset key")
    script.add("set palette defined (\(Shade.palette))")
    let ends = high > low ? (low, high) : (low - 0.5 * unit.size, high + 0.5 * unit.size)
    script.add("set cbrange [\(GnuplotScript.number(ends.0 / unit.size)):\(GnuplotScript.number(ends.1 / unit.size))]")
    script.add(
      "set cblabel \(GnuplotScript.quoted("\(title.lowercased(first: true)) [\(unit.name)]")) "
        + "offset 2.5, 0 textcolor \(GnuplotScript.color(.ink))")
    script.add("set rmargin 15\nset bmargin \(x.isTurned(width: 0.72) ? "6.5" : "4")")
    script.data("cells", cells.map { [x.positions[$0.x], y.positions[$0.y], $0.mean / unit.size] })
    script.add("set style fill solid 1 border lc \(GnuplotScript.color(.paper))")
    var parts = ["$cells using 1:2:(0.5):(0.5):3 with boxxyerror lc palette notitle"]
    let framed = cells.filter(\.isAmongBest)
    if !framed.isEmpty {
      script.data("best", framed.map { [x.positions[$0.x], y.positions[$0.y]] })
      parts.append(
        "$best using 1:2:(0.44):(0.42) with boxxyerror fs empty lc \(GnuplotScript.color(.vermillion)) lw 2.5 notitle"
      )
    }
    script.plot(parts)
    // All cells have their intervals, or none.
    let room = 570 / (7 * max(1, x.values.count))
    let hasIntervals =
      data.isReplicated && y.values.count <= withIntervals
      && cells.allSatisfy { ($0.estimate.interval(in: unit) ?? "").count <= room }
    if x.values.count <= labelled.columns, y.values.count <= labelled.rows {
      script.insertLabels(
        cells.flatMap { cell in
          labels(
            of: cell, at: (x.positions[cell.x], y.positions[cell.y]), unit,
            ink: Shade.ink(on: high > low ? (cell.mean - low) / (high - low) : 0.5), hasInterval: hasIntervals)
        })
    }
    let extremes = [("Lowest", cells.min { $0.mean < $1.mean }), ("Highest", cells.max { $0.mean < $1.mean })]
    return Picture(
      name: "map-\(metric.alias.replacing("_", with: "-"))", title: "\(title) over both keys",
      subtitle: data.subtitle(
        hasIntervals
          ? "± half of the 95 % interval" + (cells.contains(where: \.estimate.isCut) ? ", or its ends" : "") : "means",
        framed.isEmpty ? "" : "framed: not told apart from the least"),
      caption:
        "Means over the replications; each cell is a point of the sweep. Cells stand side by side in the order of "
        + "their values, not to scale."
        + (framed.isEmpty
          ? ""
          : " A frame marks the cells that cannot be told apart from the least, among points that differ in what can be "
            + "chosen, at 95 % for all frames of the page together."),
      alternative: extremes.compactMap { name, cell in
        cell.map { "\(name): \(unit.text($0.mean)) at \(x.values[$0.x].text) and \(y.values[$0.y].text)." }
      }.joined(separator: " "),
      commands: script.text,
      data: DataTable(
        header: [x.key, y.key, "mean", "ci95_low", "ci95_high", "unit", "is_among_best"],
        rows: cells.map { cell in
          [x.values[cell.x].text, y.values[cell.y].text]
            + [cell.mean, cell.estimate.low, cell.estimate.high].map { GnuplotScript.number($0 / unit.size) }
            + [unit.name, answers.isEmpty ? "" : cell.isAmongBest ? "1" : "0"]
        }), map: .cells(map(cells, (x, y), unit, title, (low, high))))
  }

  private static func map(
    _ cells: [Cell], _ axes: (x: VariedAxis, y: VariedAxis), _ unit: DisplayUnit, _ title: String,
    _ ends: (low: Double, high: Double)
  ) -> CellMap {
    func printed(_ value: Double) -> Double { Chart.Series.printed(value / unit.size) }
    return CellMap(
      x: PictureMap.Side(label: axes.x.key, texts: axes.x.values.map(\.text)),
      y: PictureMap.Side(label: axes.y.key, texts: axes.y.values.reversed().map(\.text)), name: title, unit: unit.name,
      frame: "not told apart from the least",
      cells: cells.map { cell in
        let share = ends.high > ends.low ? (cell.mean - ends.low) / (ends.high - ends.low) : 0.5
        return CellMap.Cell(
          column: cell.x, row: axes.y.values.count - 1 - cell.y, mean: printed(cell.mean),
          low: printed(cell.estimate.low), high: printed(cell.estimate.high),
          text: DisplayUnit.figure(cell.mean / unit.size), half: cell.estimate.interval(in: unit) ?? "",
          fill: Shade.color(at: share).hexadecimal, ink: Shade.ink(on: share).hexadecimal, isFramed: cell.isAmongBest)
      })
  }

  /// The mean, and below it half of its interval.
  private static func labels(
    of cell: Cell, at place: (x: Double, y: Double), _ unit: DisplayUnit, ink: RGB, hasInterval: Bool
  ) -> [GnuplotScript.Label] {
    let mean = GnuplotScript.Label(
      x: place.x, y: place.y, text: DisplayUnit.figure(cell.mean / unit.size), color: ink)
    guard hasInterval, let interval = cell.estimate.interval(in: unit) else { return [mean] }
    var (upper, lower) = (mean, mean)
    upper.up = 0.45
    (lower.text, lower.up, lower.size) = (interval, -0.6, 11)
    return [upper, lower]
  }
}

/// The colours of a map from its lowest to its highest value: one hue, from light to dark.
enum Shade {
  static let stops = [RGB(0xE3EEF9), RGB(0x9CC7E3), RGB(0x4394C8), RGB(0x0B5BA1), RGB(0x08306B)]

  /// The stops in the form of gnuplot's palette.
  static var palette: String {
    stops.enumerated().map { "\($0.offset) '\($0.element.hexadecimal)'" }.joined(separator: ", ")
  }

  /// The colour of a share of the way.
  static func color(at share: Double) -> RGB {
    let place = (share.isNaN ? 0.5 : min(max(share, 0), 1)) * Double(stops.count - 1)
    let stop = min(Int(place), stops.count - 2)
    func mixed(_ channel: KeyPath<RGB, UInt8>) -> UInt32 {
      let (from, to) = (Double(stops[stop][keyPath: channel]), Double(stops[stop + 1][keyPath: channel]))
      return UInt32((from + (to - from) * (place - Double(stop))).rounded())
    }
    return RGB(mixed(\.red) << 16 | mixed(\.green) << 8 | mixed(\.blue))
  }

  /// Black or nearly white, whichever can be read on it. It is not quite white, because that is the colour of paper,
  /// which changes on dark paper.
  static func ink(on share: Double) -> RGB {
    let ground = color(at: share)
    return [RGB(0x000000), RGB(0xFDFDFD)].max { $0.contrast(with: ground) < $1.contrast(with: ground) } ?? ground
  }
}

extension String {
  /// The text with its first letter in lower case, unless the next one is a capital or a digit too.
  fileprivate func lowercased(first: Bool) -> String {
    guard let initial = self.first, !initial.isNumber else { return self }
    return initial.lowercased() + dropFirst()
  }
}
