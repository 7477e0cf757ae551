/// What the runs of a sweep depend on: the program's version, the scenario without the number of replications, and whether
/// devices have rows.
///
/// Runs of equal designs are the same runs, with the same rows; so a sweep may take over what another one has done.
struct SweepDesign: Hashable, Sendable {
  /// One text for each design.
  let text: String
  /// The scenario's name.
  let scenarioName: String

  /// The design of a scenario, as a version of the program runs it.
  init(_ scenario: Scenario, devices: Bool = true, programVersion: String = Program.version) {
    scenarioName = scenario.name
    var scenario = scenario
    scenario.replications = 1
    scenario.sweep?.precision = nil
    text =
      "gapsim \(programVersion)\n\(ResultFile.devices.rawValue): \(devices ? "written" : "left out")\n"
      + scenario.canonicalYAML()
  }
}
