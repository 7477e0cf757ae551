import BlockTransfer
import Network
import PromotionEngine
import Results
import Runs
import TestSupport
import Testing
import Timebase

@testable import LiveRecords
@testable import PromotionRun
@testable import Scenarios

/// The records that a simulated run would leave join to what the simulator reports of it.
struct SimulatedRecordsTests {
  /// What may happen in a room. Every device has the same latency, so that only the way of one packet is uncertain.
  static let rooms = [
    "cohorts: [{name: desks, count: 5, join: {every: 1 ms}}]",
    "cohorts: [{name: desks, count: 8, join: {every: 1 ms}, loss: {bernoulli: 3 %}}]",
    "cohorts: [{name: desks, count: 4, join: {every: 1 ms}, loss: {bernoulli: 2 %}}, "
      + "{name: late, count: 3, join: {every: 40 ms}, loss: {bernoulli: 2 %}}]",
    "cohorts: [{name: desks, count: 6, join: {every: 1 ms}, loss: {gilbert_elliott: {p: 1 %, r: 20 %, k: 1, h: 0}}, "
      + "upstream_loss: {bernoulli: 3 %}}]",
    "cohorts: [{name: desks, count: 3, join: {every: 1 ms}, loss: {bernoulli: 3 %}}, "
      + "{name: gone, count: 1, join: {at: 0 s}, leaves: 30 ms}]",
  ]
  static let protocols = [
    "{windowsize: 1, promotion: {threshold: 1 MiB}}",
    "{windowsize: 8, promotion: {threshold: 8 KiB, smart_window: 2}}",
    "{windowsize: 4, active_order: largest_gap, promotion: {threshold: 0 B}}",
    "{windowsize: 4, start: {devices: 3, within: 100 ms}, promotion: {threshold: 6 KiB, max_smart: 1}}",
  ]
  /// The packet's way that joins the clocks, and what the two ends took to answer.
  private static let tolerance = Nanoseconds.microseconds(400)

  static func scenario(_ room: String, _ rules: String) throws -> Scenario {
    try Scenario.parse(
      text: "name: room\nreplications: 1\nfile: {size: 200 KiB}\nprotocol: \(rules)\n\(room)\n", file: "room.yaml"
    ).scenario
  }

  /// Runs a room, and joins what was written down.
  static func run(
    _ scenario: Scenario, seed: UInt64
  ) throws -> (simulated: RunRecord, server: Recording, devices: [(number: Int, record: Recording)]) {
    var run = Run(
      Promotion(scenario.network), on: scenario.network.network,
      observedBy: Both(RunCounters(scenario.network), RecordingObserver(scenario.network.file)), seed: seed,
      replication: 1, delivery: .packetByPacket)
    let ended = run.advance { _ in false } ?? .complete
    let totals = run.finish(ended)
    let record = try run.observer.first.record(
      of: RunNumber(seed: seed, replication: 1), ended: ended, events: run.events, totals: totals)
    let text = scenario.canonicalYAML()
    let server = try #require(try run.observer.second.serverRecord(text, ended: ended))
    return (record, server, try run.observer.second.deviceRecords(text))
  }

  @Test(arguments: rooms, protocols)
  func recordsJoinToWhatTheSimulatorReports(room: String, rules: String) throws {
    let scenario = try Self.scenario(room, rules)
    for seed in UInt64(1)...4 {
      let (simulated, server, own) = try Self.run(scenario, seed: seed)
      let joined = JoinedRun(server: server, own: own).record(
        replication: 1, cohorts: scenario.network.cohorts.map(\.count), step: .milliseconds(1), rate: 1_000_000_000)
      expect(joined.ended, equals: simulated.ended)
      expect(joined.known, equals: [.server, .devices])
      expect(joined.multicastDataPackets, equals: simulated.multicastDataPackets, "seed \(seed)")
      expect(joined.unicastDataPackets, equals: simulated.unicastDataPackets, "seed \(seed)")
      expect(joined.serverBytes, equals: simulated.serverBytes, "seed \(seed)")
      expect(joined.devicePackets, equals: simulated.devicePackets, "seed \(seed)")
      expect(joined.gapSizes, equals: simulated.gapSizes, "seed \(seed)")
      // What was sent after a device was switched off it did not lose. On real wires it leaves no counts.
      let stayed = { (loss: SessionOneLoss) in !simulated.devices[loss.device - 1].left }
      expect(joined.sessionOneLoss.filter(stayed), equals: simulated.sessionOneLoss.filter(stayed), "seed \(seed)")
      expect(joined.sessions.map(Self.timeless), equals: simulated.sessions.map(Self.timeless), "seed \(seed)")
      // Time 0 of the joined run is the first request.
      let zero = simulated.devices.map(\.join).min() ?? .zero
      for (left, right) in zip(joined.sessions, simulated.sessions) {
        Self.expectNear(left.begin, right.begin, zero, seed)
        Self.expectNear(left.end, right.end, zero, seed)
      }
      expect(joined.devices.map(Self.timeless), equals: simulated.devices.map(Self.timeless), "seed \(seed)")
      for (left, right) in zip(joined.devices, simulated.devices) {
        Self.expectNear(left.completed, right.completed, zero, seed)
        Self.expectNear(left.promoted, right.promoted, zero, seed)
        Self.expectNear(left.join, right.join, zero, seed)
      }
    }
  }

