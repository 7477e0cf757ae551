import RunMetrics
import Results

/// A metric over two varied keys, as a map of cells.
enum HeatMapPicture {
  /// The most columns and rows whose cells still have room for a figure.
  private static let labelled = (columns: 12, rows: 14)

  static func picture(of data: SweepData, metric: Metric, title: String) -> Picture? {
    let main = data.keys.firstIndex { $0.hasSuffix("threshold") } ?? 0
    let x = VariedAxis.bars(VariedAxis(key: data.keys[main], values: data.values(of: main)))
    let y = VariedAxis.bars(VariedAxis(key: data.keys[1 - main], values: data.values(of: 1 - main)))
    let cells = data.points.compactMap { point -> (x: Int, y: Int, mean: Double)? in
      guard let mean = point[metric]?.mean, let column = x.index(of: point.values[main]),
        let row = y.index(of: point.values[1 - main])
      else { return nil }
      return (column, row, mean)
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
    script.add("set rmargin 15\nset bmargin 4")
    script.data("cells", cells.map { [x.positions[$0.x], y.positions[$0.y], $0.mean / unit.size] })
    script.add("set style fill solid 1 border lc \(GnuplotScript.color(.paper))")
    script.plot(["$cells using 1:2:(0.5):(0.5):3 with boxxyerror lc palette notitle"])
    if x.values.count <= labelled.columns, y.values.count <= labelled.rows {
      script.insertLabels(
        cells.map { cell in
          let share = high > low ? (cell.mean - low) / (high - low) : 0.5
          return (
            x.positions[cell.x], y.positions[cell.y], DisplayUnit.figure(cell.mean / unit.size),
            Shade.ink(on: share)
          )
        })
    }
    let best = cells.min { $0.mean < $1.mean }
    let worst = cells.max { $0.mean < $1.mean }
    return Picture(
      name: "map-\(metric.alias.replacing("_", with: "-"))", title: "\(title) over both keys",
      caption:
        "Means over the replications; each cell is a point of the sweep. Cells stand side by side in the order of "
        + "their values, not to scale.",
      alternative: [("Lowest", best), ("Highest", worst)].compactMap { name, cell in
        cell.map { "\(name): \(unit.text($0.mean)) at \(x.values[$0.x].text) and \(y.values[$0.y].text)." }
      }.joined(separator: " "),
      commands: script.text,
      data: DataTable(
        header: [x.key, y.key, "mean", "unit"],
        rows: cells.map {
          [x.values[$0.x].text, y.values[$0.y].text, GnuplotScript.number($0.mean / unit.size), unit.name]
        }))
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
