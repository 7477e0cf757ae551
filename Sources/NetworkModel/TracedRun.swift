import EventSimulation
import Timebase

/// A run that stops at each event, every packet delivered to every device by an event of its own.
///
/// A value like the simulation itself: a copy is another run. It holds no more than the run does, however long that is.
/// Samples of a timeline are not taken.
public struct TracedRun: Sendable {
  private var simulation: Simulation

  /// Sets a run up; see ``Simulation/init(_:seed:replication:delivery:)``.
  public init(_ configuration: NetworkConfiguration, seed: UInt64, replication: Int) {
    var configuration = configuration
    configuration.timelineStep = nil
    simulation = Simulation(configuration, seed: seed, replication: replication, delivery: .packetByPacket)
  }

  /// Goes on to the next event that anybody notices; nil at the end of the run.
  ///
  /// Nobody notices a deadline that has moved away, or a packet where no device listens.
  public mutating func next() -> TracedEvent? {
    while simulation.hasNext {
      if let event = simulation.stepTracing() { return event }
    }
    return nil
  }

  /// What is reported of the run, which goes on to its end first.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public consuming func finish() throws(InvariantBreach) -> RunRecord { try simulation.run() }
}
