import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

@Suite struct TracedRunTests {
  /// Whoever watches a run changes nothing.
  @Test(arguments: [UInt64(1)..<60])
  func aRunThatIsTracedIsTheRunThatIsNot(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = RandomScenario(seed: seed)
      var configuration = scenario.configuration()
      configuration.timelineStep = nil
      var plain = Simulation(configuration, seed: seed, replication: 1)
      var traced = TracedRun(configuration, seed: seed, replication: 1)
      var last = Nanoseconds.zero
      while let event = traced.next() {
        #expect(event.time >= last)
        last = event.time
      }
      let differences = try plain.run().differences(from: traced.finish())
      #expect(differences.isEmpty, "seed \(seed)")
    }
  }

  /// What the events say adds up to what the record says.
  @Test(arguments: [UInt64(1)..<40])
  func theEventsAddUpToTheRecord(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = RandomScenario(seed: seed)
      var configuration = scenario.configuration()
      configuration.limits = Limits()
      configuration.limits.events = 200_000
      var run = TracedRun(configuration, seed: seed, replication: 1)
      var offered = [UInt64](repeating: 0, count: configuration.deviceCount)
      var missed = offered
      while let event = run.next() {
        guard case .device(let device) = event.subject else { continue }
        switch event.happening {
        case .received, .overran: offered[Int(device) - 1] += 1
        case .missed:
          offered[Int(device) - 1] += 1
          missed[Int(device) - 1] += 1
        default: break
        }
      }
      let record = try run.finish()
      expect(record.devices.map { $0.offeredPackets - $0.path.unread }, equals: offered, "seed \(seed)")
      expect(record.devices.map(\.lostPackets), equals: missed, "seed \(seed)")
    }
  }

  @Test func eventsAreToldInPlainWords() throws {
    var cohort = Cohort(name: "desks", count: 2)
    cohort.downLoss = .trace([[], [3]])
    var parameters = ProtocolParameters()
    parameters.promotion.threshold = 4096
    let file = try #require(FileLayout(size: 1000, blockSize: 1428))
    let configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: [cohort])
    var run = TracedRun(configuration, seed: 1, replication: 1)
    var lines: [String] = []
    while let event = run.next() {
      lines.append("\(event.time) \(event.subjectWords) \(event.happeningWords) → \(event.stateWords)")
    }
    expect(
      lines.prefix(4),
      equals: [
        "0.000000000 device 1 is switched on → joining, asked to join",
        "0.000000000 device 2 is switched on → joining, asked to join",
        "0.000100000 server gets RRQ of device 1 → session of device 1, 0 ended, 0 waiting, 0 queued, 0 smart; takes it for active",
        "0.000100000 server gets RRQ of device 2 → session of device 1, 0 ended, 1 waiting, 0 queued, 0 smart; takes it for passive",
      ])
    #expect(lines.contains { $0.hasSuffix("device 2 gets DATA 1 of the group → complete, listens") })
    #expect(
      lines.contains {
        $0.contains("device 2 does not get OACK 'check, session 1 is over' of the group, lost on the way")
      })
  }

  /// A device is switched off before it has everything, another one when it is complete, and a third one gives up.
  @Test func whoIsSwitchedOffDidNotGiveUp() throws {
    var cohort = Cohort(name: "desks", count: 3)
    cohort.leave = .devices([DeviceLeave(device: 1, at: .milliseconds(1)), DeviceLeave(device: 2, at: .seconds(30))])
    cohort.upLoss = .trace([[], [], PacketRuns(numbers: 1...100)])
    let configuration = SimulationConfiguration(
      parameters: ProtocolParameters(), file: try #require(FileLayout(size: 20_000, blockSize: 1428)), cohorts: [cohort]
    )
    var run = TracedRun(configuration, seed: 1, replication: 1)
    var lines: [String] = []
    while let event = run.next() {
      lines.append("\(event.subjectWords) \(event.happeningWords) → \(event.stateWords)")
    }
    #expect(lines.contains { $0.hasPrefix("device 1 is switched off → failed, switched off, misses ") })
    #expect(lines.contains("device 2 is switched off → complete, switched off"))
    #expect(lines.contains("device 3 has waited long enough → failed, gave up"))
  }

  /// Losses before the fan-out and at a full queue are said where they happen.
  @Test func theUplinkTellsWhatItDropsAndWhatIsLostForAll() throws {
    var configuration = SimulationConfiguration(
      parameters: ProtocolParameters(), file: try #require(FileLayout(size: 60_000, blockSize: 1428)),
      cohorts: [Cohort(name: "desks", count: 2)])
    configuration.parameters.windowSize = 8
    configuration.uplinkQueue = 3
    configuration.uplinkBitsPerSecond = 10_000_000
    configuration.sharedLoss = .trace([[2]])
    var run = TracedRun(configuration, seed: 1, replication: 1)
    var dropped: UInt64 = 0
    var lost: UInt64 = 0
    while let event = run.next() {
      guard case .sent(_, _, _, let fates) = event.happening else { continue }
      let (drops, losses) = (fates.dropped, fates.lost)
      dropped += drops
      lost += losses
      if lost == 1, losses == 1 {
        expect(
          event.happeningWords,
          equals: "takes DATA 1…8 to the group, 4 dropped at the full queue, 1 lost before the fan-out")
      }
    }
    #expect(dropped > 4)
    expect(lost, equals: 1)
  }
}
