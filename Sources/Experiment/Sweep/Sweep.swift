import Foundation
import NetworkModel

/// All points of a sweep from their first replication to one directory of results.
///
/// Runs are kept in a journal beside the directory as they end (``Journal``), and the directory is written from it in
/// the order of points and replications when all are there. So a sweep that dies at any moment can go on, and what comes
/// out does not depend on when a run was done.
package struct Sweep: Sendable {
  /// The points.
  package let points: SweepPoints
  /// How many runs are in work at a time: all the machine's cores by default.
  package var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// Whether `devices.csv` is written.
  package var devices = true
  /// What becomes of runs that are there.
  package var start = Journal.Start.new
  /// The command line that runs a point by itself: seed, replications and the point's values left out.
  package var arguments: [String] = []
  /// Hears, when a signal ends the process, which journal was left with how many runs; on any thread.
  package var interrupted: @Sendable (_ journal: String, _ runs: Int) -> Void = { _, _ in }

  /// A sweep over points, on all cores.
  package init(_ points: SweepPoints) { self.points = points }

  /// Runs what is missing, and writes the results to a directory, which is complete or as it was before.
  ///
  /// A run in which an invariant broke is left out and listed. An error or a signal leaves the journal.
  /// - Throws: ``ResultsError``, ``ResumeError``, or what `simulate` throws apart from an `InvariantBreach`.
  package func run(
    into path: String,
    progress: (SweepProgress) -> Void = { _ in },
    simulate: @escaping @Sendable (_ point: SweepPoint, _ replication: Int) throws -> RunRecord
  ) async throws -> SweepOutcome {
    let directory = try ResultsDirectory(at: path)
    defer { directory.discard() }
    let store = try RunStore(for: directory.path, design: SweepDesign(points.scenario, devices: devices), start: start)
    let interruption = Interruption { [journal = store.journal, interrupted] in
      directory.discard()
      interrupted(journal.path, journal.leave())
    }
    defer { interruption.end() }
    do {
      let ledger = SweepLedger(self, store: store)
      try await ledger.runMissing(progress: progress, createSpool: directory.createSpool, simulate: simulate)
      var outcome = try assemble(ledger, store, directory)
      outcome.path = path
      store.journal.remove()
      return outcome
    } catch {
      store.journal.leave()
      throw error
    }
  }

  /// Writes the results from the runs that are there.
  private func assemble(
    _ ledger: SweepLedger, _ store: RunStore, _ directory: ResultsDirectory
  ) throws -> SweepOutcome {
    let scenario = points.scenario
    let timeline = scenario.network.timelineStep != nil
    let writer = try ResultsWriter(
      in: directory, varied: points.settings.keys.map(\.column.name), devices: devices, timeline: timeline)
    var outcome = SweepOutcome(scenario: scenario, path: directory.path, taken: ledger.found, failed: ledger.failed)
    for (point, decided) in ledger.schedule.decided.enumerated() {
      guard let decided else { preconditionFailure("point \(point) is not decided") }
      var summary = SweepOutcome.Point(context: points[point].context, decided: decided)
      var metrics = MetricSamples()
      var cohorts = summary.context.cohorts.map { _ in MetricSamples.ofCohort }
      for replication in 1...decided.replications {
        let run = RunID(point: point, replication: replication)
        guard let line = try store.line(of: run), let rows = try store.rows(of: run) else { continue }
        try writer.append(rows)
        metrics.add(line.metrics)
        for (index, line) in try store.cohorts(of: run, at: summary.context).enumerated() { cohorts[index].add(line) }
        summary.count(line.ended)
        if line.ended != .complete { outcome.addLimited(run, line.ended, replay: replay(run)) }
      }
      try writer.append(summaryOf: metrics, cohorts: cohorts, at: summary.context)
      summary.metrics = SummaryRow.rows(of: metrics, at: summary.context)
      outcome.points.append(summary)
    }
    let origin = Manifest.Origin(
      programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed)
    let failed = ledger.failed.map {
      Manifest.Sweep.FailedRun(
        point: $0.run.point, replication: $0.run.replication, reason: $0.report.breach.invariant)
    }
    try writer.commit(
      origin,
      sweep: Manifest.Sweep(
        varied: points.settings.keys.map(\.name), points: outcome.points.map { Manifest.Sweep.Point($0.context) },
        runs: ledger.schedule.total, failedRuns: failed))
    return outcome
  }

  /// The command that shows one run again.
  func replay(_ run: RunID) -> String {
    // A replication is the same in a batch of any length, so the shortest batch that has it will do.
    let words =
      arguments + SweepPoints.arguments(points.settings.values(at: run.point))
      + ["--seed", "\(points.scenario.seed)", "--replications", "\(run.replication)", "--jobs", "1"]
    return words.map(\.shellQuoted).joined(separator: " ")
  }
}
