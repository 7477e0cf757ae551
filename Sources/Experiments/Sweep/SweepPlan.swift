import Glibc
import Quantities
import Results
import Runs

/// The plan of a sweep: what it will do.
package struct SweepPlan: Sendable {
  /// One run that measures what the others will cost.
  package struct Pilot: Sendable {
    /// The run.
    package let run: RunID
    /// The events that were executed in it.
    package let events: UInt64
    /// How long it took, in seconds.
    package let seconds: Double
    /// The memory of the process before it, in bytes.
    let baseMemory: UInt64
    /// The memory of the run, in bytes.
    package let memory: UInt64

    /// Does the first replication of the point in the middle.
    package init(
      _ points: SweepPoints,
      simulate: (SweepPoint, Int) throws -> RunRecord
    ) throws {
      run = RunID(point: points.count / 2, replication: 1)
      let point = points[run.point]
      baseMemory = Self.peak
      let clock = ContinuousClock()
      let start = clock.now
      let record = try simulate(point, run.replication)
      _ = try RunReport(record, of: point.context)
      seconds = (clock.now - start) / .seconds(1)
      events = record.events
      memory = Self.peak - baseMemory
    }

    /// The most memory that the process has needed so far, in bytes.
    private static var peak: UInt64 {
      var usage = rusage()
      return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? UInt64(usage.ru_maxrss) * 1024 : 0
    }
  }

  /// The most values of a key that are shown.
  private static let mostValues = 6

  private let points: SweepPoints
  private let jobs: Int
  private let share: Share?

  /// The plan of a sweep on this many jobs.
  package init(_ sweep: Sweep) {
    points = sweep.points
    jobs = sweep.jobs
    share = sweep.share
  }

  /// The least and the greatest number of runs.
  package var runs: ClosedRange<Int> {
    if let share {
      let runs = share.count(points: points.count, replications: points.scenario.replications)
      return runs...runs
    }
    let precision = points.settings.precision
    let fixed = points.scenario.replications
    return points.count * (precision?.minimum ?? fixed)...points.count * (precision?.maximum ?? fixed)
  }

  /// The size of the design, with a line end after every line.
  package var text: String {
    let settings = points.settings
    var text = "\(points.scenario.name): \(HumanUnits.plural(points.count, "point")) × \(replications), seed "
    text += "\(points.scenario.seed) at every point\n"
    text += AlignedTable.numbers(
      settings.keys.map { [$0.name, HumanUnits.plural($0.values.count, "value")] }
    ).split(separator: "\n").enumerated().map { index, line in
      line + "  " + Self.shown(settings.keys[index].values) + "\n"
    }
    .joined()
    let share = share.map { "  \($0.words): \(HumanUnits.plural(runs.lowerBound, "run"))\n" } ?? ""
    return text + groups + leftOut + share
  }

  /// Which keys go together.
  private var groups: String {
    let groups = points.settings.groups
    let together = groups.filter { $0.count > 1 }
    guard points.settings.keys.count > 1 else { return "" }
    if together.isEmpty { return "  each value meets each other; the last key changes first\n" }
    if groups.count == 1 { return "  varied together\n" }
    return together.map { "  varied together: \($0.map(\.name).joined(separator: ", "))\n" }.joined()
      + "  each group meets each other; the last one changes first\n"
  }

  /// How many combinations are left out.
  private var leftOut: String {
    let settings = points.settings
    guard !settings.conditions.isEmpty else { return "" }
    let combinations = settings.combinations ?? 0
    let words = settings.conditions.map { "'\($0.text)'" }.joined(separator: " and ")
    return
      "  \(UInt64(combinations - points.count).grouped) of \(HumanUnits.plural(combinations, "combination")) left out by "
      + "\(words)\n"
  }

  /// The expected cost of all runs if they are like the pilot.
  package func expectation(from pilot: Pilot) -> String {
    func total(_ figure: (Double) -> String) -> String {
      runs.lowerBound == runs.upperBound
        ? figure(Double(runs.lowerBound)) : "\(figure(Double(runs.lowerBound))) to \(figure(Double(runs.upperBound)))"
    }
    let rounds = { (runs: Double) in HumanUnits.clock((runs / Double(jobs)).rounded(.up) * pilot.seconds) }
    let memory = Double(pilot.baseMemory) + Double(pilot.memory) * Double(jobs)
    return """
      measured by a pilot (point \(pilot.run.point), replication 1): \(HumanUnits.scaled(Double(pilot.events))) events in \
      \(HumanUnits.text(pilot.seconds, in: HumanUnits.timeScale(of: pilot.seconds)))
      expected, if all runs are like it: \(total { HumanUnits.scaled($0 * Double(pilot.events)) }) events, \
      \(total(rounds)) on \(HumanUnits.plural(jobs, "job")), \
      \(HumanUnits.text(memory, in: HumanUnits.byteScale(of: memory))) of memory

      """
  }

  private var replications: String {
    guard let precision = points.settings.precision else {
      return "\(HumanUnits.plural(points.scenario.replications, "replication")) = "
        + HumanUnits.plural(points.count * points.scenario.replications, "run")
    }
    return
      "\(precision.minimum) to \(precision.maximum) replications (until ±\(HumanUnits.percent(precision.share))) = "
      + "\(HumanUnits.grouped(Double(runs.lowerBound), decimals: 0)) to \(HumanUnits.plural(runs.upperBound, "run"))"
  }

  private static func shown(_ values: [String]) -> String {
    guard values.count > mostValues, let last = values.last else { return values.joined(separator: ", ") }
    return values.prefix(mostValues - 1).joined(separator: ", ") + " … " + last
  }
}
