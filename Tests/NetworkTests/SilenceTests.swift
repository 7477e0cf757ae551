import Network
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import Testing
import Timebase

/// Silences and ties in the middle of a session that a delivery by runs skips and looks ahead of.
@Suite struct SilenceTests {
  /// A lossless active device, which can go on for the whole session, and three that lose so many of the packets that silences of a
  /// few packets come again and again: shorter than four packets, about as long, and longer.
  private func configuration(loss: LossModel, packetsOfSilence: Int) -> SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 400, threshold: .max)
    configuration.parameters.timeout = .microseconds(400)
    configuration.parameters.retries = 1
    configuration.parameters.sessionTimeout = .microseconds(800)
    configuration.parameters.groupTimeout = .microseconds(Int64(248 * packetsOfSilence))
    configuration.parameters.promotion.maxSmart = 1
    var listeners = Cohort(name: "listeners", count: 3)
    listeners.downLoss = loss
    configuration.cohorts.append(listeners)
    configuration.limits.time = .seconds(10)
    return configuration
  }

  static let losses: [LossModel] =
    [0.5, 0.7, 0.85].map { .bernoulli(p: .constant($0)) }
    + [
      .runs(good: .constant(30), lost: .constant(12)), .runs(good: .constant(90), lost: .constant(20)),
      .gilbertElliott(p: .constant(0.05), r: .constant(0.1), k: .constant(1), h: .constant(0)),
    ]

  @Test(arguments: losses)
  func silencesAreHeardWhetherPacketsAreDeliveredOrLookedUp(loss: LossModel) throws {
    var promotedInSession = 0
    for packetsOfSilence in 4...12 {
      let configuration = configuration(loss: loss, packetsOfSilence: packetsOfSilence)
      for seed in UInt64(1)...5 {
        let record = try run(configuration, seed: seed)
        let end = try #require(record.sessions.first?.end)
        promotedInSession += record.devices.filter { $0.promoted.map { $0 < end } ?? false }.count
      }
    }
    #expect(promotedInSession > 0)
  }

  /// The active device loses packets now and then, so that the group pauses, and the pauses come to the others after the next looks: their
  /// latency is longer than a silence.
  @Test(arguments: losses, [Int64(300), 1200, 3000, 7000])
  func pausesThatAreUnderWayForLongAreHeard(loss: LossModel, microseconds: Int64) throws {
    for packetsOfSilence in 4...12 {
      var configuration = configuration(loss: loss, packetsOfSilence: packetsOfSilence)
      configuration.cohorts[0].downLoss = .trace([[40, 41, 42, 90, 91, 150, 151, 152, 153, 200]])
      configuration.parameters.retries = 6
      configuration.parameters.sessionTimeout = .microseconds(2_800)
      configuration.parameters.groupTimeout = .microseconds(2_801 + Int64(248 * packetsOfSilence))
      configuration.cohorts[1].latency = .constant(.microseconds(microseconds))
      for seed in UInt64(1)...3 { _ = try run(configuration, seed: seed) }
    }
  }

  /// One burst in a session that is skipped but for it: the device hears the silence in the midst of it, at whatever packet. The
  /// timeouts are long enough that many rounds are skipped from one look to the next.
  @Test(arguments: 100..<140)
  func aBurstInAQuietSessionIsASilenceAtItsTime(firstLost: Int) throws {
    let burst = UInt64(firstLost)...UInt64(firstLost + 79)
    var configuration = configuration(loss: .trace([PacketRuns([burst])]), packetsOfSilence: 0)
    configuration.parameters.timeout = .microseconds(7_500)
    configuration.parameters.sessionTimeout = .microseconds(15_000)
    configuration.parameters.groupTimeout = .microseconds(15_001)
    configuration.cohorts[1].count = 1
    let record = try run(configuration)
    let silence = Nanoseconds.microseconds(Int64(248 * firstLost + 15_000))
    let promoted = try #require(record.devices[1].promoted)
    let end = try #require(record.sessions.first?.end)
    #expect(promoted > silence && promoted < end && record.devices[1].completed != nil)
  }

  /// A device that joins at any instant of a round, those of its events among them.
  @Test(arguments: 0..<248) func aJoinMeetsEveryInstantOfARound(microsecond: Int) throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 30, threshold: .max)
    var late = Cohort(name: "late", count: 1)
    late.join = .list([.microseconds(Int64(2480 + microsecond))])
    configuration.cohorts.append(late)
    let record = try run(configuration)
    #expect(record.devices.allSatisfy { $0.completed != nil })
  }
}
