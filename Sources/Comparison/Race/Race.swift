import Experiments
import RunMetrics
import Quantities
import Results
import Runs
import Statistics

/// Strategies beside each other in one scenario, on common random numbers: the points of a sweep over
/// `protocol.strategy`, as `runs.csv` has them.
///
/// A strategy may leave as many devices behind, on average, as the fittest does, and a tenth of a percent of all devices
/// more, as in a tuning. Who leaves more behind, or has no value of the objective, is not judged. Each two of the others
/// are compared by Student's *t* of their paired differences. The intervals of all pairs hold together with the required
/// confidence (Bonferroni), so they may be read in any order, against the best or against any other.
package struct Race: Sendable {
  /// The key that a race varies.
  package static let key = "protocol.strategy"

  /// What is asked.
  package struct Question: Sendable {
    /// What is made small.
    package var objective: Objective
    /// The probability with which all intervals are right.
    package var confidence = 0.95
    /// The difference that does not matter.
    package var indifference = Indifference.share(0.01)

    /// Asks for the least of an objective.
    package init(_ objective: Objective) { self.objective = objective }

    /// A value of the objective for people: a time or bytes with their unit, anything else as a number.
    package func text(_ value: Double) -> String {
      let hasUnit = [.seconds, .bytes].contains(objective.expression.loneMetric?.unit)
      return hasUnit ? objective.expression.text(value) : MetricComparison.short(value)
    }
  }

  /// What became of a strategy.
  package enum Standing: String, Hashable, Sendable {
    /// It has the least mean.
    case best
    /// It is as good as the best: the interval of the difference is within what does not matter.
    case asGood = "as good as the best"
    /// It may be as good as the best, or worse, or better.
    case open = "not told apart"
    /// Another one is better, beyond chance.
    case worse
    /// It leaves more devices behind than it may.
    case unfit = "leaves devices behind"
    /// The objective has no value in some replication.
    case noValue = "no value"

    /// Whether it is compared at all.
    package var isJudged: Bool { self != .unfit && self != .noValue }
  }

  /// A strategy.
  package struct Entrant: Sendable {
    /// Its name in scenarios.
    package let name: String
    /// Its point of the sweep.
    package let point: Int
    /// The mean number of devices that never got the whole file and were not switched off by the scenario; at least one in
    /// a run that a limit ended.
    package let leftBehind: Double
    /// The same in each replication, by the number of the replication.
    fileprivate let behind: [Int: Double]
    /// Whether it leaves more devices behind than it may, beyond chance.
    package fileprivate(set) var isSurelyUnfit = false
    /// How many of its runs a limit ended.
    package let limited: Int
    /// The objective in each replication that all strategies have; nil if it has no value in one.
    package let values: [Double]?
    /// By how much the objective of a run would change at most if a time were later by a timeout, or by what follows where
    /// anything was lost.
    fileprivate let (jump, loss): (Double, Double)
    /// Its standing.
    package fileprivate(set) var standing = Standing.open
    private let samples: RunSamples.Point

    init(
      _ samples: RunSamples.Point, name: String, devices: Int, delays: RareDelays, objective: Objective,
      common: Set<Int>
    ) {
      (self.name, self.samples, point) = (name, samples, samples.point)
      limited = samples.unfinished
      func value(_ metric: Metric, _ run: Int) -> Double? { samples.values[metric]?[run] }
      let behind = samples.replications.indices.map { run -> Double in
        let served = (value(.completed, run) ?? 0) + (value(.left, run) ?? 0)
        return max(Double(devices) - served, samples.isLimited[run] ? 1 : 0)
      }
      leftBehind = Sample.mean(behind) ?? 0
      self.behind = Dictionary(zip(samples.replications, behind)) { first, _ in first }
      let runs = samples.replications.indices.filter { common.contains(samples.replications[$0]) }
        .sorted { samples.replications[$0] < samples.replications[$1] }
      let known = runs.compactMap { run in objective.expression.value { value($0, run) } }
      values = known.count == runs.count && !known.isEmpty ? known : nil
      func change(byLater seconds: Double, more bytes: Double = 0) -> Double {
        runs.map { run in objective.expression.change(byLater: seconds, more: bytes) { value($0, run) } }.max() ?? 0
      }
      jump = change(byLater: delays.timeout)
      loss = change(byLater: delays.lossTime, more: delays.lossBytes)
    }

    /// The mean of the objective; nil if it has no value in some replication.
    package var mean: Double? { values.flatMap(Sample.mean) }

    /// The mean number of devices that the scenario switched off before they had the file.
    package var switchedOff: Double { statistics(of: .left).mean ?? 0 }

    /// A metric over its replications.
    package func statistics(of metric: Metric) -> SampleStatistics {
      SampleStatistics((samples.values[metric] ?? []).compactMap(\.self))
    }
  }

  /// The question.
  package let question: Question
  /// The scenario's name, and the number of its devices.
  package let (scenario, devices): (String, Int)
  /// The strategies: those that are judged by their means, the least first, and then the others.
  package private(set) var entrants: [Entrant]
  /// How many replications all of them have.
  package let replications: Int
  /// How many pairs are compared.
  package let pairs: Int
  /// The difference that does not matter, in the objective's unit.
  package let indifference: Double
  private let resolution: Double
  /// How far the objective may jump in rare replications, in its unit.
  private let jump: RareJump

  /// Reads a sweep over `protocol.strategy`.
  ///
  /// - Parameters:
  ///   - runs: its `runs.csv`.
  ///   - delays: what rare losses cost in its scenario.
  package init(_ runs: CSVTable, delays: RareDelays, asking question: Question) throws(CSVError) {
    guard !runs.rows.isEmpty else { throw CSVError(path: runs.path, line: 2, "there is no row") }
    let samples = try RunSamples(runs)
    let (point, strategy) = (try runs.column("point"), try runs.column(Self.key))
    let (scenario, devices) = (try runs.column("scenario"), try runs.column("devices"))
    var names: [Int: String] = [:]
    for row in runs.rows { names[Int(row[point]) ?? -1] = row[strategy] }
    self.question = question
    self.scenario = runs.rows.first?[scenario] ?? ""
    self.devices = runs.rows.first.flatMap { Int($0[devices]) } ?? 0
    let common = samples.points.dropFirst().reduce(Set(samples.points.first?.replications ?? [])) {
      $0.intersection($1.replications)
    }
    replications = common.count
    var entrants = samples.points.map { [devices = self.devices] point in
      Entrant(
        point, name: names[point.point] ?? "", devices: devices, delays: delays, objective: question.objective,
        common: common)
    }
    let (fittest, allowed) = (entrants.min { $0.leftBehind < $1.leftBehind }, Tuner.allowance(self.devices))
    for index in entrants.indices {
      if let fittest, entrants[index].leftBehind > fittest.leftBehind + allowed {
        entrants[index].standing = .unfit
        let more = common.sorted().map { (entrants[index].behind[$0] ?? 0) - (fittest.behind[$0] ?? 0) }
        entrants[index].isSurelyUnfit =
          entrants[index].limited > 0 || Sample.isAbove(allowed, more, error: 1 - question.confidence)
      } else if entrants[index].values == nil {
        entrants[index].standing = .noValue
      }
    }
    let judged = entrants.indices.filter { entrants[$0].standing.isJudged }
    pairs = judged.count * max(0, judged.count - 1) / 2
    indifference = question.indifference.value(best: judged.compactMap { entrants[$0].mean }.min() ?? 0)
    let largest = judged.flatMap { entrants[$0].values ?? [] }.map(\.magnitude).max() ?? 0
    resolution =
      question.objective.expression.loneMetric.flatMap { metric in
        samples.points.compactMap { $0.resolutions[metric] }.min()
      } ?? largest * 1e-12
    jump = RareJump(
      size: judged.map { entrants[$0].jump }.max() ?? 0,
      loss: RareJump.Known(size: judged.map { entrants[$0].loss }.max() ?? 0, share: delays.shares.loss),
      lossFree: delays.shares.lossFree)
    self.entrants = entrants
    judge(judged)
  }

  /// Decides the standings, and sorts the strategies.
  private mutating func judge(_ judged: [Int]) {
    guard let best = judged.min(by: { (entrants[$0].mean ?? 0, $0) < (entrants[$1].mean ?? 0, $1) }) else { return }
    for index in judged {
      let isBeaten = judged.contains { relation(of: entrants[$0], to: entrants[index]) == .better }
      let isSame = relation(of: entrants[best], to: entrants[index]) == .same
      entrants[index].standing = index == best ? .best : isBeaten ? .worse : isSame ? .asGood : .open
    }
    let order = judged.sorted { (entrants[$0].mean ?? 0, $0) < (entrants[$1].mean ?? 0, $1) }
    let others = entrants.indices.filter { !entrants[$0].standing.isJudged }
    entrants = (order + others).map { entrants[$0] }
  }
}

