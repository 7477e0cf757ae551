import Experiments
import Glibc
import Quantities
import Results
import RunMetrics
import Scenarios
import Statistics

/// What each key of a sweep does.
extension ReportContents {
  /// - Parameter delays: how far values may jump in rare replications.
  mutating func addEffects(_ data: SweepData, _ samples: SweepSamples, _ delays: RareDelays) {
    var body = PagePart()
    var overview: [[PageTable.Cell]] = []
    let all = data.keys.indices.map { index in
      SweepSamples.metrics.compactMap { metric in
        KeyEffect(metric, of: index, in: data, samples, jump: delays.jump(of: metric, countsLate: false))
      }
    }
    // One unit for a metric, wherever it stands.
    let units = Dictionary(grouping: all.joined()) { $0.metric }.mapValues { effects in
      effects[0].metric.displayUnit(for: effects.map(\.largest).max() ?? 0)
    }
    for (index, effects) in all.enumerated() {
      guard let first = effects.first else {
        body += .text(
          "\(data.keys[index]) never varies by itself, or too few runs have values: what it does cannot be told apart.",
          .note)
        continue
      }
      // Nobody chooses the others, so their least value is no advice.
      if !ScenarioKeys.isEnvironment(first.key) { overview += effects.compactMap { Self.summary($0, units) } }
      body +=
        .heading(first.key, id: "effect-\(index + 1)")
        + .table(Self.table(effects, units, id: "t-effect-\(index + 1)"))
    }
    guard all.contains(where: { !$0.isEmpty }) else { return }
    let method =
      "Replications of the same number have the same luck at all points, so values are compared replication by replication, "
      + "all else alike: a cost is what a value takes more than the best value of its key, with an interval; the intervals "
      + "of a key and metric hold together with 95 % confidence, and they are no narrower than what rare timeouts "
      + "or losses that did not come may do to them. ≈ marks what cannot be told apart from the best; less than "
      + "\(HumanUnits.percent(MeanDifference.negligible)) is no difference."
    let summary = PageTable(
      id: "t-effects", caption: "What the choice of each key matters, at most",
      header: ["key", "metric", "best value", "mean there", "worst value", "costs more", "of the best"], rows: overview
    ).wrapping()
    let isSummarised = data.keys.count > 1 && !overview.isEmpty
    add("s-effects", "What each key does", .text(method) + (isSummarised ? .table(summary) : PagePart()) + body)
  }

  private static func summary(_ effect: KeyEffect, _ units: [Metric: DisplayUnit]) -> [PageTable.Cell]? {
    guard let best = effect.best, let worst = effect.worst, let cost = worst.cost, let unit = units[effect.metric]
    else { return nil }
    let share = best.mean > 0 ? cost.mean / best.mean : 0
    return [
      PageTable.Cell(effect.key), PageTable.Cell(effect.metric.title), PageTable.Cell(best.text),
      mean(best, unit), PageTable.Cell(worst.text), PageTable.Cell(text(worst, unit), value: cost.mean),
      PageTable.Cell(best.mean > 0 ? OverlayPage.percent(share) : "", value: share),
    ]
  }

  private static func table(_ effects: [KeyEffect], _ units: [Metric: DisplayUnit], id: String) -> PageTable {
    let first = effects[0]
    let others =
      first.combinations > 1
      ? ", means over \(first.combinations) combinations of the other keys" : ""
    return PageTable(
      id: id, caption: "\(first.key): \(HumanUnits.plural(first.replications, "replication")) paired\(others)",
      header: ["value"] + effects.flatMap { [$0.metric.short, "costs"] },
      rows: first.values.indices.map { row in
        [PageTable.Cell(first.values[row].text, value: VariedValue(first.values[row].text).number)]
          + effects.flatMap { effect -> [PageTable.Cell] in
            // All effects of a key have its values in the same order.
            guard let unit = units[effect.metric] else { return [] }
            let value = effect.values[row]
            let best = ScenarioKeys.isEnvironment(effect.key) ? "least" : "best"
            return [mean(value, unit), PageTable.Cell(text(value, unit, best: best), value: value.cost?.mean ?? 0)]
          }
      })
  }

  private static func mean(_ value: KeyEffect.Value, _ unit: DisplayUnit) -> PageTable.Cell {
    PageTable.Cell(unit.text(value.mean), value: value.mean)
  }

  /// What a value costs: `+1.2 s [0.8, 1.6]`, with two digits of the interval's half.
  ///
  /// - Parameter best: what the value with the least mean is called.
  private static func text(_ value: KeyEffect.Value, _ unit: DisplayUnit, best: String = "best") -> String {
    guard let cost = value.cost else { return best }
    if value.isSame { return "≈ the same" }
    let interval = cost.interval ?? cost.mean...cost.mean
    let half = (interval.upperBound - interval.lowerBound) / 2 / unit.size
    let decimals = half > 0 && half.isFinite ? Int(min(6, max(0, 1 - log10(half).rounded(.down)))) : 3
    func text(_ value: Double) -> String {
      (value < 0 ? "−" : "") + HumanUnits.grouped(value.magnitude / unit.size, decimals: decimals)
    }
    let ends = cost.interval == nil ? "" : " [\(text(interval.lowerBound)), \(text(interval.upperBound))]"
    return (value.isWorse ? "" : "≈ ") + "+\(text(cost.mean)) \(unit.name)\(ends)"
  }
}
