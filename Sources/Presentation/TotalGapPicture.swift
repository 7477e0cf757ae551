import Glibc

/// How many devices missed how much at their first check, and where the threshold lies.
enum TotalGapPicture {
  private static let bins = 40
  /// From this ratio of the largest to the smallest value on, the axis is logarithmic.
  private static let wide = 50.0

  static func picture(of data: RunData) -> Picture? {
    let gaps = data.devices.compactMap(\.gapBytes)
    let values = gaps.filter { $0 > 0 }
    guard let least = values.min(), let most = values.max(), let given = data.threshold else { return nil }
    let threshold = given > 0 ? given : nil
    let ends = (low: min(least, threshold ?? least), high: max(most, threshold ?? most))
    let isLogarithmic = ends.high / ends.low > wide
    let unit = DisplayUnit.bytes(upTo: isLogarithmic ? (ends.low * ends.high).squareRoot() : ends.low * 2)
    let edges = edges(from: ends.low, to: ends.high, threshold: threshold, isLogarithmic: isLogarithmic)
    let counts = histogram(values, edges).map { $0 / Double(data.replications) }
    var script = GnuplotScript()
    var axis = Axis(
      label: "total gap at a device's first check [\(unit.name)]\(isLogarithmic ? ", logarithmic" : "")",
      range: Axis.range(edges[0] / unit.size, edges[edges.count - 1] / unit.size))
    axis.isLogarithmic = isLogarithmic
    script.add(axis.commands("x"))
    let height = Axis.range(of: counts, fromZero: true)
    script.add(
      Axis(
        label: data.replications > 1 ? "devices, mean of a replication" : "devices",
        range: height
      ).commands("y"))
    let rows = counts.indices.map { [edges[$0] / unit.size, edges[$0 + 1] / unit.size, counts[$0]] }
    let isBelow = counts.indices.map { edges[$0 + 1] <= (threshold ?? 0) * (1 + 1e-9) }
    var parts: [String] = []
    for (name, paint, title, below) in [
      ("below", Paint.green, "below the threshold", true),
      ("above", Paint.vermillion, "at or above it", false),
    ] {
      let chosen = rows.indices.filter { isBelow[$0] == below && counts[$0] > 0 }.map { rows[$0] }
      guard !chosen.isEmpty else { continue }
      script.data(name, chosen.map { [($0[0] + $0[1]) / 2, $0[2] / 2, ($0[1] - $0[0]) / 2, $0[2] / 2] })
      parts.append(
        "$\(name) using 1:2:3:4 with boxxyerror fs solid 1 border lc \(GnuplotScript.color(.paper)) "
          + "fc \(GnuplotScript.color(paint)) title '\(title)'")
    }
    if let threshold {
      script.data("threshold", [[threshold / unit.size, 0], [threshold / unit.size, height.upperBound]])
      parts.append(
        "$threshold using 1:2 with lines lw 2.5 dt 2 lc \(GnuplotScript.color(.ink)) title \(GnuplotScript.quoted("threshold " + DisplayUnit.bytes(upTo: threshold).text(threshold)))"
      )
    }
    script.plot(parts)
    let none = gaps.count - values.count
    let below = values.count { $0 < given }
    return Picture(
      name: "total-gap", title: "Total gap of each device against the threshold",
      caption: "What a device misses when it first checks itself. Below the threshold its gap is detected, and it is "
        + "promoted if no other limit forbids it (R11, R12). "
        + (none > 0 ? "\(mean(none, data)) devices missed nothing and are not drawn." : "Each missed something."),
      alternative: "Total gaps from \(unit.text(least)) to \(unit.text(most)); "
        + (threshold.map { "the threshold is \(DisplayUnit.bytes(upTo: $0).text($0))" } ?? "the threshold is 0")
        + ", and \(DisplayUnit.short(100 * Double(below) / Double(values.count))) % of the devices that miss something "
        + "are below it at their first check.",
      commands: script.text,
      data: DataTable(
        header: ["from_\(unit.name)", "to_\(unit.name)", "devices"], rows: rows.map { $0.map(GnuplotScript.number) }))
  }

  private static func mean(_ count: Int, _ data: RunData) -> String {
    DisplayUnit.short(Double(count) / Double(data.replications))
  }

  /// The edges of the bins. One edge is at the threshold, so no bar lies on both sides of it.
  private static func edges(from low: Double, to high: Double, threshold: Double?, isLogarithmic: Bool) -> [Double] {
    let map: (Double) -> Double = { isLogarithmic ? log10($0) : $0 }
    let back: (Double) -> Double = { isLogarithmic ? pow(10, $0) : $0 }
    let (from, to) = (map(low), map(high))
    var width = max((to - from) / Double(bins), isLogarithmic ? 0.01 : max(1, high / 1000))
    if !isLogarithmic { width = width.rounded(.up) }
    let origin = threshold.map(map) ?? from
    let first = ((from - origin) / width).rounded(.down)
    let last = ((to - origin) / width).rounded(.down) + 1
    return stride(from: first, through: last, by: 1).map { step in
      step == 0 ? threshold ?? back(origin) : max(isLogarithmic ? 0 : -1, back(origin + step * width))
    }
  }

  private static func histogram(_ values: [Double], _ edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count - 1)
    for value in values {
      let bin = edges.lastIndex { $0 <= value } ?? 0
      counts[min(bin, counts.count - 1)] += 1
    }
    return counts
  }
}
