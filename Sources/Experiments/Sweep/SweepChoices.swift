import RunMetrics
import Quantities
import Results
import Scenarios
import Statistics

/// Where a metric of a sweep is least, as far as its replications can tell, among points that differ in keys that can
/// be chosen.
package struct SweepChoice: Hashable, Sendable {
  /// A point that cannot be told apart from the best.
  package struct Point: Hashable, Sendable {
    /// Its number.
    package let number: Int
    /// The values of the keys that can be chosen.
    package let values: [String]
    /// The metric's mean over the replications that were compared.
    package let mean: Double
    /// The mean number of devices that were left behind over the same; nil if it is not known.
    package let leftBehind: Double?
    /// The mean of the bytes that the server sent over the same; nil if it is not known.
    package let serverBytes: Double?
  }

  /// The metric.
  package let metric: Metric
  /// The values of the keys of the environment, which all of its points share.
  package let environment: [String]
  /// The points that cannot be told apart from the best; with a single replication all of them. The first one is the
  /// choice: the point with the smallest value if one key was to be chosen and its values are numbers, or else the
  /// first of the sweep.
  package let named: [Point]
  /// The point with the least mean; it is among those that are named.
  package let best: Point
  /// Whether the points are in the order of the values, so that they can be printed as a range.
  package let isOrdered: Bool
  /// How many points were compared.
  package let candidates: Int
  /// The points that were not.
  package let leftOut: LeftOutPoints
  /// How many replications were compared; with a single one nothing can be told apart.
  package let replications: Int
  /// The least mean number of devices left behind at any point of the same environment.
  package let fewestLeftBehind: Double?
}

/// Where the metrics of a sweep are least, for each combination of the values of the environment.
///
/// All choices hold together with a confidence of 95 %. They are read together, so each comparison is tested at 5 % ÷
/// the number of comparisons in all choices (``SubsetSelection``).
package struct SweepChoices: Sendable {
  /// The metrics that are compared.
  package static let metrics: [Metric] = [.makespan, .completionP95, .serverBytes]

  /// The varied keys that nobody can choose.
  package let environment: [String]
  /// The varied keys that can be chosen.
  package let keys: [String]
  /// A choice for each combination of the environment and metric; none if there is nothing to choose.
  package private(set) var choices: [SweepChoice] = []
  /// The combinations of the environment's values at which no point can be recommended, and why.
  package private(set) var refused: [(environment: [String], leftOut: LeftOutPoints)] = []
  /// The numbers of the points that are recommended for nothing: see ``PointFitness``.
  package private(set) var unfit: Set<Int> = []
  /// How many points there are.
  private(set) var points = 0
  /// Whether some points differ in nothing but keys that can be chosen.
  private(set) var hasRivals = false

  /// Makes the choices from `runs.csv`.
  ///
  /// - Parameters:
  ///   - keys: the paths of the varied keys.
  ///   - points: the numbers of the points with the values of the keys, in the order of the sweep.
  ///   - delays: how far times may jump in rare replications.
  package init(
    keys: [String], points: [(number: Int, values: [String])], delays: RareDelays, runs: consuming CSVReader
  ) throws(CSVError) {
    let isFixed = keys.map(ScenarioKeys.isEnvironment)
    func pick(_ fixed: Bool, _ values: [String]) -> [String] {
      values.indices.filter { isFixed[$0] == fixed }.map { values[$0] }
    }
    environment = pick(true, keys)
    self.keys = pick(false, keys)
    self.points = points.count
    guard !self.keys.isEmpty else { return }
    let samples = try PointSamples.read(runs, metrics: Self.metrics + PointFitness.metrics)
    var strata: [[String]] = []
    var members: [[String]: [Member]] = [:]
    for point in points {
      guard let sample = samples[point.number] else { continue }
      let stratum = pick(true, point.values)
      if members[stratum] == nil { strata.append(stratum) }
      members[stratum, default: []].append(Member(values: pick(false, point.values), samples: sample))
    }
    var questions: [Question] = []
    for stratum in strata {
      let (ordered, isOrdered) = Self.ordered(members[stratum] ?? [], isSingle: self.keys.count == 1)
      guard ordered.count > 1 else { continue }
      hasRivals = true
      let fitness = PointFitness(ordered.map(\.samples))
      unfit.formUnion(fitness.unfit)
      if fitness.unfit.count == ordered.count { refused.append((stratum, fitness.leftOut)) }
      questions += Self.metrics.compactMap {
        Question($0, at: stratum, among: ordered, isOrdered: isOrdered, fitness: fitness)
      }
    }
    let statements = max(1, questions.count { $0.compared.count > 1 })
    choices = questions.map { $0.answer(delays, statements: statements) }
  }

  /// Those of a share, which say nothing about the whole: none.
  package init(ofShareWithKeys keys: [String]) {
    environment = keys.filter(ScenarioKeys.isEnvironment)
    self.keys = keys.filter { !ScenarioKeys.isEnvironment($0) }
  }

  /// Sorts points by their values, if they have one key and all of its values are numbers.
  private static func ordered(_ members: [Member], isSingle: Bool) -> (points: [Member], isOrdered: Bool) {
    let numbers = members.compactMap { isSingle ? $0.values.first.flatMap { VariedValue($0).number } : nil }
    guard numbers.count == members.count else { return (members, false) }
    let order = members.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    return (order.map { members[$0] }, true)
  }
}

/// A point with its samples.
private struct Member {
  /// The values of the keys that can be chosen.
  let values: [String]
  let samples: PointSamples
}

/// Where a metric is least among some points.
private struct Question {
  let metric: Metric
  let environment: [String]
  let isOrdered: Bool
  /// The replications that all points have.
  let replications: Set<Int>
  /// The points with the metric's values in them.
  let compared: [(member: Member, values: [Double])]
  let leftOut: LeftOutPoints
  let fitness: PointFitness

  /// nil if fewer than two points have values, and not because the others are unfit.
  init?(
    _ metric: Metric, at environment: [String], among members: [Member], isOrdered: Bool, fitness: PointFitness
  ) {
    (self.metric, self.environment, self.isOrdered, self.fitness) = (metric, environment, isOrdered, fitness)
    replications = fitness.replications
    let fit = members.filter { !fitness.unfit.contains($0.samples.point) }
    let common = replications
    compared = fit.compactMap { member in member.samples.values(of: metric, in: common).map { (member, $0) } }
    var leftOut = fitness.leftOut
    leftOut.valueless = fit.count - compared.count
    self.leftOut = leftOut
    guard !compared.isEmpty, compared.count > 1 || leftOut.valueless == 0, !common.isEmpty else { return nil }
  }

  /// The answer, one of this many that must hold at once.
  func answer(_ delays: RareDelays, statements: Int) -> SweepChoice {
    let found = SubsetSelection.least(
      of: compared.map(\.values), resolution: metric.resolution, jump: delays.jump(of: metric),
      statements: statements)
    let points = compared.map { member, values in
      SweepChoice.Point(
        number: member.samples.point, values: member.values, mean: Sample.mean(values) ?? 0,
        leftBehind: fitness.leftBehind[member.samples.point],
        serverBytes: member.samples.values(of: .serverBytes, in: replications).flatMap(Sample.mean))
    }
    let least = points.indices.min { points[$0].mean < points[$1].mean } ?? 0
    return SweepChoice(
      metric: metric, environment: environment,
      named: (found?.kept ?? Array(points.indices)).map { points[$0] }, best: points[least], isOrdered: isOrdered,
      candidates: compared.count, leftOut: leftOut, replications: replications.count,
      fewestLeftBehind: fitness.leftBehind.values.min())
  }
}
