import RunMetrics
import Quantities
import Statistics

/// Means for a terminal, with half of their intervals and a unit that fits.
enum MeanText {
  static func figure(_ statistics: SampleStatistics, of metric: Metric, in extent: Metric.Extent) -> String {
    guard let mean = statistics.mean else { return "–" }
    let scale: HumanUnits.Scale? =
      switch metric.unit {
      case .seconds: HumanUnits.timeScale(of: mean)
      case .bytes: HumanUnits.byteScale(of: mean)
      default: nil
      }
    return text(statistics, of: metric, in: extent) {
      HumanUnits.fixed($0 / (scale?.size ?? 1), decimals: scale?.decimals ?? 1)
    } + (scale.map { " " + $0.name } ?? "")
  }

  /// The mean in a form, with its interval if there is one.
  static func text(
    _ statistics: SampleStatistics, of metric: Metric, in extent: Metric.Extent, _ number: (Double) -> String
  ) -> String {
    guard let estimate = Estimate(statistics, of: metric, in: extent) else { return "–" }
    return statistics.confidenceInterval == nil ? number(estimate.mean) : estimate.text(number)
  }
}
