import Foundation
import Testing

/// As ``RandomScenarioTests``, where little happens for long; `GAPSIM_QUIET_SCENARIOS` says how many, 100 if nothing does.
@Suite struct QuietScenarioTests {
  private static let count =
    ProcessInfo.processInfo.environment["GAPSIM_QUIET_SCENARIOS"].flatMap(UInt64.init) ?? 100

  static let batches = stride(from: UInt64(1), through: count, by: 50).map { $0..<min($0 + 50, count + 1) }

  @Test(arguments: batches) func bothDeliveriesAgreeWhereLittleHappens(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = QuietScenario(seed: seed)
      _ = try run(scenario.configuration(), seed: seed)
    }
  }
}