  /// What a session's record says but for its times.
  private static func timeless(_ session: SessionRecord) -> SessionRecord {
    var session = session
    session.begin = session.begin.map { _ in .zero }
    session.end = session.end.map { _ in .zero }
    return session
  }

  /// What a device's record says but for its times, and for what nobody knows on real wires.
  private static func timeless(_ device: DeviceRecord) -> DeviceRecord {
    var device = device
    device.join = .zero
    device.promoted = device.promoted.map { _ in .zero }
    device.completed = device.completed.map { _ in .zero }
    (device.offeredPackets, device.lostPackets, device.path, device.left) = (0, 0, PathCounts(), false)
    device.known = .everything
    return device
  }

  private static func expectNear(_ left: Nanoseconds?, _ right: Nanoseconds?, _ zero: Nanoseconds, _ seed: UInt64) {
    expect(left == nil, equals: right == nil, "seed \(seed)")
    guard let left, let right else { return }
    #expect((left - (right - zero)).count.magnitude <= tolerance.count, "\(left) and \(right), seed \(seed)")
  }

  /// A device that was killed has no last words; that it is gone the server found out.
  @Test func ofAKilledDeviceTheServerKnowsTheEnd() throws {
    let room =
      "cohorts: [{name: desks, count: 2, join: {every: 1 ms}, loss: {bernoulli: 3 %}}, "
      + "{name: gone, count: 1, join: {at: 0 s}, leaves: 5 ms}]"
    let scenario = try Self.scenario(room, Self.protocols[0])
    let (simulated, server, own) = try Self.run(scenario, seed: 1)
    let gone = try #require(simulated.devices.first { $0.left })
    let cut = try own.map { number, record in
      guard number == gone.device else { return (number, record) }
      // Its record ends where it was killed: before it entered the role `failed`.
      let events = record.events.prefix { $0.event != .entered(.failed) }
      return (number, try #require(Recording(scenario: record.scenario, events: Array(events))))
    }
    let joined = JoinedRun(server: server, own: cut).record(
      replication: 1, cohorts: [2, 1], step: .milliseconds(1), rate: 1_000_000_000)
    expect(joined.devices[gone.device - 1].roles, equals: gone.roles)
    expect(joined.known, equals: .server)
  }

  /// What the server takes its devices for makes up the same sessions, but for what only devices know.
  @Test(arguments: protocols)
  func theServerAloneKnowsItsSessions(rules: String) throws {
    let scenario = try Self.scenario(Self.rooms[1], rules)
    let (simulated, server, _) = try Self.run(scenario, seed: 3)
    let alone = JoinedRun(server: server, own: []).record(
      replication: 1, cohorts: [8], step: .milliseconds(1), rate: 1_000_000_000)
    expect(alone.known, equals: .server)
    expect(alone.sessions.map(\.dataPackets), equals: simulated.sessions.map(\.dataPackets))
    expect(alone.sessions.map(\.secondSet), equals: simulated.sessions.map(\.secondSet))
    expect(alone.sessions.map(\.promoted), equals: simulated.sessions.map(\.promoted))
    expect(alone.devices.map { $0.completed == nil }, equals: simulated.devices.map { $0.completed == nil })
    #expect(alone.devices.allSatisfy { $0.known.isEmpty })
    #expect(alone.gapSizes.isEmpty)
  }
}
