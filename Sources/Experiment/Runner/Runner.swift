import NetworkModel

/// Runs the replications of one point on several jobs at once, and hands their records on in the order of replications.
///
/// What comes out does not depend on the number of jobs: a replication is a function of its number, and a failure counts
/// when its turn comes.
package struct Runner: Sendable {
  /// How many records may be held for each job: the one in work and one that waits for its turn.
  static let recordsPerJob = 2

  /// How many replications there are, numbered from 1.
  package let replications: Int
  /// How many of them are in work at a time, at least 1.
  package let jobs: Int

  /// Runs `replications` on `jobs`, both at least 1.
  package init(replications: Int, jobs: Int) {
    precondition(replications >= 1 && jobs >= 1, "\(replications) replications on \(jobs) jobs")
    self.replications = replications
    self.jobs = min(jobs, replications)
  }

  /// Runs every replication.
  ///
  /// At most `recordsPerJob` records for each job are in work or wait for their turn. Stops when the task is cancelled,
  /// when `consume` throws, or when the first replication in order that failed has its turn, and throws that error.
  package func run(
    _ simulate: @escaping @Sendable (_ replication: Int) throws -> RunRecord,
    consume: (RunRecord) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Result<RunRecord, any Error>).self) { group in
      var started = 0
      var running = 0
      var consumed = 0
      var finished: [Int: Result<RunRecord, any Error>] = [:]
      defer { group.cancelAll() }
      while consumed < replications {
        while running < jobs, started < min(replications, consumed + Self.recordsPerJob * jobs) {
          started += 1
          running += 1
          let replication = started
          group.addTask {
            (
              replication,
              Result {
                try Task.checkCancellation(); return try simulate(replication)
              }
            )
          }
        }
        guard let (replication, result) = try await group.next() else { preconditionFailure("no replication runs") }
        running -= 1
        finished[replication] = result
        try Task.checkCancellation()
        while let next = finished.removeValue(forKey: consumed + 1) {
          try consume(try next.get())
          consumed += 1
        }
      }
    }
  }
}
