import Comparison
import Experiments
import RunMetrics
import Quantities
import Results
import Statistics

/// What a person reads at the end of a race: a line for each strategy, and the answer in a sentence.
package struct RaceSummary: Sendable {
  /// The metrics that have columns.
  private static let metrics: [Metric] = [
    .makespan, .completionP95, .completionMean, .serverBytes, .devicePackets,
  ]

  let outcome: SweepOutcome
  let race: Race

  /// Summarises a race. All of it comes from its files.
  ///
  /// - Throws: a ``ResultsFolderError`` or a ``CSVError`` if a file is damaged.
  package init(_ outcome: SweepOutcome, asking question: Race.Question) throws {
    self.outcome = outcome
    race = try ResultsFolder(at: outcome.path, check: .manifest).race(question)
  }

  /// The summary with a line end after every line.
  package var text: String {
    heading + AlignedTable.numbers(race.rows(of: Self.metrics), thenText: true) + "\(race.method)\n\(race.sentence)\n"
  }

  private var heading: String {
    let runs = outcome.points.reduce(0) { $0 + $1.replications }
    let taken =
      outcome.taken > 0 && !outcome.isUpToDate ? ", \(HumanUnits.plural(outcome.taken, "run")) taken over" : ""
    return "\(outcome.scenario.name): \(outcome.points.count) strategies, "
      + "\(HumanUnits.plural(runs, "run"))\(taken), seed \(outcome.scenario.seed); \(race.legend(of: Self.metrics))\n"
  }

  /// The race for a pull request or a wiki.
  package var markdown: String {
    let rows = race.rows(of: Self.metrics)
    let marks = rows[0].indices.map { $0 == 0 || $0 == rows[0].count - 1 ? "---" : "---:" }
    let sentence = race.sentence
    let lines = ([rows[0], marks] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |\n" }
    return
      "### gapsim race: \(Self.cell(race.scenario))\n\n\(Self.cell(sentence))\n\n\(lines.joined())\n\(race.method).\n"
  }

  /// Text that begins no tag and ends no cell.
  private static func cell(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("|", with: "\\|")
  }
}

extension Race {
  /// A table of the strategies: a header, and a row for each.
  func rows(of metrics: [Metric]) -> [[String]] {
    let own = question.objective.expression.loneMetric.map { !metrics.contains($0) } ?? true
    let header =
      ["strategy"] + (own ? [question.objective.title] : []) + metrics.map(\.short) + ["failed"]
      + (hasLeft ? [Metric.left.short] : []) + ["to the best", "standing"]
    return [header]
      + entrants.map { entrant in
        [entrant.name] + (own ? [objective(of: entrant)] : [])
          + metrics.map { MeanText.figure(entrant.statistics(of: $0), of: $0, in: Metric.Extent()) }
          + [HumanUnits.fixed(entrant.leftBehind, decimals: 1)]
          + (hasLeft ? [HumanUnits.fixed(entrant.switchedOff, decimals: 1)] : [])
          + [distance(of: entrant), standing(of: entrant)]
      }
  }

  /// The mean of the objective, with half of its interval.
  private func objective(of entrant: Entrant) -> String {
    if let metric = question.objective.expression.loneMetric, [.seconds, .bytes].contains(metric.unit) {
      return MeanText.figure(entrant.statistics(of: metric), of: metric, in: Metric.Extent())
    }
    guard let mean = entrant.mean else { return "–" }
    guard let half = SampleStatistics(entrant.values ?? []).halfWidth, half > 0 else { return question.text(mean) }
    // Two digits of the half count.
    var (decimals, step) = (0, half)
    while step < 10, decimals < 9 { (decimals, step) = (decimals + 1, step * 10) }
    return [mean, half].map { HumanUnits.grouped($0, decimals: decimals) }.joined(separator: " ± ")
  }

  /// What the numbers of the metrics are.
  func legend(of metrics: [Metric]) -> String {
    Estimate.legend(
      entrants.flatMap { entrant in
        metrics.map { MeanText.figure(entrant.statistics(of: $0), of: $0, in: Metric.Extent()) }
      })
  }

  /// `+17.4 % [11.2, 23.5]`: how much more of the objective a strategy has than the best, as a share of that.
  private func distance(of entrant: Entrant) -> String {
    guard entrant.standing.isJudged, entrant.standing != .best, let best = entrants.first, let base = best.mean,
      base != 0, let difference = difference(of: entrant, to: best)
    else { return "–" }
    let share = { (value: Double) in Self.percent(100 * value / base.magnitude) }
    let interval =
      possibleInterval(of: entrant, to: best).map { " [\(share($0.lowerBound)), \(share($0.upperBound))]" } ?? ""
    return "\(difference.mean > 0 ? "+" : "")\(share(difference.mean)) %\(interval)"
  }

  private static func percent(_ value: Double) -> String {
    HumanUnits.grouped(value, decimals: value.magnitude < 10 ? 2 : value.magnitude < 100 ? 1 : 0)
  }

  private func standing(of entrant: Entrant) -> String {
    guard entrant.limited > 0 else { return entrant.standing.rawValue }
    return "\(entrant.standing.rawValue); a limit ended \(HumanUnits.plural(entrant.limited, "run"))"
  }

  /// How the strategies were compared.
  package var method: String {
    guard replications > 1 else { return "one replication tells nothing apart" }
    guard pairs > 0 else { return "fewer than two strategies could be compared" }
    let differences =
      pairs == 1
      ? "the difference of the two strategies that could be compared holds"
      : "all \(pairs) differences of two strategies hold together"
    return
      "\(differences) with \(HumanUnits.exactPercent(question.confidence)) confidence, \(replications) replications paired; failed devices are "
      + "those that never got the file" + leftWords
  }

  /// Without these words the column `failed` would count those too that the scenario took away.
  private var leftWords: String {
    guard hasLeft else { return "" }
    return " though they stayed on; \(Metric.left.short) are those that the scenario switched off before they had it"
  }
}
