import PromotionRun
import Results
import Scenarios

/// What a tuning chooses among, and the environments in which it does.
///
/// A candidate is a network and a threshold. Candidates that differ in the threshold alone share a network, and what their runs
/// have in common is run once (``ThresholdTree``).
package struct TuningDesign: Sendable {
  /// What can be chosen.
  package struct Candidate: Hashable, Sendable {
    /// The network, by its index; its threshold is not looked at.
    package var network: Int
    /// In bytes.
    package var threshold: UInt64
    /// The varied keys with their values; none where thresholds alone are compared.
    var values: [VariedKey] = []
  }

  /// One value of each key that nobody can choose.
  package struct Environment: Sendable {
    /// Those keys; none if nothing was said of them.
    package var values: [VariedKey]
    /// The networks of the candidates, with what their rows have in common.
    package var networks: [(configuration: SimulationConfiguration, context: RunContext)]
  }

  static let thresholdKey = "protocol.promotion.threshold"

  package let environments: [Environment]
  /// In their order: thresholds ascending, points by number.
  package private(set) var candidates: [Candidate]

  /// The design of a scenario.
  ///
  /// - Parameters:
  ///   - scenario: With a sweep, its points are the candidates.
  ///   - thresholds: Candidates where there is no sweep; those that occur come later, by ``compare(thresholds:)``.
  ///   - environment: A sweep over keys that nobody can choose.
  init(_ scenario: Scenario, thresholds: CandidateChoice, environment: SweepPoints?) throws(TuneError) {
    let chosen = Set(scenario.sweep?.keys.map(\.name) ?? [])
    if let key = environment?.settings.keys.map(\.name).first(where: chosen.contains) {
      throw .bothChoiceAndEnvironment(key: key)
    }
    var candidates: [Candidate] = []
    let worlds: [(values: [VariedKey], scenario: Scenario)] =
      environment.map { points in
        (0..<points.count).map { number in
          var world = points.scenario(at: number)
          world.sweep = scenario.sweep
          return (points.settings.values(at: number), world)
        }
      } ?? [([], scenario)]
    environments = worlds.map { values, scenario in
      guard let points = SweepPoints(scenario) else {
        return Environment(values: values, networks: [(Self.quiet(scenario.network), RunContext(scenario))])
      }
      let design = Self.points(points)
      candidates = design.candidates
      return Environment(values: values, networks: design.networks)
    }
    self.candidates = candidates
    if scenario.sweep != nil { guard candidates.count > 1 else { throw .oneCandidate } }
    if candidates.isEmpty, case .listed(let thresholds) = thresholds { compare(thresholds: thresholds) }
  }

  /// The size of the largest file in any environment: a larger threshold promotes everybody.
  var largestFile: UInt64 { environments.flatMap { $0.networks.map(\.configuration.file.size) }.max() ?? 0 }

  /// Makes thresholds the candidates.
  mutating func compare(thresholds: [UInt64]) {
    candidates = thresholds.map { Candidate(network: 0, threshold: $0) }
  }

  /// Nobody looks at a timeline.
  private static func quiet(_ network: SimulationConfiguration) -> SimulationConfiguration {
    var network = network
    network.timelineStep = nil
    return network
  }

  /// The points of a design; those that differ in the threshold alone have one network.
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
