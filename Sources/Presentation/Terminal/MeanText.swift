import RunMetrics
import Quantities
import Statistics

/// Means for a terminal, with half of their intervals and a unit that fits.
enum MeanText {
  static func figure(_ statistics: SampleStatistics?, in unit: MetricUnit) -> String {
    let mean = statistics?.mean ?? 0
    switch unit {
    case .seconds: return figure(statistics, in: HumanUnits.timeScale(of: mean))
    case .bytes: return figure(statistics, in: HumanUnits.byteScale(of: mean))
    default: return figure(statistics, size: 1, decimals: 1, unit: "")
    }
  }

  private static func figure(_ statistics: SampleStatistics?, in scale: HumanUnits.Scale) -> String {
    figure(statistics, size: scale.size, decimals: scale.decimals, unit: " " + scale.name)
  }

  private static func figure(_ statistics: SampleStatistics?, size: Double, decimals: Int, unit: String) -> String {
    guard let statistics, let mean = statistics.mean else { return "–" }
    let half = statistics.halfWidth.map { " ± " + HumanUnits.fixed($0 / size, decimals: decimals) } ?? ""
    return HumanUnits.fixed(mean / size, decimals: decimals) + half + unit
  }
}