// MARK: - Two strategies

extension Race {
  /// What is known of one strategy beside another.
  package enum Relation: String, Hashable, Sendable {
    /// It has less of the objective, beyond chance, and by more than what does not matter, as far as is known.
    case better
    case worse
    /// The difference does not matter.
    case same
    /// It cannot be told.
    case open
  }

  /// The level of each interval.
  var level: Double { (1 - question.confidence) / Double(max(1, pairs)) }

  /// The objective of `entrant` less that of `other`, both judged, with the interval that holds together with those of all
  /// other pairs. The interval is nil for one replication.
  package func difference(of entrant: Entrant, to other: Entrant) -> (mean: Double, interval: ClosedRange<Double>?)? {
    guard let mean = entrant.mean, let otherMean = other.mean else { return nil }
    return (mean - otherMean, paired(entrant, other)?.interval(level: level))
  }

  /// The same interval as people read it: no metric is negative, so no strategy has less than `other` by more than all
  /// that has, whatever Student's *t* thinks.
  package func possibleInterval(of entrant: Entrant, to other: Entrant) -> ClosedRange<Double>? {
    guard let interval = difference(of: entrant, to: other)?.interval else { return nil }
    guard question.objective.expression.loneMetric != nil, let all = other.mean else { return interval }
    return max(interval.lowerBound, min(-all, interval.upperBound))...interval.upperBound
  }

