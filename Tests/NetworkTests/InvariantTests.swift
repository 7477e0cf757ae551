import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

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
    Sabotage("device 2 was offered") { $0.core.observer.devices[1].received += 1 },
    Sabotage("device 2 got") { $0.core.observer.devices[1].multicastBlocks += 1 },
    Sabotage("device 2 is complete with") { $0.core.observer.devices[1].bytes += 1 },
    Sabotage("device 1 is complete, or its report says so, but not both") {
      $0.core.observer.devices[0].completed = .zero
      $0.core.check(0)
    },
    // It misses blocks 2 and 3 and the empty block 4.
    Sabotage("device 2 was promoted with a gap of 1860 bytes, threshold 931") {
      $0.core.observer.checkPromotion(of: 2, $0.core.stations[1].receiver)
    },
    Sabotage("two sessions at a time, the second of device 3") {
      $0.core.senderEffects = [.sessionOpened(active: 3)]
      $0.core.reachServer(.smart, from: 1)
    },
    Sabotage("a session was handed over without a rule for it") {
      $0.core.senderEffects = [.sessionEnded(.handedOver)]
      $0.core.reachServer(.smart, from: 1)
    },
    Sabotage("device 3 drives the session, but device 1 is active to the server") {
      $0.core.observer.sessions.open(active: 3)
      $0.core.observer.check($0.core.sender, taken: $0.core.uplink.taken, at: $0.core.now.time)
    },
    Sabotage("bytes left the uplink or are to, but the server sent") {
      $0.core.observer.sessions.count(bytes: 84, isUnicastData: false)
    },
    Sabotage("1 unicast DATA left the uplink or are to, but the server sent 0") {
      if $0.core.uplink.offer(bytes: 0, kind: .unicastData, at: $0.core.now.time) == nil { return }
    },
    Sabotage("multicast DATA left the uplink, but the sessions sent") {
      $0.core.observer.sessions.countData(1, session: 1)
    },
  ]

  private func simulation() -> Simulation {
    Simulation(SmallWorld.configuration(devices: 3, blocks: 4, threshold: 931), seed: 7, replication: 5)
  }

  @Test(arguments: all) func aBreachStopsTheRunAndSaysWhereItWas(sabotage: Sabotage) throws {
    var simulation = simulation()
    while simulation.core.stations[1].receiver.gaps.missing != 3 {
      simulation.core.step()
      simulation.core.catchUpAll(before: simulation.core.now)
    }
    sabotage.harm(&simulation)
    let breach = try #require(throws: InvariantBreach.self) { try simulation.run() }
    #expect(breach.invariant.contains(sabotage.says), "\(breach.invariant)")
    expect(breach.seed, equals: 7)
    expect(breach.replication, equals: 5)
    #expect(breach.event > 0)
  }

  @Test func aSessionBeforeTheStartIsABreach() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.parameters.start = StartRule()
    var simulation = Simulation(configuration, seed: 7, replication: 5)
    simulation.core.senderEffects = [.sessionOpened(active: 2)]
    simulation.core.reachServer(.smart, from: 1)
    let breach = try #require(throws: InvariantBreach.self) { try simulation.run() }
    expect(breach.invariant, equals: "a session of device 2 before the start")
  }

  @Test(arguments: [("checked itself", RoleName?.none), ("was promoted", .smart)])
  func whoDoesNotSpeakOfPromotionNeitherChecksItselfNorIsPromoted(says: String, role: RoleName?) throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4, threshold: 1 << 40)
    configuration.cohorts[0].isPlain = true
    var simulation = Simulation(configuration, seed: 7, replication: 5)
    let note = role.map { DeviceNote.entered($0) } ?? .checked(.missing(1))
    simulation.core.observer.noted(note, of: 2, receiver: simulation.core.stations[1].receiver, at: .zero)
    let breach = try #require(throws: InvariantBreach.self) { try simulation.run() }
    expect(breach.invariant, equals: "device 2 \(says), but it or the server does not speak of promotion")
  }

  @Test func whatIsLeftAloneHasNoBreach() throws {
    var simulation = simulation()
    try expect(simulation.run().ended, equals: .complete)
  }
}
