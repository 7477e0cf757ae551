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

/// The points of a sweep, numbered from 0. Each is made on demand, by ``PointReader``.
package struct SweepPoints: Sendable {
  /// The scenario as it was read, with its sweep.
  package let scenario: Scenario
  /// What is varied.
  package let settings: SweepSettings
  /// How many points there are.
  package let count: Int
  /// Nil for a plain run, whose point is the scenario.
  private let reader: PointReader?

  /// The one point of a plain run.
  package init(single scenario: Scenario) {
    var plain = scenario
    plain.sweep = nil
    self.scenario = plain
    settings = SweepSettings(groups: [])
    count = 1
    reader = nil
  }

  /// The points of a scenario that was run, for a sweep or a plain run.
  package init(of scenario: Scenario) { self = SweepPoints(scenario) ?? SweepPoints(single: scenario) }

  /// Whether it is a plain run.
  package var isSingle: Bool { reader == nil }

  /// The points of a scenario; nil if it has no sweep.
  package init?(_ scenario: Scenario) {
    guard let settings = scenario.sweep, let count = settings.points else { return nil }
    self.scenario = scenario
    self.settings = settings
    self.count = count
    reader = PointReader(scenario)
  }

  /// A point by its number.
  package subscript(_ number: Int) -> SweepPoint {
    guard reader != nil else { return SweepPoint(context: RunContext(scenario), network: scenario.network) }
    let scenario = scenario(at: number)
    var context = RunContext(scenario)
    context.point = number
    context.varied = settings.values(at: number)
    return SweepPoint(context: context, network: scenario.network)
  }

  /// The scenario of a point, without a sweep.
  package func scenario(at number: Int) -> Scenario {
    do { return try read(number) } catch {
      // Reading the scenario has checked every point.
      preconditionFailure("point \(number), \(settings.values(at: number)): \(error)")
    }
  }

  /// The same of a scenario that was made and not read, whose points nobody has checked.
  ///
  /// - Throws: what is wrong with the point.
  func read(_ number: Int) throws(ScenarioDiagnostic) -> Scenario {
    guard let reader else { return scenario }
    return try reader.scenario(settings.values(at: number), at: [SourceOrigin(file: "point \(number)")])
  }

  /// The arguments that replace the scenario's values by those of a point.
  package static func arguments(_ values: [VariedKey]) -> [String] {
    values.flatMap { ["--set", "\($0.name)=\($0.value)"] }
  }
}
