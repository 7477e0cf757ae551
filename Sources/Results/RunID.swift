/// One run of a sweep.
package struct RunID: Hashable, Sendable, Comparable {
  /// The point, from 0.
  package var point: Int
  /// The replication, from 1.
  package var replication: Int

  /// Names a run.
  package init(point: Int, replication: Int) {
    self.point = point
    self.replication = replication
  }

  package static func < (left: RunID, right: RunID) -> Bool {
    (left.point, left.replication) < (right.point, right.replication)
  }
}
