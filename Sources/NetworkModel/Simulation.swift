/// How multicast reaches the devices; both ways write the same bytes.
public enum Delivery: Sendable {
  /// Devices that only listen catch up with a log of what was sent when somebody looks at them.
  case byRuns
  /// Every packet is delivered to every device.
  case packetByPacket
}

/// A broken invariant: the simulator contradicts itself, and nothing that it reported can be trusted.
public struct InvariantBreach: Error, Hashable, Sendable {
  /// What does not hold.
  public var invariant: String
  /// The seed of the run.
  public var seed: UInt64
  /// The replication of the run.
  public var replication: Int
  /// How many events had been executed.
  public var event: UInt64
}

/// One run of a network: a value.
public struct Simulation: Sendable {
  /// Sets a run up: draws each device's parameters and schedules joins and leaves.
  public init(_ configuration: NetworkConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns) {}

  /// Runs to the end.
  public mutating func run() throws(InvariantBreach) -> RunRecord {
    throw InvariantBreach(invariant: "", seed: 0, replication: 0, event: 0)
  }
}
