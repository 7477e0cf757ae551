import Network
import PromotionRun
import Runs

extension SimulationConfiguration {
  /// Runs to the end, whatever the strategy.
  ///
  /// - Parameters:
  ///   - seed: of the experiment.
  ///   - replication: from 1; the same number gives the same run, whatever the other replications are.
  ///   - delivery: how multicast reaches the devices. It changes only the time that the run takes.
  ///   - keepsFirstGaps: whether the record has the gaps of each device at its first check.
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public func run(
    seed: UInt64, replication: Int, delivery: Delivery = .byRuns, keepsFirstGaps: Bool = false
  ) throws(InvariantBreach) -> RunRecord {
    switch strategy {
    case .promotion, .rfc2090, .pxeMTFTP:
      var simulation = Simulation(self, seed: seed, replication: replication, delivery: delivery)
      if keepsFirstGaps { simulation.firstGaps = [] }
      return try simulation.run()
    case .carousel:
      return try runRival(
        Carousel.self, seed: seed, replication: replication, delivery: delivery, keepsFirstGaps: keepsFirstGaps)
    case .unicast:
      return try runRival(
        Unicast.self, seed: seed, replication: replication, delivery: delivery, keepsFirstGaps: keepsFirstGaps)
    case .nack, .nackFEC:
      return try runRival(
        Nack.self, seed: seed, replication: replication, delivery: delivery, keepsFirstGaps: keepsFirstGaps)
    case .slices:
      return try runRival(
        Slices.self, seed: seed, replication: replication, delivery: delivery, keepsFirstGaps: keepsFirstGaps)
    case .wds:
      return try runRival(
        WDS.self, seed: seed, replication: replication, delivery: delivery, keepsFirstGaps: keepsFirstGaps)
    }
  }

  private func runRival<R: Rival>(
    _: R.Type, seed: UInt64, replication: Int, delivery: Delivery, keepsFirstGaps: Bool
  ) throws(InvariantBreach) -> RunRecord {
    let rival = R(self)
    var run = Run(
      rival, on: network, observedBy: RivalCounters(rival, self, keepsFirstGaps: keepsFirstGaps), seed: seed,
      replication: replication, delivery: delivery)
    let ended = run.advance { _ in false } ?? .complete
    let totals = run.finish(ended)
    return try run.observer.record(
      of: RunNumber(seed: seed, replication: replication), ended: ended, events: run.events, totals: totals)
  }
}
