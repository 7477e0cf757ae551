/// A broken invariant: the simulator contradicts itself, and none of its reports can be trusted.
public struct InvariantBreach: Error, Hashable, Sendable {
  /// What does not hold.
  public var invariant: String
  /// The seed of the run.
  public var seed: UInt64
  /// The replication of the run.
  public var replication: Int
  /// How many events had been executed.
  public var event: UInt64

  /// Reports what does not hold.
  package init(invariant: String, seed: UInt64, replication: Int, event: UInt64) {
    self.invariant = invariant
    self.seed = seed
    self.replication = replication
    self.event = event
  }
}
