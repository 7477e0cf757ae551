import PromotionRun
import Results
import Scenarios
import Runs

/// What a tuning chooses from, and in which environments.
///
/// A candidate is a network and a threshold. Candidates that differ only in the threshold share a network, and the
/// common part of their runs is run once (``ThresholdTree``).
package struct TuningDesign: Sendable {
  /// What can be chosen.
  package struct Candidate: Hashable, Sendable {
    /// The network, by its index. Its own threshold is not used.
    package var network: Int
    /// In bytes.
    package var threshold: UInt64
    /// The varied keys with their values; none if only thresholds are compared.
    var values: [VariedKey] = []
  }

  /// One value of each key that nobody can choose.
  package struct Environment: Sendable {
    /// These keys; none if none were given.
    package var values: [VariedKey]
    /// The networks of the candidates, with what their rows have in common.
    package var networks: [(configuration: SimulationConfiguration, context: RunContext)]
  }

  static let thresholdKey = "protocol.promotion.threshold"

  package let environments: [Environment]
  /// The candidates in their order: thresholds ascending, points by number.
  package private(set) var candidates: [Candidate]
  /// How many thresholds are no candidates because runs are long.
  package private(set) var leftOut = 0

  /// The design of a scenario.
  ///
  /// - Parameters:
  ///   - scenario: With a sweep, its points are the candidates.
  ///   - thresholds: The candidates if there is no sweep. Those that occur are added later by ``compare(thresholds:)``.
  ///   - environment: A sweep over keys that nobody can choose.
  init(_ scenario: Scenario, thresholds: CandidateChoice, environment: SweepPoints?) throws(TuneError) {
    try Self.check(environment, against: scenario)
    var candidates: [Candidate] = []
    let worlds: [(values: [VariedKey], scenario: Scenario)] =
      environment.map { points in
        (0..<points.count).map { number in
          var world = points.scenario(at: number)
          world.sweep = scenario.sweep
          return (points.settings.values(at: number), world)
        }
      } ?? [([], scenario)]
    environments = try worlds.map { (values, scenario) throws(TuneError) in
      guard let points = SweepPoints(scenario) else {
        return Environment(values: values, networks: [(Self.quiet(scenario.network), RunContext(scenario))])
      }
      if !values.isEmpty { try Self.check(points, in: values) }
      let design = Self.points(points)
      candidates = design.candidates
      return Environment(values: values, networks: design.networks)
    }
    self.candidates = candidates
    if scenario.sweep == nil, !worlds.contains(where: { $0.scenario.network.strategy.promotes }) {
      throw .noThreshold(strategy: scenario.network.strategy.rawValue)
    }
    if scenario.sweep != nil { guard candidates.count > 1 else { throw .oneCandidate } }
    if candidates.isEmpty, case .listed(let thresholds) = thresholds { compare(thresholds: thresholds) }
  }

  /// Refuses an environment of what is chosen.
  private static func check(_ environment: SweepPoints?, against scenario: Scenario) throws(TuneError) {
    let chosen = scenario.sweep?.keys.map(\.name) ?? [thresholdKey]
    let cohorts = scenario.network.network.cohorts.map(\.name)
    let conditions = scenario.sweep?.conditions ?? []
    for key in environment?.settings.keys.map(\.name) ?? [] {
      let deciding = conditions.first { $0.keys.contains { ScenarioOverride.overlap($0, key, cohorts: cohorts) } }
      if let deciding { throw .environmentInCondition(key: key, condition: deciding.text) }
      guard let choice = chosen.first(where: { ScenarioOverride.overlap($0, key, cohorts: cohorts) }) else { continue }
      throw choice == key && scenario.sweep != nil
        ? .bothChoiceAndEnvironment(key: key) : .environmentOfChoice(key: key, chosen: choice)
    }
  }

  /// Refuses points that cannot be run in an environment, though each of both can be run alone.
  private static func check(_ points: SweepPoints, in environment: [VariedKey]) throws(TuneError) {
    for number in 0..<points.count {
      do throws(ScenarioDiagnostic) { _ = try points.read(number) } catch {
        let values = (environment + points.settings.values(at: number)).map { "\($0.name)=\($0.value)" }
        let hint = error.suggestion.map { "; did you mean '\($0)'?" } ?? ""
        throw .brokenPoint(
          values: values.joined(separator: ", "), problem: "\(error.path): \(error.message)\(hint)")
      }
    }
  }

  /// The size of the largest file in any environment. A larger threshold promotes every device.
  var largestFile: UInt64 { environments.flatMap { $0.networks.map(\.configuration.file.size) }.max() ?? 0 }

  /// Sets thresholds as the candidates, chosen among so many.
  mutating func compare(thresholds: [UInt64], among all: Int? = nil) {
    candidates = thresholds.map { Candidate(network: 0, threshold: $0) }
    leftOut = all.map { $0 - thresholds.count } ?? 0
  }

  /// A tuning needs no timeline.
  private static func quiet(_ network: SimulationConfiguration) -> SimulationConfiguration {
    var network = network
    network.timelineStep = nil
    return network
  }

  /// The points of a design. Those that differ only in the threshold have one network.
  private static func points(
    _ points: SweepPoints
  ) -> (candidates: [Candidate], networks: [(SimulationConfiguration, RunContext)]) {
    var networks: [(SimulationConfiguration, RunContext)] = []
    var known: [[VariedKey]: Int] = [:]
    let candidates = (0..<points.count).map { number in
      let (point, values) = (points[number], points.settings.values(at: number))
      let others = values.filter { $0.name != thresholdKey }
      let index = known[others] ?? networks.count
      if index == networks.count {
        known[others] = index
        networks.append((quiet(point.network), point.context))
      }
      return Candidate(network: index, threshold: point.network.parameters.promotion.threshold, values: values)
    }
    return (candidates, networks)
  }
}
