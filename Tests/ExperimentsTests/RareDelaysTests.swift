import TestSupport
import Testing

@testable import Experiments
@testable import RunMetrics
@testable import Scenarios
@testable import Statistics

/// What rare losses cost, by hand.
struct RareDelaysTests {
  private static func parsed(_ text: String) throws -> Scenario { try Scenario.parse(text: text, file: "a").scenario }

  /// A timeout of 50 ms is as long as 50 / 8.191744 windows of 16 blocks. Each of these 97.66 blocks takes a round trip and a
  /// frame of 1498 bytes at 1 Gbit/s, 8.011984 ms. Of 20 first requests and answers one is lost in 1 − 0.99²⁰ of the runs.
  @Test func aLateDeviceCostsWhatItMissed() throws {
    let delays = RareDelays(try Self.parsed(TunerTests.lateDevice).network)
    expect(delays.timeout, equals: 0.05)
    let missed = 16 * 0.05 / (8e-3 + 16 * 11.984e-6)
    #expect(abs(delays.late - 0.05 - missed * (8e-3 + 11.984e-6)) < 1e-3, "\(delays.late)")
    #expect(abs(delays.shares.late - 0.18209) < 1e-5, "\(delays.shares.late)")
    expect(delays.jump(of: .makespan).late, equals: RareJump.Known(size: delays.late, share: delays.shares.late))
    expect(delays.jump(of: .makespan, countsLate: false).late.size, equals: 0)
  }

  /// At most the whole file is missed, in windows of `smart_window`; nothing where nobody is promoted or no packet is lost.
  /// Where a queue may drop answers, or all may lose the same, it may happen in any replication.
  @Test(
    arguments: [
      ("timeout: 100 s, session_timeout: 900 s, group_timeout: 950 s", "", 101.7, 0.18),
      (
        "timeout: 100 s, session_timeout: 900 s, group_timeout: 950 s, promotion: {threshold: 1 KiB, smart_window: 16}",
        "", 100.1, 0.18
      ),
      ("strategy: rfc2090", "", 0, 0), ("windowsize: 16", "server: {queue: 32}", 1.0, 1),
      ("windowsize: 16", "server: {shared_loss: {bernoulli: 1 %}}", 1.0, 1),
    ] as [(String, String, Double, Double)])
  func itMissesNoMoreThanTheFile(keys: String, more: String, size: Double, share: Double) throws {
    let text = """
      file: {size: 300 KiB}
      protocol: {\(keys)}
      \(more)
      cohorts: [{name: good, count: 20, latency: 4 ms, loss: {bernoulli: 1 %}}]
      """
    let delays = RareDelays(try Self.parsed(text).network)
    #expect(size == 0 ? delays.late == 0 : delays.late >= size)
    #expect(size < 100 || delays.late < size + 0.1, "\(delays.late)")
    #expect(abs(delays.shares.late - share) < 0.01)
  }

  /// 0.9992^87 of the replications lose nothing. Each device may be sent the file twice, and 20 packets more.
  @Test func aLossMayCostTheWholeFile() throws {
    let delays = RareDelays(try Self.parsed(TunerTests.rareLoss).network)
    #expect(abs(delays.shares.lossFree - 0.932741) < 1e-6 && abs(delays.shares.loss - 0.170784) < 1e-4)
    #expect(delays.lossBytes >= 40 * 1024 && delays.lossBytes < 45 * 1024, "\(delays.lossBytes)")
    #expect(delays.lossTime > 0.8 && delays.lossTime < 2, "\(delays.lossTime)")
    expect(delays.jump(of: .serverBytes).loss, equals: .init(size: delays.lossBytes, share: delays.shares.loss))
    expect(delays.jump(of: .failed), equals: .none)
  }

  /// A carousel of 585 kbit/s sends what was lost a round later. Bursts of five packets are a fifth as many, and what a list
  /// says is no chance.
  @Test(
    arguments: [
      ("{strategy: carousel, pace: 585 kbit/s}", "{bernoulli: 0.1 %}", 1.5, 0.8658),
      ("{strategy: nack}", "{bernoulli: 0.1 %}", 0, 0.8658),
      ("{windowsize: 4}", "{gilbert_elliott: {loss: 0.1 %, burst: 5 packets}}", 0, 0.9716),
      ("{windowsize: 4}", "{trace: {lost: [3]}}", 0, 1),
    ] as [(String, String, Double, Double)])
  func whatALossCostsDependsOnTheStrategy(settings: String, loss: String, seconds: Double, free: Double) throws {
    let text = """
      file: {size: 100 KiB}
      protocol: \(settings)
      cohorts: [{name: a, count: 2, latency: 19 ms, loss: \(loss)}]
      """
    let delays = RareDelays(try Self.parsed(text).network)
    #expect(abs(delays.lossTime - seconds) < 0.05 && abs(delays.shares.lossFree - free) < 1e-3, "\(delays)")
  }

  /// What is reckoned with is the longest timeout of the points that are compared, wherever it is written.
  @Test(arguments: [
    "timeout: 4 s, session_timeout: 30 s", "timeout: 30 ms, session_timeout: 30 s",
  ])
  func theTimeoutsOfAllPointsCount(base: String) throws {
    let text = """
      file: {size: 40 KiB}
      protocol: {\(base), group_timeout: 31 s, windowsize: 8}
      cohorts: [{name: a, count: 4, latency: 5 ms, loss: {bernoulli: 0.2 %}}]
      sweep: {vary: [{protocol.timeout: [30 ms, 4 s], protocol.windowsize: [4, 8]}]}
      """
    let scenario = try Self.parsed(text)
    let points = try #require(SweepPoints(scenario))
    expect(points.count, equals: 2)
    expect(RareDelays(points).timeout, equals: 4)
    expect(RareDelays(SweepPoints(single: scenario)).timeout, equals: base.contains("4 s") ? 4 : 0.03)
  }
}
