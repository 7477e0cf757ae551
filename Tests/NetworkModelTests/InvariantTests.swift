import PromotionEngine
import Testing
import Timebase

@testable import NetworkModel

/// Each invariant is broken by hand, in the middle of a run, and the run must say so.
@Suite struct InvariantTests {
  /// What is done to a run, and what the report must say.
  struct Sabotage: Sendable, CustomTestStringConvertible {
    let says: String
    let harm: @Sendable (inout Simulation) -> Void
    var testDescription: String { says }

    init(_ says: String, _ harm: @escaping @Sendable (inout Simulation) -> Void) {
      self.says = says
      self.harm = harm
    }
  }

  static let all = [
    Sabotage("device 2 was offered") { $0.stations[1].tally.received += 1 },
    Sabotage("device 2 got") { $0.stations[1].tally.multicastBlocks += 1 },
    Sabotage("device 2 is complete with") { $0.stations[1].tally.bytes += 1 },
    Sabotage("device 1 is complete, or its report says so, but not both") {
      $0.stations[0].tally.completed = .zero
      $0.checkInvariants(of: 0)
    },
    // It misses blocks 2 and 3 and the empty block 4.
    Sabotage("device 2 was promoted with a gap of 1860 bytes, threshold 931") { $0.checkPromotion(of: 1) },
    Sabotage("two sessions at a time, the second of device 3") {
      $0.serverEffects = [.sessionOpened(active: 3)]
      $0.reachServer(.smart, from: 1)
    },
    Sabotage("device 3 drives the session, but device 1 is active to the server") {
      $0.ledger.open(active: 3)
      $0.checkServer()
    },
    Sabotage("bytes left the uplink or are to, but the server sent") {
      $0.ledger.count(bytes: 84, isUnicastData: false)
    },
    Sabotage("1 unicast DATA left the uplink or are to, but the server sent 0") {
      if $0.uplink.offer(bytes: 0, kind: .unicastData, at: $0.now.time) == nil { return }
    },
    Sabotage("multicast DATA left the uplink, but the sessions sent") { $0.ledger.countData(1, session: 1) },
  ]

  private func simulation() -> Simulation {
    Simulation(SmallWorld.configuration(devices: 3, blocks: 4, threshold: 931), seed: 7, replication: 5)
  }

  @Test(arguments: all) func aBreachStopsTheRunAndSaysWhereItWas(sabotage: Sabotage) throws {
    var simulation = simulation()
    while simulation.stations[1].device.gaps.missing != 3 {
      simulation.step()
      simulation.catchUpAll(before: simulation.now)
    }
    sabotage.harm(&simulation)
    let breach = try #require(throws: InvariantBreach.self) { try simulation.run() }
    #expect(breach.invariant.contains(sabotage.says), "\(breach.invariant)")
    #expect(breach.seed == 7)
    #expect(breach.replication == 5)
    #expect(breach.event > 0)
  }

  @Test func whatIsLeftAloneHasNoBreach() throws {
    var simulation = simulation()
    #expect(try simulation.run().ended == .complete)
  }
}
