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
  ///   - keepsDetail: whether the record has the gaps of each device at its first check, and when it entered each role.
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public func run(
    seed: UInt64, replication: Int, delivery: Delivery = .byRuns, keepsDetail: Bool = false
  ) throws(InvariantBreach) -> RunRecord {
    switch strategy {
    case .promotion, .rfc2090, .pxeMTFTP:
      var simulation = Simulation(self, seed: seed, replication: replication, delivery: delivery)
      if keepsDetail { (simulation.firstGaps, simulation.roleChanges) = ([], []) }
      return try simulation.run()
    case .carousel:
      return try runRival(
        Carousel.self, seed: seed, replication: replication, delivery: delivery, keepsDetail: keepsDetail)
    case .unicast:
      return try runRival(
        Unicast.self, seed: seed, replication: replication, delivery: delivery, keepsDetail: keepsDetail)
    case .nack, .nackFEC:
      return try runRival(
        Nack.self, seed: seed, replication: replication, delivery: delivery, keepsDetail: keepsDetail)
    case .slices:
      return try runRival(
        Slices.self, seed: seed, replication: replication, delivery: delivery, keepsDetail: keepsDetail)
    case .wds:
      return try runRival(
        WDS.self, seed: seed, replication: replication, delivery: delivery, keepsDetail: keepsDetail)
    }
  }

  private func runRival<R: Rival>(
    _: R.Type, seed: UInt64, replication: Int, delivery: Delivery, keepsDetail: Bool
  ) throws(InvariantBreach) -> RunRecord {
    let rival = R(self)
    var run = Run(
      rival, on: network, observedBy: RivalCounters(rival, self, keepsDetail: keepsDetail), seed: seed,
      replication: replication, delivery: delivery)
    let ended = run.advance { _ in false } ?? .complete
    let totals = run.finish(ended)
    return try run.observer.record(
      of: RunNumber(seed: seed, replication: replication), ended: ended, events: run.events, totals: totals)
  }
}