  /// The differences of each two strategies that are judged.
  package var differences: [(entrant: Entrant, other: Entrant, mean: Double, interval: ClosedRange<Double>?)] {
    let judged = entrants.filter(\.standing.isJudged)
    return judged.enumerated().flatMap { index, entrant in
      judged[(index + 1)...].compactMap { other in
        difference(of: entrant, to: other).map { (entrant, other, $0.mean, $0.interval) }
      }
    }
  }

  private func paired(_ entrant: Entrant, _ other: Entrant) -> MeanDifference? {
    guard let values = entrant.values, let others = other.values else { return nil }
    return .paired(zip(others, values).map { (base: $0, new: $1) }, resolution: resolution, jump: jump)
  }

  /// What is known of `entrant` beside `other`.
  package func relation(of entrant: Entrant, to other: Entrant) -> Relation {
    guard entrant.standing.isJudged, other.standing.isJudged,
      let interval = difference(of: entrant, to: other)?.interval
    else { return .open }
    if interval.lowerBound >= -indifference, interval.upperBound <= indifference { return .same }
    return interval.upperBound < 0 ? .better : interval.lowerBound > 0 ? .worse : .open
  }

  /// About how many replications would tell two strategies apart, or show that the difference does not matter; nil if
  /// more than a billion.
  package func replicationsNeeded(_ entrant: Entrant, _ other: Entrant) -> Int? {
    guard let paired = paired(entrant, other), paired.error > 0 else { return nil }
    let wanted = max(paired.difference.magnitude, indifference - paired.difference.magnitude)
    return paired.replications(toShow: wanted, level: level)
  }

  /// The strategies that are judged and that no other one beats in both the makespan and what the server sends.
  package var front: [Entrant] {
    let known = entrants.filter(\.standing.isJudged).compactMap { entrant in
      entrant.statistics(of: .makespan).mean.flatMap { time in
        entrant.statistics(of: .serverBytes).mean.map { (entrant: entrant, time: time, bytes: $0) }
      }
    }
    return known.filter { one in
      !known.contains {
        $0.time <= one.time && $0.bytes <= one.bytes && ($0.time < one.time || $0.bytes < one.bytes)
      }
    }.map(\.entrant)
  }
}

extension ResultsFolder {
  /// Whether it is a sweep over the strategies alone.
  package var isRace: Bool { manifest.sweep?.varied == [Race.key] && entry(of: .runs) != nil }

  /// The race in it.
  package func race(_ question: Race.Question) throws -> Race {
    try Race(table(.runs), delays: rareDelays(), asking: question)
  }
}
