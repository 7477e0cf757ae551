import Results
import Scenarios

/// What the runs of an experiment depend on: the program's version, whether devices have rows, and of the scenario
/// ``Scenarios/Scenario/determiningRuns``, without its number of replications.
///
/// Runs of equal designs are the same runs, with the same rows. So a sweep may keep the runs of another one.
package struct SweepDesign: Hashable, Sendable {
  /// One text for each design.
  let text: String
  /// The scenario's name.
  let scenarioName: String

  /// The design of a scenario, as a version of the program runs it.
  init(_ scenario: Scenario, devices: Bool = true, programVersion: String = Program.version) {
    scenarioName = scenario.name
    var scenario = scenario.determiningRuns
    scenario.replications = 1
    scenario.sweep?.precision = nil
    text =
      "gapsim \(programVersion)\n\(ResultFile.devices.rawValue): \(devices ? "written" : "left out")\n"
      + scenario.canonicalYAML()
  }
}
