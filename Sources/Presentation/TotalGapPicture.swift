import Glibc

/// How many devices missed how much at their first check, and where the threshold lies.
enum TotalGapPicture {
  private static let bins = 40
  /// From this ratio of the largest to the smallest value on, the axis is logarithmic.
  private static let wide = 10.0

  /// A bar: its ends, and how many devices of each fate are in it, as a mean over the replications.
  private struct Bar {
    var from: Double
    var to: Double
    var devices: [Double]
  }

  static func picture(of data: RunData) -> Picture? {
    let checked = data.devices.compactMap { device in device.gapBytes.map { (bytes: $0, fate: device.fate) } }
    let gaps = checked.filter { $0.bytes > 0 }
    guard let least = gaps.map(\.bytes).min(), let most = gaps.map(\.bytes).max(), let given = data.threshold else {
      return nil
    }
    let threshold = given > 0 ? given : nil
    let ends = (low: min(least, threshold ?? least), high: max(most, threshold ?? most))
    let isLogarithmic = ends.high / ends.low > wide
    let unit = DisplayUnit.bytes(upTo: isLogarithmic ? (ends.low * ends.high).squareRoot() : ends.low * 2)
    let edges = edges(from: ends.low, to: ends.high, threshold: threshold, isLogarithmic: isLogarithmic)
    let bars = bars(gaps, edges, unit, Double(data.replications))
    let fates = DeviceFate.allCases.filter { fate in gaps.contains { $0.fate == fate } }
    var x = Axis(
      label: "total gap at a device's first check [\(unit.name)]\(isLogarithmic ? ", logarithmic" : "")",
      range: Axis.range(edges[0] / unit.size, edges[edges.count - 1] / unit.size))
    x.isLogarithmic = isLogarithmic
    let y = Axis(
      label: data.replications > 1 ? "devices, mean of a replication" : "devices",
      range: Axis.range(of: bars.map { $0.devices.reduce(0, +) }, fromZero: true), isWhole: data.replications == 1)
    let limitText = threshold.map(DisplayUnit.size)
    let limit = limitText.map { "threshold " + $0 }
    var script = GnuplotScript()
    script.add(x.commands("x"))
    script.add(y.commands("y"))
    var parts = fates.map { fate in draw(fate, bars, &script) }
    if let threshold, let limit {
      script.data("threshold", [[threshold / unit.size, 0], [threshold / unit.size, y.range.upperBound]])
      parts.append(
        "$threshold using 1:2 with lines lw 2.5 lc \(GnuplotScript.color(.ink)) title \(GnuplotScript.quoted(limit))")
    }
    script.plot(parts)
    let none = checked.count - gaps.count
    let below = gaps.count { $0.bytes < given }
    return Picture(
      name: "total-gap", title: "Total gap of each device against the threshold, and what became of it",
      subtitle: data.subtitle(data.replications > 1 ? "bars: means of a replication" : "", "coloured by the end"),
      caption: "What a device misses when it first checks itself. Below the threshold its gap is detected, and it is "
        + "promoted if no other limit forbids it (R11, R12). The colour is what became of it in the end. "
        + (none == 0 ? "Each missed something." : missedNothing(none, of: data)),
      alternative: "Total gaps from \(unit.text(least)) to \(unit.text(most)); "
        + (limitText.map { "the threshold is \($0)" } ?? "the threshold is 0")
        + ", and \(DisplayUnit.short(100 * Double(below) / Double(gaps.count))) % of the devices that miss something "
        + "are below it at their first check. "
        + fates.map { fate in
          "\(DisplayUnit.short(100 * Double(gaps.count { $0.fate == fate }) / Double(gaps.count))) % \(fate.plural)"
        }.joined(separator: ", ") + ".",
      commands: script.text,
      data: DataTable(
        header: ["from_\(unit.name)", "to_\(unit.name)", "devices"] + DeviceFate.allCases.map(\.column),
        rows: bars.map { ([$0.from, $0.to, $0.devices.reduce(0, +)] + $0.devices).map(GnuplotScript.number) }),
      chart: Chart(
        x: Chart.Axis(x), y: Chart.Axis(y, isCount: true),
        series: fates.map { fate in
          Chart.Series(
            fate.name, .bars, fate.paint, x: bars.map(\.from), ends: bars.map(\.to),
            y: bars.map { $0.devices[fate.rawValue] })
        }, isStacked: true,
        marks: zip([threshold].compactMap(\.self), [limit].compactMap(\.self)).map {
          Chart.Mark(across: .x, at: $0 / unit.size, text: $1)
        }))
  }

  /// The bars of a fate, on those of the fates before it.
  private static func draw(_ fate: DeviceFate, _ bars: [Bar], _ script: inout GnuplotScript) -> String {
    let shown = bars.filter { $0.devices[fate.rawValue] > 0 }
    script.data(
      fate.column,
      shown.map { bar in
        let base = bar.devices[..<fate.rawValue].reduce(0, +)
        return [(bar.from + bar.to) / 2, bar.from, bar.to, base, base + bar.devices[fate.rawValue]]
      })
    return "$\(fate.column) using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc \(GnuplotScript.color(.paper)) "
      + "fc \(GnuplotScript.color(fate.paint)) title '\(fate.name)'"
  }

  private static func bars(
    _ gaps: [(bytes: Double, fate: DeviceFate)], _ edges: [Double], _ unit: DisplayUnit, _ replications: Double
  ) -> [Bar] {
    var bars = zip(edges, edges.dropFirst()).map {
      Bar(from: $0 / unit.size, to: $1 / unit.size, devices: DeviceFate.allCases.map { _ in 0 })
    }
    for gap in gaps {
      let bin = min(edges.lastIndex { $0 <= gap.bytes } ?? 0, bars.count - 1)
      bars[bin].devices[gap.fate.rawValue] += 1
    }
    for index in bars.indices { bars[index].devices = bars[index].devices.map { $0 / replications } }
    return bars
  }

  private static func missedNothing(_ count: Int, of data: RunData) -> String {
    let mean = DisplayUnit.short(Double(count) / Double(data.replications))
    let average = data.replications > 1 ? "On average " : ""
    return mean == "1"
      ? "\(average)1 device missed nothing and is not drawn."
      : "\(average)\(mean) devices missed nothing and are not drawn."
  }

  /// The edges of the bins. One edge is at the threshold, so no bar lies on both sides of it.
  private static func edges(from low: Double, to high: Double, threshold: Double?, isLogarithmic: Bool) -> [Double] {
    let map: (Double) -> Double = { isLogarithmic ? log10($0) : $0 }
    let back: (Double) -> Double = { isLogarithmic ? pow(10, $0) : $0 }
    let (from, to) = (map(low), map(high))
    var width = max((to - from) / Double(bins), isLogarithmic ? 0.01 : max(1, high / 1000))
    if !isLogarithmic { width = width.rounded(.up) }
    let origin = threshold.map(map) ?? from
    // A threshold below all gaps does not stand on the axis.
    let first = min(((from - origin) / width).rounded(.down), threshold == nil ? 0 : -1)
    let last = ((to - origin) / width).rounded(.down) + 1
    return stride(from: first, through: last, by: 1).map { step in
      step == 0 ? threshold ?? back(origin) : max(isLogarithmic ? 0 : -1, back(origin + step * width))
    }
  }
}
