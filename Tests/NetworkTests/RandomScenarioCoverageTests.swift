import Foundation
import PromotionRun
import Runs
import Testing

/// What the random scenarios reach, so that the agreement of both deliveries on them says something.
@Suite struct RandomScenarioCoverageTests {
  /// How many scenarios of each kind are looked at: 300, or what `GAPSIM_COVERED_SCENARIOS` says, which prints what was found.
  private static let asked = ProcessInfo.processInfo.environment["GAPSIM_COVERED_SCENARIOS"].flatMap(UInt64.init)

  @Test func theScenariosReachEveryCorner() throws {
    let random = try counts { seed in
      var scenario = RandomScenario(seed: seed)
      return scenario.configuration()
    }
    let quiet = try counts { seed in
      var scenario = QuietScenario(seed: seed)
      return scenario.configuration()
    }
    for feature in ScenarioFeature.allCases {
      let (one, other) = (random[feature] ?? 0, quiet[feature] ?? 0)
      if Self.asked != nil { print("| \(feature.rawValue) | \(one) | \(other) |") }
      #expect(one + other > 0, "\(feature.rawValue)")
    }
  }

  private func counts(_ configuration: (UInt64) -> SimulationConfiguration) throws -> [ScenarioFeature: Int] {
    var counts: [ScenarioFeature: Int] = [:]
    for seed in UInt64(1)...(Self.asked ?? 300) {
      for feature in try ScenarioWitness.features(of: configuration(seed), seed: seed) {
        counts[feature, default: 0] += 1
      }
    }
    return counts
  }
}
