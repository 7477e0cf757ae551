/// Which run it is.
package struct RunNumber: Hashable, Sendable {
  package let seed: UInt64
  package let replication: Int

  /// A replication of an experiment.
  package init(seed: UInt64, replication: Int) {
    self.seed = seed
    self.replication = replication
  }
}
