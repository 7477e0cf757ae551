import Network
import Runs

/// A run that stops at each event. Every packet to every device is its own event.
///
/// It is a value like the simulation itself: a copy is another run. It keeps no more than the run does, however long
/// that is. It takes no samples of a timeline.
public struct TracedRun: Sendable {
  private var run: WatchedRun

  /// Sets a run up; see ``Simulation/init(_:seed:replication:delivery:)``.
  public init(_ configuration: SimulationConfiguration, seed: UInt64, replication: Int) {
    run = WatchedRun(configuration, seed: seed, replication: replication, delivery: .packetByPacket) {
      Watch(recorder: EventRecorder($0.network))
    }
  }

  /// Goes on to the next event that has an effect; nil at the end of the run.
  ///
  /// A deadline that has moved away, or a packet that no device listens to, has no effect.
  public mutating func next() -> TracedEvent? {
    if let event = run.watch.recorder?.popFirst() { return event }
    while run.hasNext {
      run.step()
      if let event = run.watch.recorder?.popFirst() { return event }
    }
    return nil
  }

  /// The record of the run, which goes on to its end first.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public consuming func finish() throws(InvariantBreach) -> RunRecord {
    let ended = run.advance() ?? .complete
    let totals = run.finish(ended)
    return try run.record(ended, totals)
  }
}
