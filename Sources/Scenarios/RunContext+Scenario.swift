import Results

extension RunContext {
  /// The context that the rows of a plain run of a scenario share.
  package init(_ scenario: Scenario) {
    self.init(
      scenario: scenario.name, seed: scenario.seed, devices: scenario.devices,
      cohorts: scenario.network.cohorts.map(\.name), segments: scenario.network.segments.map(\.name),
      cohortSegments: scenario.network.cohorts.map { $0.segment ?? "" }, file: scenario.network.file,
      thresholdBytes: scenario.network.parameters.promotion.threshold,
      strategy: scenario.network.strategy)
  }
}
