import BlockTransfer
import Network
import PromotionEngine
import Timebase
import Runs

/// One run of the promotion protocol: a value that goes to its end and gives a ``RunRecord``.
public struct Simulation: Sendable {
  var core: Run<Promotion, RunCounters>
  private let context: RunNumber

  /// Sets a run up: draws each device's parameters and schedules joins and leaves.
  ///
  /// - Parameters:
  ///   - configuration: the network and the protocol.
  ///   - seed: of the experiment.
  ///   - replication: from 1; the same number gives the same run, whatever the other replications are.
  ///   - delivery: how multicast reaches the devices. It changes only the time that the run takes.
  public init(
    _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns
  ) {
    let configuration = configuration.forEngine
    context = RunNumber(seed: seed, replication: replication)
    core = Run(
      Promotion(configuration), on: configuration.network, observedBy: RunCounters(configuration), seed: seed,
      replication: replication, delivery: delivery)
  }

  /// The gaps of each device at its first check, in the order of the checks; kept if it is not nil before the run.
  public var firstGaps: [DeviceGaps]? {
    get { core.observer.firstGaps }
    set { core.observer.firstGaps = newValue }
  }

  /// The roles that devices entered; kept if it is not nil before the run.
  public var roleChanges: [RoleChange]? {
    get { core.observer.timeline.changes }
    set { core.observer.timeline.changes = newValue }
  }

  /// Runs to the end.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public mutating func run() throws(InvariantBreach) -> RunRecord {
    try finish(core.advance { _ in false } ?? .complete)
  }

  mutating func finish(_ ended: RunEnd) throws(InvariantBreach) -> RunRecord {
    let totals = core.finish(ended)
    return try core.observer.record(of: context, ended: ended, events: core.events, totals: totals)
  }
}

extension RunCounters {
  /// What is reported of a run that ended.
  mutating func record(
    of number: RunNumber, ended: RunEnd, events: UInt64, totals counts: FinalCounts
  ) throws(InvariantBreach) -> RunRecord {
    let totals = counts.totals
    check(totals)
    if let breach {
      throw InvariantBreach(invariant: breach, seed: number.seed, replication: number.replication, event: events)
    }
    let uniformity = devices.indices.filter { devices[$0].isInUniformityTable }.map {
      SessionOneLoss(
        device: $0 + 1, received: devices[$0].sessionOneReceived, lost: devices[$0].sessionOneLost)
    }
    var record = RunRecord(
      replication: number.replication, strategy: strategy, ended: ended,
      devices: DeviceRecords(count: devices.count) { [devices] in devices[$0].record(of: DeviceID($0 + 1)) },
      sessions: sessions.passes.map(\.record), gapSizes: sessions.gapSizes, sessionOneLoss: uniformity,
      multicastDataPackets: totals.multicastData, unicastDataPackets: totals.unicastData, serverBytes: totals.bytes,
      timeline: timeline.samples(ofRunThatEnded: ended), events: events, uplink: counts.uplink,
      segments: counts.segments, firstGaps: firstGaps ?? [], outlivedTraces: outlivedTraces,
      devicePackets: devicePackets)
    record.roleChanges = timeline.changesByDevice
    return record
  }
}
