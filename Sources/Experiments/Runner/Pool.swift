/// Does jobs on several cores at once, and passes on their outcomes in the order in which they began.
///
/// It knows nothing about simulations: a run, a sweep and a search are sources of jobs. Its output does not depend on
/// how many jobs are in work, as long as the source does not either.
package struct Pool: Sendable {
  /// How many products may be in memory for each job: the one in work, and one that waits for its turn.
  static let productsPerJob = 2

  /// How many jobs are in work at a time, at least 1.
  package let jobs: Int

  /// A pool with this many jobs in work at a time, at least 1.
  package init(jobs: Int) {
    precondition(jobs >= 1, "\(jobs) jobs")
    self.jobs = jobs
  }

  /// Does every job that `next` gives, and passes on each one with its outcome.
  ///
  /// At most `productsPerJob` for each job in work are in memory. Work that fails is passed on as a failure. The pool
  /// goes on unless `consume` throws. It also stops when `next` throws or the task is cancelled.
  /// - Parameters:
  ///   - next: Gives the next job. Nil while others are in work means "not yet": it is called again when one of them
  ///     has been passed on. Nil while none is in work ends the work.
  ///   - work: Does a job, on any thread.
  ///   - consume: Takes the outcomes of the jobs, in the order in which `next` gave them.
  package func run<Job: Sendable, Product: Sendable>(
    next: () throws -> Job?,
    work: @escaping @Sendable (Job) throws -> Product,
    consume: (Job, Result<Product, any Error>) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Job, Result<Product, any Error>).self) { group in
      var started = 0
      var running = 0
      var consumed = 0
      var finished: [Int: (Job, Result<Product, any Error>)] = [:]
      defer { group.cancelAll() }
      while true {
        while running < jobs, started - consumed < Self.productsPerJob * jobs, let job = try next() {
          let number = started
          started += 1
          running += 1
          group.addTask {
            (
              number, job,
              Result {
                try Task.checkCancellation()
                return try work(job)
              }
            )
          }
        }
        guard let (number, job, result) = try await group.next() else { return }
        running -= 1
        finished[number] = (job, result)
        try Task.checkCancellation()
        while let (job, result) = finished.removeValue(forKey: consumed) {
          try consume(job, result)
          consumed += 1
        }
      }
    }
  }

  /// Does every job of a sequence, and stops at the first one in order that fails, with its error.
  package func run<Jobs: Sequence, Product: Sendable>(
    _ sequence: Jobs,
    work: @escaping @Sendable (Jobs.Element) throws -> Product,
    consume: (Product) throws -> Void
  ) async throws where Jobs.Element: Sendable {
    var iterator = sequence.makeIterator()
    try await run(next: { iterator.next() }, work: work) { _, result in try consume(try result.get()) }
  }
}
