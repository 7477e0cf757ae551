import Network
import Runs

#if UNOBSERVED
  extension Simulation {
    /// Runs to the end without an observer: only the network and the engine.
    ///
    /// Only benchmarks want this, by the trait `Unobserved`: it has the compiler make the whole run once more.
    ///
    /// - Returns: how many events were executed, and how many bytes left the uplink.
    public static func runUnobserved(
      _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns
    ) -> (events: UInt64, bytes: UInt64) {
      let configuration = configuration.forEngine
      var run = Run(
        Promotion(configuration), on: configuration.network, observedBy: NoObserver(), seed: seed,
        replication: replication, delivery: delivery)
      let ended = run.advance { _ in false } ?? .complete
      let totals = run.finish(ended)
      return (run.events, totals.totals.bytes)
    }
  }
#endif
