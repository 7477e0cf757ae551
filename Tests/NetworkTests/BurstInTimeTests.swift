import BlockTransfer
import PromotionEngine
import PromotionRun
import Runs
import Testing
import Timebase

@testable import Network

/// A room that loses a tenth in bursts of four packets. By packets a burst waits for the repeats, and nearly every device
/// gives up. The same channel by time, looked at every 256 µs, has the same steps and moves on between the repeats.
///
/// A model of one lock-step receiver by itself, 200 runs: 46 s, and 0.5 % of receivers with six losses in a row.
@Suite struct BurstInTimeTests {
  private func configuration(_ loss: LossModel) throws -> SimulationConfiguration {
    let parameters = ProtocolParameters()
    var cohort = Cohort(name: "wifi", count: 1)
    cohort.downLoss = loss
    let file = try #require(FileLayout(size: 2 << 20, blockSize: parameters.blockSize))
    return SimulationConfiguration(parameters: parameters, file: file, cohorts: [cohort])
  }

  @Test func burstsByTimeMoveOnBetweenTheRepeats() throws {
    // 1 / good + 1 / bad = −ln(1 − p − r) / 256 µs for p = 0.02777 and r = 0.25, and bad / good = p / r.
    let configuration = try configuration(
      .gilbertElliottInTime(
        good: .constant(.microseconds(7_867)), bad: .constant(.microseconds(874)), lossInGood: .constant(0),
        lossInBad: .constant(1)))
    var times: [Double] = []
    for seed in UInt64(1)...200 {
      var simulation = Simulation(configuration, seed: seed, replication: 1)
      if let completed = try simulation.run().devices[0].completed { times.append(completed.seconds) }
    }
    #expect(GoodnessOfFit.binomial(200 - times.count, of: 200, p: 0.005) > GoodnessOfFit.significance)
    // About 45 losses, each of which takes a second or more: a standard deviation of 7 s, and of 0.5 s for the mean.
    let mean = times.reduce(0, +) / Double(times.count)
    #expect(abs(mean - 46) < 2, "\(mean) s")
  }

  @Test func burstsByPacketsWaitForTheRepeats() throws {
    let configuration = try configuration(
      .gilbertElliott(p: .constant(0.02777), r: .constant(0.25), k: .constant(1), h: .constant(0)))
    let failed = try (UInt64(1)...50).count { seed in
      var simulation = Simulation(configuration, seed: seed, replication: 1)
      return try simulation.run().devices[0].completed == nil
    }
    #expect(failed > 40)
  }
}
