import Glibc
import Quantities
import Results
import RunMetrics
import Statistics

extension Estimate {
  /// The mean, with half the width of the interval if there is one, or with its ends if it is cut. The half width has two
  /// digits, and the others as many decimals.
  func text(in unit: DisplayUnit) -> String {
    guard let decimals = decimals(in: unit) else { return DisplayUnit.short(mean / unit.size) }
    return text { HumanUnits.grouped($0 / unit.size, decimals: decimals) }
  }

  /// The interval by itself, where there is little room; nil if there is none.
  func interval(in unit: DisplayUnit) -> String? {
    guard let decimals = decimals(in: unit) else { return nil }
    func number(_ value: Double) -> String { HumanUnits.grouped(value / unit.size, decimals: decimals) }
    func short(_ value: Double) -> String { DisplayUnit.figure(value / unit.size) }
    return isCut ? "\(short(low))–\(short(high))" : "± " + number((high - low) / 2)
  }

  private func decimals(in unit: DisplayUnit) -> Int? {
    let half = (high - low) / 2 / unit.size
    return half > 0 ? Int(min(6, max(0, 1 - log10(half).rounded(.down)))) : nil
  }

  /// What the numbers of a text or table are, so that a reader knows what stands behind a mean.
  static func legend(_ texts: some Sequence<String>) -> String {
    let (hasHalves, hasEnds) = texts.reduce((false, false)) { ($0.0 || $1.contains("±"), $0.1 || $1.contains(" [")) }
    guard hasHalves || hasEnds else { return "means" }
    return "means ± half of the 95 % confidence interval"
      + (hasEnds ? ", or [its ends] where it ends at what is possible" : "")
  }
}

extension Metric.Extent {
  /// The extent of each point in `runs.csv`: the most of its replications.
  static func byPoint(_ runs: CSVTable) throws -> [String: Metric.Extent] {
    let point = try runs.column("point")
    let columns = [Metric.devices.name, "blocks"].map { runs.header.firstIndex(of: $0) }
    var extents: [String: Metric.Extent] = [:]
    for (row, fields) in runs.rows.enumerated() {
      let counts = try columns.map { try $0.flatMap { try runs.number(row, $0) } ?? .infinity }
      let before = extents[fields[point]] ?? Metric.Extent(devices: 0, blocks: 0)
      extents[fields[point]] = Metric.Extent(
        devices: max(before.devices, counts[0]), blocks: max(before.blocks, counts[1]))
    }
    return extents
  }
}
