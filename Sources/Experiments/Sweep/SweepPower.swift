import RunMetrics
import Quantities
import Results
import Scenarios
import Statistics
import Runs

/// What the replications of a sweep will be able to tell apart, estimated from a few runs of two of its points.
package struct SweepPower: Sendable {
  /// One metric.
  package struct Reach: Hashable, Sendable {
    let metric: Metric
    /// The difference of two points that is shown with 80 % power, as a share of the mean.
    let share: Double
    /// How many replications would show one percent; nil if more than a billion.
    let needed: Int?
  }

  /// The most replications of a pilot, the fewest that show a spread, and the time that they may take.
  private static let (most, fewest, seconds) = (8, 3, 10.0)
  /// The share for which the replications are counted.
  private static let share = 0.01

  /// The points that were run, and how often.
  package let (points, runs): ([Int], Int)
  /// How many replications the sweep will have.
  package let replications: Int
  /// What they can show, by metric.
  package let reach: [Reach]

  /// Runs the first replications of the point in the middle, and of the point farthest from it in the keys that can be
  /// chosen.
  ///
  /// - Parameter pilot: the cost of a run. Fewer runs are done if they take long.
  /// - Returns: nil if no two points differ only in keys that can be chosen, or if a few runs take too long.
  package init?(
    _ points: SweepPoints, after pilot: SweepPlan.Pilot, simulate: (SweepPoint, Int) throws -> RunRecord
  ) throws {
    let candidates = Self.candidates(points.settings, of: pilot.run.point, among: points.count)
    let other = [candidates.first, candidates.last].compactMap(\.self)
      .max { ($0 - pilot.run.point).magnitude < ($1 - pilot.run.point).magnitude }
    let runs = min(Self.most, pilot.seconds > 0 ? Int(min(1e6, Self.seconds / (2 * pilot.seconds))) : Self.most)
    let replications = points.settings.precision?.minimum ?? points.scenario.replications
    guard let other, candidates.count > 1, runs >= Self.fewest, replications > 1 else { return nil }
    let both = [pilot.run.point, other]
    let metrics = try both.map { number in
      let point = points[number]
      return try (1...runs).map { replication in
        try RunReport(simulate(point, replication), of: point.context, devices: false).metrics
      }
    }
    // Only one end of a two-sided test counts here.
    let statements = points.count / candidates.count * SweepChoices.metrics.count
    let level = 2 * SubsetSelection.level(systems: candidates.count, statements: statements)
    let delays = RareDelays(points)
    var power = StudentPower()
    reach = SweepChoices.metrics.compactMap { metric in
      guard let index = Metric.ofRuns.firstIndex(of: metric) else { return nil }
      let pairs = zip(metrics[0], metrics[1]).compactMap { one, other -> (base: Double, new: Double)? in
        one[index].flatMap { base in other[index].map { (base, $0) } }
      }
      let mean = pairs.reduce(0) { $0 + $1.base } / Double(max(1, pairs.count))
      let jump = delays.jump(of: metric)
      guard mean > 0, pairs.count >= Self.fewest, pairs.contains(where: { $0.base != $0.new }),
        let difference = MeanDifference.paired(pairs, resolution: metric.resolution, jump: jump)
      else { return nil }
      let deviation = difference.error * Double(pairs.count).squareRoot()
      let errors = power.detectable(freedom: Double(replications - 1), level: level)
      let unseen = jump.shift(among: replications, spread: difference.range, error: level / 2)
      return Reach(
        metric: metric, share: max(errors * deviation / Double(replications).squareRoot(), unseen) / mean,
        needed: difference.replications(toShow: Self.share * mean, level: level))
    }
    guard !reach.isEmpty else { return nil }
    (self.points, self.runs, self.replications) = (both, runs, replications)
  }

  /// The points with the same values of the environment as a point, including itself, in their order.
  private static func candidates(_ settings: SweepSettings, of point: Int, among count: Int) -> [Int] {
    func environment(_ point: Int) -> [String] {
      settings.values(at: point).filter { ScenarioKeys.isEnvironment($0.name) }.map(\.value)
    }
    guard settings.keys.contains(where: { !ScenarioKeys.isEnvironment($0.name) }) else { return [] }
    let wanted = environment(point)
    return (0..<count).filter { environment($0) == wanted }
  }

  /// What they can show, with a line end after every line.
  package var text: String {
    let list = reach.map { reach in
      let need = reach.needed.map { HumanUnits.grouped(Double($0), decimals: 0) } ?? "more than a billion"
      return [
        reach.metric.short, HumanUnits.roundedPercent(reach.share),
        "\(HumanUnits.roundedPercent(Self.share)) would need \(need)",
      ]
    }
    return
      "\(HumanUnits.plural(replications, "replication")) can tell a point from the best (80 % power, paired; by \(runs) "
      + "replications of points \(points[0]) and \(points[1])) if it is worse by\n" + AlignedTable.text(list)
  }
}
