import RunMetrics
import Network
import Results
import Scenarios
import Statistics

/// The outcome of a sweep, for people and programs. The results themselves are in the directory.
package struct SweepOutcome: Sendable {
  /// A point with the statistics of its metrics.
  package struct Point: Sendable {
    /// The point.
    package let context: RunContext
    /// How many replications it has, including failed ones; of a share, those in it.
    package let replications: Int
    /// Its widest interval.
    package let widest: RelativeWidth?
    /// Whether it ended at the maximum without being precise enough.
    package let isImprecise: Bool
    /// How many replications a limit on simulated time ended.
    package let endedByTimeLimit: Int
    /// How many replications a limit on events ended.
    package let endedByEventLimit: Int
    /// How many replications ended normally.
    package let complete: Int
    /// Its rows of `summary.csv`.
    package let metrics: [SummaryRow]

    package init(_ aggregate: PointAggregate, replications: Int, decided: SweepSchedule.Decided) {
      context = aggregate.context
      self.replications = replications
      widest = decided.widest
      isImprecise = decided.isImprecise
      endedByTimeLimit = aggregate.endedByTimeLimit
      endedByEventLimit = aggregate.endedByEventLimit
      complete = aggregate.replications - endedByTimeLimit - endedByEventLimit
      metrics = SummaryRow.rows(of: aggregate.metrics, at: context)
    }

    /// The statistics of one metric.
    package func statistics(of metric: Metric) -> SampleStatistics? {
      metrics.first { $0.metric == metric }?.statistics
    }
  }

  /// A run that a limit ended.
  package struct LimitedRun: Hashable, Sendable {
    /// The run.
    package let run: RunID
    /// The limit.
    package let ended: RunEnd
    /// The command that shows it again.
    package let replay: String
  }

  /// The most runs that are listed. Of the others only the number is kept.
  private static let mostListed = 10

  /// The scenario with its sweep.
  package let scenario: Scenario
  /// The directory of results.
  package var path: String
  /// How many runs existed at the start and were not run again.
  package let taken: Int
  /// Whether the results existed already, so that nothing was run or written.
  package internal(set) var isUpToDate = false
  /// Which share of the runs it is; nil if it is all of them.
  package internal(set) var share: Share?
  /// The one point of a plain run.
  package internal(set) var single: PointAggregate?
  /// Runs that have no rows.
  package let failed: [FailedRun]
  /// The first runs that a limit ended.
  package private(set) var limited: [LimitedRun] = []
  /// How many runs a limit ended.
  package private(set) var limitedCount = 0
  /// The points in their order.
  package internal(set) var points: [Point] = []

  package init(scenario: Scenario, path: String, taken: Int, failed: [FailedRun]) {
    self.scenario = scenario
    self.path = path
    self.taken = taken
    self.failed = failed
  }

  mutating func addLimited(_ run: RunID, _ ended: RunEnd, replay: @autoclosure () -> String) {
    limitedCount += 1
    if limited.count < Self.mostListed { limited.append(LimitedRun(run: run, ended: ended, replay: replay())) }
  }

  /// Says so, with a line end, if it is a share without runs; nil otherwise.
  package var emptiness: String? {
    guard let share, points.allSatisfy({ $0.replications == 0 }) else { return nil }
    return "\(scenario.name): \(share.words) has no runs\n"
  }

  /// Where the results are, and whether they existed already.
  package var place: String {
    if isUpToDate { return "up to date: results in \(path)" }
    let share = share.map { " (\($0.words))" } ?? ""
    return "results in \(path)\(share)"
  }

  /// What went wrong, each problem with the command that shows it again; empty if nothing did.
  package var problems: String {
    var text = ""
    for failure in failed.prefix(Self.mostListed) {
      text += "point \(failure.run.point): \(failure.report)\n"
    }
    if failed.count > Self.mostListed { text += "… and \(failed.count - Self.mostListed) more failed runs\n" }
    for run in limited {
      text += "point \(run.run.point), replication \(run.run.replication) ended at the limit on "
      text += (run.ended == .timeLimit ? "simulated time" : "events") + ": \(run.replay)\n"
    }
    if limitedCount > limited.count { text += "… and \(limitedCount - limited.count) more that a limit ended\n" }
    return text
  }
}
