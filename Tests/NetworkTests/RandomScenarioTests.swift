import Foundation
import PromotionRun
import Runs
import Testing

/// How many random scenarios are run: 100, or what the environment variable `GAPSIM_RANDOM_SCENARIOS` says.
private let scenarios =
  ProcessInfo.processInfo.environment["GAPSIM_RANDOM_SCENARIOS"].flatMap(UInt64.init) ?? 100

/// The first seed: 1, or what `GAPSIM_RANDOM_SCENARIOS_FROM` says.
private let firstSeed =
  ProcessInfo.processInfo.environment["GAPSIM_RANDOM_SCENARIOS_FROM"].flatMap(UInt64.init) ?? 1

@Suite struct RandomScenarioTests {
  /// The scenarios in batches, so that thousands of them are not thousands of test cases.
  static let batches = stride(from: firstSeed, to: firstSeed + scenarios, by: 50).map {
    $0..<min($0 + 50, firstSeed + scenarios)
  }

  @Test(arguments: batches)
  func everyRunEndsWithoutABreachAndBothDeliveriesAgree(seeds: Range<UInt64>) throws {
    for seed in seeds { try expectAgreement(seed) }
  }

  /// Seeds that broke something: a lone block at the very instant of an earlier event (1276, 1507, 4678), DATA that was still
  /// under way at the time limit (8552), timers that were dropped while the run went on (9177, 19658), pauses of the group that arrive
  /// after the next look (813, 1967).
  @Test(arguments: [UInt64(813), 1276, 1507, 1967, 4678, 8552, 9177, 19658])
  func whatOnceBrokeHolds(seed: UInt64) throws { try expectAgreement(seed, isPlain: true) }

  /// The same where the scenario may have anything: the first DATA of a session that arrives at a smart device after the
  /// session's end (992).
  @Test(arguments: [UInt64(992)])
  func whatOnceBrokeInAnyWorldHolds(seed: UInt64) throws { try expectAgreement(seed) }

  /// Who looks changes nothing but how long stale alarms are waited for, which `events` counts.
  @Test(arguments: [UInt64(1)..<30])
  func aTimelineChangesNothingElse(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = RandomScenario(seed: seed)
      var configuration = scenario.configuration()
      configuration.timelineStep = nil
      var unobserved = Simulation(configuration, seed: seed, replication: 1)
      configuration.timelineStep = .milliseconds(20)
      var observed = Simulation(configuration, seed: seed, replication: 1)
      let differences = try unobserved.run().differences(from: observed.run())
      #expect(Set(differences).isSubset(of: ["timeline", "events"]), "seed \(seed)")
    }
  }

  private func expectAgreement(_ seed: UInt64, isPlain: Bool = false) throws {
    var scenario = RandomScenario(seed: seed, isPlain: isPlain)
    _ = try run(scenario.configuration(), seed: seed)
  }
}
