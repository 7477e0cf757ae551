import Network
import TestSupport
import Testing

@testable import Runs

/// Whatever the network: both deliveries write the same record, invariants hold, and every run ends.
@Suite struct RandomRivalsTests {
  /// The strategies that are held to it.
  private static let strategies: [StrategyName] = [.carousel, .nack, .nackFEC, .slices, .unicast, .wds]

  @Test(arguments: strategies, [0, 1, 2, 3])
  func bothDeliveriesAgreeAndEveryRunEnds(strategy: StrategyName, part: UInt64) throws {
    for seed in part * 15..<(part + 1) * 15 {
      var random = RandomRivals(seed: seed)
      let record = try random.configuration(strategy).runByBothDeliveries(seed: seed)
      expect(record.strategy, equals: strategy)
      expect(record.ended, equals: .complete, "\(strategy), seed \(seed)")
      #expect(
        record.devices.allSatisfy { $0.roles.last == .complete || $0.roles.last == .failed || $0.left },
        "\(strategy), seed \(seed)")
    }
  }

  @Test(arguments: strategies)
  func bothDeliveriesAgreeWhenALimitEndsTheRun(strategy: StrategyName) throws {
    for seed in UInt64(0)..<40 {
      var random = RandomRivals(seed: 1000 + seed)
      _ = try random.limited(strategy).runByBothDeliveries(seed: seed)
    }
  }
}
