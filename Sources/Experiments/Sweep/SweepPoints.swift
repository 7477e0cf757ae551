import Results
import Scenarios
import Runs

/// A point of a sweep: a scenario in which each varied key has one value.
package struct SweepPoint: Sendable {
  /// What the rows of the point have in common.
  package let context: RunContext
  /// The network as it is at this point.
  package let network: SimulationConfiguration
}

/// The points of a sweep, numbered from 0. Each is made on demand.
///
/// They are made from the canonical form of the scenario, so a manifest gives the same points as the original file.
package struct SweepPoints: Sendable {
  /// The scenario as it was read, with its sweep.
  package let scenario: Scenario
  /// What is varied.
  package let settings: SweepSettings
  /// How many points there are.
  package let count: Int
  /// The scenario in its canonical form; nil for a plain run, whose point is the scenario.
  private let root: SourceNode?

  /// The one point of a plain run.
  package init(single scenario: Scenario) {
    var plain = scenario
    plain.sweep = nil
    self.scenario = plain
    settings = SweepSettings(groups: [])
    count = 1
    root = nil
  }

  /// The points of a scenario that was run, for a sweep or a plain run.
  package init(of scenario: Scenario) { self = SweepPoints(scenario) ?? SweepPoints(single: scenario) }

  /// Whether it is a plain run.
  package var isSingle: Bool { root == nil }

  /// The points of a scenario; nil if it has no sweep.
  package init?(_ scenario: Scenario) {
    guard let settings = scenario.sweep, let count = settings.points else { return nil }
    self.scenario = scenario
    self.settings = settings
    self.count = count
    var base = scenario
    base.sweep = nil
    guard let root = try? YAMLSource(file: "scenario", text: base.canonicalYAML()).root() else {
      preconditionFailure("the canonical form of \(scenario.name) is no YAML")
    }
    self.root = root
  }

  /// A point by its number.
  package subscript(_ number: Int) -> SweepPoint {
    guard root != nil else { return SweepPoint(context: RunContext(scenario), network: scenario.network) }
    let scenario = scenario(at: number)
    var context = RunContext(scenario)
    context.point = number
    context.varied = settings.values(at: number)
    return SweepPoint(context: context, network: scenario.network)
  }

  /// The scenario of a point, without a sweep.
  package func scenario(at number: Int) -> Scenario {
    guard let root else { return scenario }
    let values = settings.values(at: number)
    do {
      var node = root
      for value in values {
        try ScenarioOverride(value, origin: SourceOrigin(file: "point \(number)")).apply(to: &node)
      }
      let reader = ScenarioReader(file: "scenario") { name throws(ScenarioReader.FileProblem) in
        throw ScenarioReader.FileProblem(message: "is named by a point of a sweep")
      }
      guard let scenario = reader.scenario(node, defaultName: self.scenario.name) else {
        throw ScenarioError(diagnostics: reader.diagnostics)
      }
      return scenario
    } catch {
      // Reading the scenario has checked every point.
      preconditionFailure("point \(number), \(values): \(error)")
    }
  }

  /// The arguments that replace the scenario's values by those of a point.
  package static func arguments(_ values: [VariedKey]) -> [String] {
    values.flatMap { ["--set", "\($0.name)=\($0.value)"] }
  }
}
