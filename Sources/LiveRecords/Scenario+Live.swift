import BlockTransfer
import Network
import PromotionEngine
import Runs
import Scenarios
import Timebase

extension Scenario {
  /// The scenario of a record: the protocol that ran, the file that was sent, and what was assumed of the network.
  ///
  /// - Parameters:
  ///   - base: the scenario that the server was started with; nil for a network of which nothing is assumed.
  ///   - name: what the results are called if there is no such scenario.
  ///   - rate: what the server sends at most, in bits per second; nil leaves what the scenario says.
  package static func live(
    _ base: Scenario?, name: String, parameters: ProtocolParameters, file: FileLayout, rate: UInt64? = nil
  ) -> Scenario {
    var scenario =
      base
      ?? Scenario(
        name: name,
        network: SimulationConfiguration(
          parameters: parameters, file: file, cohorts: [Cohort(name: "devices", count: 1)]))
    scenario.network.parameters = parameters
    scenario.network.file = file
    scenario.replications = 1
    scenario.sweep = nil
    if let rate { scenario.network.uplinkBitsPerSecond = rate }
    return scenario
  }

  /// The scenario with as many devices as there were: those of its cohorts if these are as many, or else a cohort of all.
  func with(devices: Int) -> Scenario {
    guard devices != self.devices else { return self }
    var scenario = self
    scenario.network.cohorts = [Cohort(name: "devices", count: max(1, devices))]
    scenario.network.segments = []
    return scenario
  }

  /// Reads the canonical text of a record.
  ///
  /// - Throws: ``LiveRecordsError/scenario(_:)``
  static func ofRecord(_ text: String) throws(LiveRecordsError) -> Scenario {
    do { return try Scenario.parse(text: text, file: "record").scenario } catch { throw .scenario("\(error)") }
  }
}
