import RunMetrics
import Quantities
import Scenarios
import Statistics

/// A metric's confidence interval as a share of its mean.
package struct RelativeWidth: Hashable, Sendable {
  /// The metric.
  package var metric: String
  /// Half the width of the 95 % interval ÷ the mean's magnitude.
  package var share: Double

  /// The share in percent, for a person.
  package var percent: String { HumanUnits.percent(share) }
}

/// Decides how many replications a point gets, one replication after the other.
///
/// With a precision it is the sequential procedure with look-ahead of Hoad, Robinson and Davies ("Automated selection
/// of the number of replications for a discrete-event simulation", J. Oper. Res. Soc. 61, 2010): the intervals must be
/// narrow enough at some replication number, and stay so for the look-ahead after it. The decision depends only on the
/// replications in the order of their numbers.
struct ReplicationRule: Sendable {
  private let minimum: Int
  private let maximum: Int
  private let share: Double?
  private let lookAhead: Int
  private var watched: [(index: Int, name: String, statistics: RunningMoments)]
  /// The replications so far.
  private(set) var taken = 0
  /// The replication number from which on all intervals have been narrow enough.
  private var narrowSince: Int?

  /// As many replications as the scenario says, or as its precision needs.
  init(_ scenario: Scenario) {
    let precision = scenario.sweep?.precision
    minimum = precision?.minimum ?? scenario.replications
    maximum = precision?.maximum ?? scenario.replications
    share = precision?.share
    lookAhead = precision?.lookAhead ?? 0
    let chosen = precision?.metrics ?? []
    let names = Set(chosen.isEmpty ? Precision.standardMetrics : chosen)
    watched = Metric.ofRuns.enumerated().filter { names.contains($1.name) }.map {
      ($0, $1.name, RunningMoments())
    }
  }

  /// Adds the metrics of the next replication. Nil for one that failed: it counts, but has no values.
  mutating func take(_ metrics: [Double?]?) {
    taken += 1
    if let metrics {
      for index in watched.indices {
        if let value = metrics[watched[index].index] { watched[index].statistics.add(value) }
      }
    }
    guard let share, taken >= minimum else { return }
    narrowSince = isNarrow(share) ? narrowSince ?? taken : nil
  }

  /// Whether no further replication is needed.
  var isDecided: Bool { taken >= certain }

  /// How many replications are certainly needed, whatever their results. These may run at once, and none of them is
  /// wasted.
  var certain: Int {
    guard share != nil else { return maximum }
    let first = narrowSince ?? max(minimum, taken + 1)
    return min(maximum, first + lookAhead(at: first))
  }

  /// Whether it ended at the maximum, with an interval that is still too wide.
  var isImprecise: Bool { share.map { !isNarrow($0) } ?? false }

  /// The widest interval; nil before there is any.
  var widest: RelativeWidth? {
    watched.compactMap { metric in
      metric.statistics.relativeHalfWidth95.map { RelativeWidth(metric: metric.name, share: $0) }
    }
    .max { $0.share < $1.share }
  }

  private func isNarrow(_ share: Double) -> Bool {
    watched.allSatisfy { metric in
      metric.statistics.count == 0 || metric.statistics.relativeHalfWidth95.map { $0 <= share } ?? false
    }
  }

  private func lookAhead(at replication: Int) -> Int {
    replication <= 100 ? lookAhead : lookAhead * replication / 100
  }
}
