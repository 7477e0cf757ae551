import FoundationEssentials
import Network
import PromotionRun
import Quantities
import Results
import Scenarios
import Timebase
import Runs

/// What `gapsim explain` says of a run: which devices were the slowest, and which failed.
package struct ExplainedRun: Sendable {
  private static let slowestShown = 3
  private static let failedShown = 10

  /// How many devices are complete, failed, were switched off, and are none of these.
  private var complete = 0, failed = 0, left = 0, unfinished = 0
  /// The last devices, the last one first.
  private(set) var slowest: [ExplainedDevice] = []
  /// The first devices that failed.
  private(set) var failures: [ExplainedDevice] = []
  private let scenario: Scenario
  private let replication: Int

  /// Runs a replication, and then again to follow those whom it names.
  ///
  /// - Throws: an `InvariantBreach` when the run contradicts itself.
  package init(
    of scenario: Scenario, replication: Int, delivery: Delivery = .byRuns
  ) throws(InvariantBreach) {
    var configuration = scenario.network
    configuration.timelineStep = nil
    var simulation = Simulation(configuration, seed: scenario.seed, replication: replication, delivery: delivery)
    try self.init(of: scenario, replication: replication, record: simulation.run(), delivery: delivery)
  }

  /// Runs a replication of which there is a record, to follow those whom it names.
  ///
  /// - Throws: an `InvariantBreach` when the run contradicts itself.
  init(
    of scenario: Scenario, replication: Int, record: RunRecord, delivery: Delivery = .byRuns
  ) throws(InvariantBreach) {
    self.scenario = scenario
    self.replication = replication
    var last: [(time: Nanoseconds, device: UInt32)] = []
    var broken: [UInt32] = []
    for device in record.devices {
      let number = UInt32(device.device)
      if let completed = device.completed {
        complete += 1
        last.append((completed, number))
        guard last.count > Self.slowestShown else { continue }
        last.sort { ($1.time, $0.device) < ($0.time, $1.device) }
        last.removeLast()
      } else if device.left {
        left += 1
      } else if device.roles.last == .failed {
        failed += 1
        if broken.count < Self.failedShown { broken.append(number) }
      } else {
        unfinished += 1
      }
    }
    last.sort { ($1.time, $0.device) < ($0.time, $1.device) }
    let stories = try DeviceStory.stories(
      of: last.map(\.device) + broken, in: scenario.network, seed: scenario.seed, replication: replication,
      delivery: delivery
    ).map { ExplainedDevice($0, in: scenario, replication: replication) }
    slowest = Array(stories.prefix(last.count))
    failures = Array(stories.dropFirst(last.count))
  }

  /// The lines for a person.
  package var text: String {
    let counts = [(failed, "failed"), (left, "switched off"), (unfinished, "not at their end")]
    let others = counts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    var text = "\(scenario.name), seed \(scenario.seed), replication \(replication): "
    text += "\(complete) of \(HumanUnits.plural(scenario.devices, "device")) complete\(others)\n"
    if !slowest.isEmpty { text += "the slowest\n" + slowest.map { "  \($0.line)\n" }.joined() }
    if !failures.isEmpty { text += "failed\n" + failures.map { "  \($0.line)\n" }.joined() }
    if failed > failures.count { text += "  and \(failed - failures.count) more\n" }
    return text
  }

  /// The same for programs, with the whole stories.
  package var json: String {
    get throws {
      let report = Report(
        scenario: scenario.name, seed: scenario.seed, replication: replication, devices: scenario.devices,
        complete_devices: complete, failed_devices: failed, left_devices: left, unfinished_devices: unfinished,
        slowest: slowest.map(StoryReport.init), failed: failures.map(StoryReport.init))
      return String(decoding: try JSONEncoder.results.encode(report), as: UTF8.self) + "\n"
    }
  }

  /// The names are the keys.
  private struct Report: Encodable {
    let scenario: String
    let seed: UInt64
    let replication: Int
    let devices: Int
    let complete_devices: Int
    let failed_devices: Int
    let left_devices: Int
    let unfinished_devices: Int
    let slowest: [StoryReport]
    let failed: [StoryReport]
  }
}
