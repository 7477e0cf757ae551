import Results
import Runs

/// A run that has no rows, with the report of the invariant that broke in it.
package struct FailedRun: Hashable, Sendable {
  /// The run.
  package let run: RunID
  /// What broke, and the command that shows it again.
  package let report: BreachReport
}

/// The progress of a sweep.
package struct SweepProgress {
  /// Finished runs, including those that existed at the start.
  package var done: Int
  /// Runs that existed at the start.
  package var found: Int
  /// All runs, as far as the number is known.
  package var total: Int
  /// Events executed by this process.
  package var events: UInt64
  /// Finds the widest confidence interval so far.
  package var widest: () -> RelativeWidth?
}

/// The state of a sweep while it runs: which runs are needed, which are finished, and which have failed.
final class SweepLedger {
  /// A run with everything that is needed to do it.
  private struct Job: Sendable {
    let run: RunID
    let point: SweepPoint
  }

  private let sweep: Sweep
  private let store: RunStore
  private let failures = Failures()
  /// Events that were executed by this process.
  private(set) var events: UInt64 = 0
  /// The last point that was begun. Most of the next runs belong to it.
  private var current: SweepPoint
  /// Which runs are needed.
  private(set) var schedule: SweepSchedule
  /// How many runs existed at the start.
  let found: Int

  /// Failed runs by their names, for the schedule.
  private final class Failures {
    var byRun: [RunID: BreachReport] = [:]
  }

  init(_ sweep: Sweep, store: RunStore) {
    self.sweep = sweep
    self.store = store
    found = store.found
    current = sweep.points[0]
    schedule = SweepSchedule(points: sweep.points.count, rule: ReplicationRule(sweep.points.scenario)) {
      [store, failures, share = sweep.share, points = sweep.points.count] run in
      if share?.contains(run, points: points) == false { return .elsewhere }
      if failures.byRun[run] != nil { return .failed }
      return try store.line(of: run).map { .ran($0) }
    }
  }

  /// Failed runs in the order of points and replications.
  var failed: [FailedRun] {
    failures.byRun.keys.sorted().compactMap { run in
      failures.byRun[run].map { FailedRun(run: run, report: $0) }
    }
  }

  /// Does every run that is needed and not finished. `createSpool` makes files for lines that are too many for memory.
  func runMissing(
    progress: (SweepProgress) -> Void,
    createSpool: @escaping @Sendable () throws -> SpoolFile,
    simulate: @escaping @Sendable (SweepPoint, Int) throws -> RunRecord
  ) async throws {
    try await Pool(jobs: sweep.jobs).run(
      next: { try self.next() },
      work: { [devices = sweep.devices] job in
        try RunReport(
          simulate(job.point, job.run.replication), of: job.point.context, devices: devices, spool: createSpool)
      },
      consume: { job, result in
        try self.take(job, result)
        progress(
          SweepProgress(
            done: self.schedule.done, found: self.found, total: self.total, events: self.events,
            widest: { self.schedule.widest }))
      })
  }

  private var total: Int { sweep.share == nil ? schedule.total : sweep.runs }

  private func next() throws -> Job? {
    guard let run = try schedule.nextRun() else { return nil }
    if current.context.point != run.point { current = sweep.points[run.point] }
    return Job(run: run, point: current)
  }

  private func take(_ job: Job, _ result: Result<RunReport, any Error>) throws {
    switch result {
    case .success(let report):
      try store.append(job.run, report.rows)
      events += report.events
    case .failure(let breach as InvariantBreach):
      let arguments = sweep.arguments + SweepPoints.arguments(job.point.context.varied)
      let report = BreachReport(
        scenario: job.point.context.scenario, breach: breach, arguments: arguments, mark: sweep.mark(of: job.run.point))
      if sweep.points.isSingle { throw report }
      failures.byRun[job.run] = report
    case .failure(let error):
      throw error
    }
    try schedule.ended(job.run)
  }
}
