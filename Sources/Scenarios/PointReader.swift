import Results

/// Makes the scenarios of the points of a sweep: a value for each varied key, in the scenario as results keep it.
///
/// That is its canonical form, which names no file and has its defaults filled in. So a manifest gives the same points as
/// the original file.
package struct PointReader: Sendable {
  private let base: SourceNode
  private let name: String

  /// Makes the points of a scenario.
  package init(_ scenario: Scenario) {
    var plain = scenario
    plain.sweep = nil
    guard let root = try? YAMLSource(file: "scenario", text: plain.canonicalYAML()).root() else {
      preconditionFailure("the canonical form of \(scenario.name) is no YAML")
    }
    (base, name) = (root, scenario.name)
  }

  /// The scenario of a point, without a sweep.
  ///
  /// - Parameter origins: where the values stand, one for each, or one for all.
  /// - Throws: the first error in it.
  package func scenario(_ values: [VariedKey], at origins: [SourceOrigin]) throws(ScenarioDiagnostic) -> Scenario {
    var node = base
    for (index, value) in values.enumerated() {
      try ScenarioOverride(value, origin: origins[min(index, origins.count - 1)]).apply(to: &node)
    }
    let reader = ScenarioReader(file: "scenario") { name throws(ScenarioReader.FileProblem) in
      throw ScenarioReader.FileProblem(message: "cannot be read here: results would depend on more than their scenario")
    }
    if let scenario = reader.scenario(node, defaultName: name) { return scenario }
    guard let error = reader.diagnostics.first(where: { $0.severity == .error }) else {
      preconditionFailure("a scenario without an error was not read")
    }
    throw error
  }
}
