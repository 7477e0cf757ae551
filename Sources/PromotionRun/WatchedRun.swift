import Network
import Runs
import Timebase

/// A run that somebody watches. No samples of a timeline are taken.
struct WatchedRun: Sendable {
  private(set) var core: Run<Promotion, Both<RunCounters, Watch>>
  private let number: RunNumber

  /// Sets a run up; see ``Simulation/init(_:seed:replication:delivery:)``.
  ///
  /// - Parameter watch: makes what watches it, for a configuration as the engine takes it.
  init(
    _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery,
    by watch: (SimulationConfiguration) -> Watch
  ) {
    var configuration = configuration.forEngine
    configuration.timelineStep = nil
    number = RunNumber(seed: seed, replication: replication)
    core = Run(
      Promotion(configuration), on: configuration.network,
      observedBy: Both(RunCounters(configuration), watch(configuration)), seed: seed, replication: replication,
      delivery: delivery)
  }

  /// What watches it.
  var watch: Watch {
    get { core.observer.second }
    _modify { yield &core.observer.second }
  }

  /// Whether it has another event.
  var hasNext: Bool { mutating get { core.hasNext } }

  /// Executes the next event.
  mutating func step() { core.step() }

  /// Runs to its end, or until a capture should be drained; then nil.
  mutating func advance() -> RunEnd? {
    core.advance { $0.observer.second.capture?.isFull ?? false }
  }

  /// Ends it.
  mutating func finish(_ ended: RunEnd) -> FinalCounts { core.finish(ended) }

  /// Its record, once it is finished.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  mutating func record(_ ended: RunEnd, _ totals: FinalCounts) throws(InvariantBreach) -> RunRecord {
    try core.observer.first.record(of: number, ended: ended, events: core.events, totals: totals)
  }
}
