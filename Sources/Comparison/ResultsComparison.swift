import Experiments
import Quantities
import Results

/// The comparison of two directories of results.
package struct ResultsComparison: Sendable {
  /// The outcome.
  package enum Outcome: Sendable {
    /// Nothing that counts got worse; in an exact comparison, nothing differs.
    case passed
    /// Something got worse by more than allowed, or differs.
    case regressed
    /// It cannot be compared.
    case incomparable
    /// There are too few replications to tell, and that counts.
    case inconclusive
  }

  /// What to do with a comparison that has too few replications to tell whether anything got worse.
  package enum Inconclusive: String, CaseIterable, Sendable {
    /// It fails if a metric may have got worse by more than its limit, or by 5 % if it has none.
    case fail
    /// It passes, even if a metric that counts is not tested.
    case pass
  }

  /// The name of the comparison: the scenario.
  package let name: String
  package let base: ResultsFolder
  package let new: ResultsFolder
  /// The path of NEW in commands. Results that do not outlive the comparison are named by what they were made from.
  package let newPath: String
  /// Whether any difference counts.
  package let isExact: Bool
  /// By how much metrics may get worse; nil if any evidence counts.
  package let limits: RegressionLimits?
  /// The metrics that are tested before the others.
  package let primary: PrimaryMetrics?
  /// What to do with too few replications. With nil a metric that is not tested is incomparable, and everything else
  /// passes.
  package let whenInconclusive: Inconclusive?
  /// The comparison byte by byte.
  package let bytes: ByteComparison
  /// The keys with different values in the two scenarios.
  package let settings: [SettingDifference]
  /// The metrics at each point; none if all bytes are the same.
  package private(set) var metrics: [MetricComparison] = []
  /// Whether values are paired by replication. False if a point has two seeds.
  package private(set) var isPaired = true
  /// Further notes.
  package private(set) var notes: [String] = []
  /// Why something cannot be compared, however many replications there are.
  private var obstacles: [String] = []
  /// Metrics that count and have too few values to be tested.
  private(set) var untested: [String] = []
  /// Metrics that count and may have got worse by more than is allowed.
  package private(set) var open: [String] = []

  /// Compares `new` with `base`.
  ///
  /// - Throws: a ``ComparisonError`` or a ``ResultsFolderError`` if either cannot be read, or if they have no runs in
  ///   common.
  package init(
    base: ResultsFolder, new: ResultsFolder, limits: RegressionLimits? = nil, primary: PrimaryMetrics? = nil,
    whenInconclusive: Inconclusive? = nil, isExact: Bool = false, isAcross: Bool = false, newPath: String? = nil
  ) throws {
    (self.base, self.new, self.limits, self.isExact) = (base, new, limits, isExact)
    (self.primary, self.whenInconclusive) = (primary, whenInconclusive)
    self.newPath = newPath ?? new.path
    let (baseScenario, newScenario) = (try base.scenario(), try new.scenario())
    name = newScenario.name
    settings = baseScenario.differences(from: newScenario)
    bytes = try ByteComparison(base, new)
    guard !bytes.isSame else { return }
    if !isAcross, let difference = SharedWorld.difference(baseScenario, newScenario) {
      obstacles.append(difference)
      return
    }
    do {
      if let points = try ComparedPoints.both(base, new), let mismatch = points.base.mismatch(with: points.new) {
        throw ComparisonError(mismatch)
      }
      try compareRuns(
        try RunSamples(base.table(.runs)),
        try RunSamples(new.table(.runs)))
    } catch let error as ComparisonError {
      obstacles.append(error.description)
    } catch {
      throw ComparisonError("\(error)")
    }
  }

  /// Why something cannot be compared.
  package var problems: [String] { obstacles + (whenInconclusive == .pass ? [] : untested) }

  /// The outcome. A regression counts before a comparison that is impossible.
  package var outcome: Outcome {
    if bytes.isSame { return .passed }
    if isExact || metrics.contains(where: { $0.verdict == .regressed }) { return .regressed }
    guard problems.isEmpty else { return .incomparable }
    return whenInconclusive == .fail && !open.isEmpty ? .inconclusive : .passed
  }

  private mutating func compareRuns(_ base: RunSamples, _ new: RunSamples) throws(ComparisonError) {
    let (basePoints, newPoints) = (base.points.map(\.point), new.points.map(\.point))
    guard basePoints == newPoints else {
      let missing = (basePoints + newPoints).first { !(basePoints.contains($0) && newPoints.contains($0)) }
      throw ComparisonError(
        "the points are not the same: "
          + (missing.map { "point \($0) is in \(basePoints.contains($0) ? "BASE" : "NEW") alone" }
            ?? "they come in another order"))
    }
    let unknown = base.metrics.filter { metric in
      (self.base.isLive && base.lacks(metric) && !new.lacks(metric))
        || (self.new.isLive && new.lacks(metric) && !base.lacks(metric))
    }
    if !unknown.isEmpty {
      notes.append("\(unknown.map(\.name).joined(separator: ", ")): not compared, a live run has no such figure")
    }
    let common = base.metrics.filter {
      new.metrics.contains($0) && !unknown.contains($0) && !(failuresDiffer && $0 == .failed)
    }
    if failuresDiffer {
      notes.append("failed_devices is not compared: of format version 1 it counts the devices of left_devices too")
    }
    for metric in base.metrics + new.metrics where !(base.metrics.contains(metric) && new.metrics.contains(metric)) {
      notes.append("\(metric.name) is in \(base.metrics.contains(metric) ? "BASE" : "NEW") alone")
    }
    let delays = delays
    for (one, other) in zip(base.points, new.points) {
      isPaired = isPaired && one.isPaired(with: other)
      note(one, other)
      metrics += common.map {
        MetricComparison($0, one, other, jump: delays.jump(of: $0, countsLate: false), limits: limits)
      }
    }
    for metric in primary?.metrics ?? [] where !common.contains(metric) {
      throw ComparisonError("\(metric.name), which is primary, is not in both")
    }
    metrics.decide(hasLimits: limits != nil, primary: primary?.metrics ?? [])
    findProblems()
  }

  /// The larger ones of the two scenarios and their points.
  private var delays: RareDelays {
    RareDelays(largestOf: [base, new].compactMap { try? $0.rareDelays() })
  }

  /// Whether `failed_devices` has two meanings: devices leave, and only one directory counts them separately.
  private var failuresDiffer: Bool {
    let leaves = (try? base.scenario())?.network.cohorts.contains { $0.leave != .never } ?? false
    return leaves && base.manifest.formatVersion != new.manifest.formatVersion
  }

  private mutating func note(_ base: RunSamples.Point, _ new: RunSamples.Point) {
    let place = base.point == 0 ? "" : " at point \(base.point)"
    if base.seed.isEmpty || new.seed.isEmpty {
      notes.append("live runs have no seed\(place): the runs are independent, and are not paired")
    } else if base.seed != new.seed {
      notes.append(
        "the seeds differ\(place), \(base.seed) and \(new.seed): the runs are independent, and are not paired")
    } else if base.replications != new.replications {
      let count = base.replications.count(where: new.replications.contains)
      notes.append(
        "\(HumanUnits.plural(count, "replication"))\(place) \(count == 1 ? "is" : "are") in both; the others are left out"
      )
    }
    if new.unfinished != base.unfinished {
      obstacles.append(
        "a limit ended \(HumanUnits.plural(new.unfinished, "replication")) of NEW\(place), and \(base.unfinished) of BASE: their figures are "
          + "those of unfinished runs")
    }
  }

  /// A metric that counts and cannot be tested is no reason to pass. Where one side alone has it, more replications are no
  /// remedy, and to lose it in all of them is no better than to lose it in some.
  private mutating func findProblems() {
    let untested = metrics.filter { $0.verdict == .untested && $0.unmatched == 0 && counts($0) }
    if let first = untested.first {
      let (values, place) = (min(first.baseCount, first.newCount), first.point == 0 ? "" : " at point \(first.point)")
      let more = untested.count > 1 ? ", and \(HumanUnits.plural(untested.count - 1, "more metric"))" : ""
      self.untested.append(
        "\(first.metric.name)\(more)\(place) cannot be tested: \(HumanUnits.plural(values, "value")) in common, and "
          + "2 are the least; run more replications, or compare with --exact")
    }
    open = metrics.filter { metric in
      isDecisive(metric) && [.noEvidence, .worse, .changed, .unconfirmed].contains(metric.verdict)
        && metric.pWithinShare.map { $0 > [MetricComparison].limitLevel } ?? false
    }.map { $0.name(withPoint: hasPoints) }
    for metric in metrics where metric.unmatched > 0 && counts(metric) {
      obstacles.append(
        "\(metric.metric.name) has a value in one of BASE and NEW alone in "
          + HumanUnits.plural(metric.unmatched, "replication"))
    }
  }

  /// Whether a metric can make the comparison fail.
  private func counts(_ metric: MetricComparison) -> Bool {
    limits == nil ? metric.metric.direction != .neutral : metric.allowed != nil
  }

  /// Whether a metric must be known for the comparison to be conclusive.
  func isDecisive(_ metric: MetricComparison) -> Bool {
    primary.map { $0.metrics.contains(metric.metric) } ?? counts(metric)
  }
}
