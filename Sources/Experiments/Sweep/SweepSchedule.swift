import Results

/// Decides which runs a sweep needs: points in their order, each as long as its rule asks for more.
///
/// A run is given out only if it is certainly needed. So no run is wasted, and the set of finished runs does not depend
/// on which run was faster.
package struct SweepSchedule {
  /// The outcome of a run.
  enum Outcome {
    /// It has rows, with these metrics.
    case ran(RunLine)
    /// It has no rows.
    case failed
    /// Another process does the run.
    case elsewhere
  }

  /// A point that is decided.
  package struct Decided: Sendable {
    /// Its replications, including failed ones.
    let replications: Int
    /// Its widest interval at the end.
    let widest: RelativeWidth?
    /// Whether it ended at the maximum without being precise enough.
    let isImprecise: Bool
  }

  /// A point that has begun and is not decided.
  private struct Open {
    let point: Int
    var rule: ReplicationRule
    /// Replications that were given out, or did not have to be.
    var given = 0
  }

  private let rule: ReplicationRule
  private let outcome: (RunID) throws -> Outcome?
  private var open: [Open] = []
  private var next = 0
  /// The points, each once it is decided.
  private(set) var decided: [Decided?]
  /// Runs whose outcome was added.
  private(set) var done = 0
  private var decidedRuns = 0
  private var widestDecided: RelativeWidth?

  /// A schedule of points that all follow the same rule. `outcome` gives what is known about a run.
  init(points: Int, rule: ReplicationRule, outcome: @escaping (RunID) throws -> Outcome?) {
    self.rule = rule
    self.outcome = outcome
    decided = Array(repeating: nil, count: points)
  }

  /// The next run that is needed; nil if another run must end first.
  mutating func nextRun() throws -> RunID? {
    var index = 0
    while true {
      if index == open.count {
        guard next < decided.count else { return nil }
        open.append(Open(point: next, rule: rule))
        next += 1
      }
      if let run = try nextRun(of: index) { return run }
      if open[index].rule.isDecided { close(index) } else { index += 1 }
    }
  }

  private mutating func nextRun(of index: Int) throws -> RunID? {
    while open[index].given < open[index].rule.certain {
      open[index].given += 1
      let run = RunID(point: open[index].point, replication: open[index].given)
      if try outcome(run) == nil { return run }
      try advance(index)
    }
    return nil
  }

  /// Goes on after the outcome of a run is known.
  mutating func ended(_ run: RunID) throws {
    guard let index = open.firstIndex(where: { $0.point == run.point }) else { return }
    try advance(index)
    if open[index].rule.isDecided { close(index) }
  }

  /// Adds what is known about a point's replications, in their order.
  private mutating func advance(_ index: Int) throws {
    while open[index].rule.taken < open[index].given,
      let outcome = try outcome(RunID(point: open[index].point, replication: open[index].rule.taken + 1))
    {
      switch outcome {
      case .ran(let line):
        open[index].rule.take(line.metrics)
        done += 1
      case .failed:
        open[index].rule.take(nil)
        done += 1
      case .elsewhere: open[index].rule.take(nil)
      }
    }
  }

  private mutating func close(_ index: Int) {
    let point = open.remove(at: index)
    let widest = point.rule.widest
    decided[point.point] = Decided(
      replications: point.rule.taken, widest: widest, isImprecise: point.rule.isImprecise)
    decidedRuns += point.rule.taken
    if let widest, widest.share > widestDecided?.share ?? -1 { widestDecided = widest }
  }

  /// How many runs are needed, as far as it is known.
  var total: Int {
    decidedRuns + open.reduce(0) { $0 + $1.rule.certain } + (decided.count - next) * rule.certain
  }

  /// The widest interval of all points so far.
  var widest: RelativeWidth? {
    (open.map(\.rule.widest) + [widestDecided]).compactMap(\.self).max { $0.share < $1.share }
  }
}
