import Comparison
import Experiments
import FoundationEssentials
import RunMetrics
import Quantities
import Results
import Statistics

/// What a person reads at the end of a sweep: a line for each point.
package struct SweepSummary: Sendable {
  /// The most points that are shown one by one.
  private static let mostPoints = 50
  /// The metrics that have columns.
  private static let metrics: [Metric] = [.makespan, .completionP95, .promoted, .sessions, .serverBytes]

  private let outcome: SweepOutcome
  private let choices: SweepChoices
  /// Whether the scenario's expectations are met, point by point.
  package let expectations: ExpectationReport

  /// Summarises a sweep. Where it is least, and whether it is as expected, comes from its files. The results of a share
  /// say neither.
  ///
  /// - Throws: a ``ResultsFolderError`` or a ``CSVError`` if a file is damaged.
  package init(_ outcome: SweepOutcome) throws {
    self.outcome = outcome
    let results = try ResultsFolder(at: outcome.path, check: .manifest)
    let keys = outcome.scenario.sweep?.keys.map(\.name) ?? []
    guard outcome.share == nil else {
      expectations = try ExpectationReport([], results: results)
      choices = SweepChoices(ofShareWithKeys: keys)
      return
    }
    expectations = try ExpectationReport(outcome.scenario.expectations, results: results)
    choices = try SweepChoices(
      keys: keys,
      points: outcome.points.map { ($0.context.point, $0.context.varied.map(\.value)) },
      delays: RareDelays(SweepPoints(of: outcome.scenario)), runs: results.reader(.runs))
  }

  /// The summary with a line end after every line.
  package var text: String {
    let points = outcome.points
    if let nothing = outcome.emptiness { return nothing + outcome.place + "\n" }
    let shown =
      points.count > Self.mostPoints
      ? points.prefix(Self.mostPoints / 2) + points.suffix(Self.mostPoints / 2) : points[...]
    let keys = outcome.scenario.sweep?.keys.map(\.name) ?? []
    let header =
      ["point"] + Self.short(keys) + ["runs"] + Self.metrics.map(\.short)
      + (expectations.expectations.isEmpty ? [] : ["expect"])
    let rows = shown.map { Self.row($0) + mark(at: $0) }
    var text = heading(rows) + AlignedTable.numbers([header] + rows)
    if shown.count < points.count {
      text += "  (\(points.count - shown.count) points in the middle are not shown; summary.csv has all)\n"
    }
    return text + least + precision + outcome.place + "\n"
  }

  private func heading(_ rows: [[String]]) -> String {
    let runs = outcome.points.reduce(0) { $0 + $1.replications }
    let taken =
      outcome.taken > 0 && !outcome.isUpToDate ? ", \(HumanUnits.plural(outcome.taken, "run")) taken over" : ""
    return "\(outcome.scenario.name): \(HumanUnits.plural(outcome.points.count, "point")), "
      + "\(HumanUnits.plural(runs, "run"))\(taken), seed \(outcome.scenario.seed); \(Estimate.legend(rows.joined()))\n"
  }

  /// Whether a point is as expected; empty if nothing is expected.
  private func mark(at point: SweepOutcome.Point) -> [String] {
    guard !expectations.expectations.isEmpty else { return [] }
    return [ExpectationReport.mark(expectations.findings(at: point.context.point).allSatisfy(\.isMet))]
  }

  private var least: String {
    choices.text(keys: Self.short)
  }

  /// The last parts of the keys' paths, if they tell the keys apart.
  private static func short(_ keys: [String]) -> [String] {
    let parts = keys.map { key in key.split(separator: ".").last.map(String.init) ?? key }
    return Set(parts).count == parts.count ? parts : keys
  }

  private static func row(_ point: SweepOutcome.Point) -> [String] {
    ["\(point.context.point)"] + point.context.varied.map(\.value) + [
      "\(point.replications)"
    ]
      + metrics.map {
        MeanText.figure(point.statistics(of: $0) ?? SampleStatistics([]), of: $0, in: point.context.extent)
      }
  }

  private var precision: String {
    guard let precision = outcome.scenario.sweep?.precision else { return "" }
    let wide = outcome.points.filter(\.isImprecise)
    guard let widest = wide.compactMap(\.widest).max(by: { $0.share < $1.share }) else {
      return "every interval is within \(HumanUnits.percent(precision.share)) of its mean\n"
    }
    return "\(HumanUnits.plural(wide.count, "point")) ended at \(precision.maximum) replications and "
      + "\(wide.count == 1 ? "is" : "are") less precise than \(HumanUnits.percent(precision.share)); the widest interval is "
      + "±\(HumanUnits.percent(widest.share)) of \(widest.metric). sweep.metrics names the metrics that matter\n"
  }
}

