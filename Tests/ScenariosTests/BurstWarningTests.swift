import TestSupport
import Testing

@testable import Scenarios

/// Bursts that wait while nobody sends: of which requests they are said to outlast the repeats, and of which not (N13).
@Suite struct BurstWarningTests {
  /// Once a packet is lost, the next five are with 0.8⁵ = 32.8 %, and the next eighty with 10⁻⁸.
  private static let base = """
    file: {size: 1 MiB}
    protocol: {windowsize: 16, timeout: 250 ms, promotion: {threshold: 100 KiB}}
    cohorts:
      - {name: early}
      - {name: late, count: 40, join: 5 ms, loss: {gilbert_elliott: {loss: 2 %, burst: 5 packets}}}
    """

  private func warnings(_ overrides: [String]) throws -> [String] {
    try Scenario.parse(text: Self.base, file: "burst.yaml", overrides: overrides).warnings.map(\.description)
  }

  @Test(arguments: [
    (
      [], "once a packet to a smart device is lost, the 5 packets of its repeats are all lost too with 32.8 %, and the"
    ),
    (["protocol.promotion.smart_window=2"], "the 10 packets of its repeats are all lost too with 10.7 %"),
    (["protocol.windowsize=1"], "once a packet is lost, the 5 packets of its repeats are all lost too with 32.8 %"),
    // The windows of smart devices are no smaller than those of sessions.
    (["protocol.windowsize=2", "protocol.promotion.smart_window=8"], "once a packet is lost, the 10 packets"),
    // A tenth of the answers to those that join is lost, and 0.75⁵ = 23.7 % of them with all repeats.
    (
      ["protocol.strategy=rfc2090", "cohorts[late].loss={gilbert_elliott: {loss: 10 %, burst: 4 packets}}"],
      "the answer to a device that joins is lost with all of its repeats with 2.37 %, and the device gives up"
    ),
    (
      ["protocol.strategy=unicast", "cohorts[late].loss={gilbert_elliott: {loss: 10 %, burst: 4 packets}}"],
      "with 2.37 %"
    ),
  ])
  func aBurstThatOutlastsRepeatsIsSaidOnce(overrides: [String], words: String) throws {
    let warnings = try warnings(overrides)
    expect(warnings.count, equals: 1)
    #expect(warnings.first?.contains(words) == true, "\(warnings)")
  }

  @Test(arguments: [
    ["protocol.promotion.smart_window=5"], ["protocol.strategy=rfc2090"], ["cohorts[late].promotion=off"],
    ["protocol.promotion.threshold=0 B"],
    ["protocol.retries=30", "protocol.session_timeout=8 s", "protocol.group_timeout=9 s"],
    ["cohorts=[{loss: {gilbert_elliott: {loss: 2 %, burst: 5 packets}}}]"],
    // Two losses in a row are no burst.
    ["cohorts[late].loss={gilbert_elliott: {loss: 2 %, burst: 1.1 packets}}"],
    // Nothing to a smart device passes it.
    ["cohorts[late].loss=none", "server.shared_loss={gilbert_elliott: {loss: 2 %, burst: 5 packets}}"],
  ])
  func nothingIsSaidWhereRepeatsOutlastBursts(overrides: [String]) throws {
    try expect(warnings(overrides), equals: [])
  }
}