extension SweepSummary {
  /// The outcome of the expectations as JUnit XML, a suite for each point.
  package var junit: String {
    let varied = Dictionary(
      uniqueKeysWithValues: outcome.points.map { ($0.context.point, $0.context.varied) })
    return expectations.junit(name: outcome.scenario.name) { varied[$0] ?? [] }
  }

  /// The figures for programs: one object, keys in alphabetical order, numbers raw and in the units of the columns.
  package var json: String {
    get throws {
      String(decoding: try JSONEncoder.results.encode(SweepReport(outcome, choices, expectations)), as: UTF8.self)
        + "\n"
    }
  }
}

/// The outcome of a sweep for JSON; the names are the keys.
private struct SweepReport: Encodable {
  struct Point: Encodable {
    let point: Int
    let replications: Int
    let varied: [String: String]
    let parameters: [String: ParameterValue]
    let ended: EndReport
    let metrics: [String: MetricReport]
    let expect: ExpectReport?
  }

  struct Failed: Encodable {
    let point: Int
    let replication: Int
    let reason: String
    let replay: String
  }

  /// Where the metrics are least.
  struct Least: Encodable {
    /// The confidence of all choices together.
    let confidence: Double
    let choices: [Choice]
    /// Where no point is recommended, and why.
    let refused: [Refusal]
  }

  /// A combination of the environment's values at which no point is recommended.
  struct Refusal: Encodable {
    let environment: [String: String]
    let reason: String
  }

  /// Where a metric is least, at one combination of the environment's values.
  struct Choice: Encodable {
    struct Named: Encodable {
      let point: Int
      let mean: Double
    }

    let metric: String
    let environment: [String: String]
    let compared_points: Int
    let replications: Int
    /// The points that cannot be told apart from the best. The first is the one to choose.
    let points: [Named]
    /// The point with the least mean, one of them.
    let best: Named
  }

  let scenario: String
  let seed: UInt64
  let directory: String
  let taken_runs: Int
  let points: [Point]
  let least: Least
  let failed_runs: [Failed]

  init(_ outcome: SweepOutcome, _ choices: SweepChoices, _ expectations: ExpectationReport) {
    scenario = outcome.scenario.name
    seed = outcome.scenario.seed
    directory = outcome.path
    taken_runs = outcome.taken
    points = outcome.points.map { point in
      Point(
        point: point.context.point, replications: point.replications,
        varied: Dictionary(uniqueKeysWithValues: point.context.varied.map { ($0.name, $0.value) }),
        parameters: Manifest.Sweep.Point(point.context).values,
        ended: EndReport(
          complete: point.complete, event_limit: point.endedByEventLimit, time_limit: point.endedByTimeLimit),
        metrics: MetricReport.byName(point.metrics), expect: ExpectReport(expectations, at: point.context.point))
    }
    least = Least(
      confidence: 1 - SubsetSelection.level,
      choices: choices.choices.map { choice in
        Choice(
          metric: choice.metric.name,
          environment: Dictionary(uniqueKeysWithValues: zip(choices.environment, choice.environment)),
          compared_points: choice.candidates, replications: choice.replications,
          points: choice.named.map { Choice.Named(point: $0.number, mean: $0.mean) },
          best: Choice.Named(point: choice.best.number, mean: choice.best.mean))
      },
      refused: choices.refused.map { environment, leftOut in
        Refusal(
          environment: Dictionary(uniqueKeysWithValues: zip(choices.environment, environment)),
          reason: leftOut.reason)
      })
    failed_runs = outcome.failed.map {
      Failed(
        point: $0.run.point, replication: $0.run.replication, reason: $0.report.breach.invariant,
        replay: $0.report.command)
    }
  }
}
