import FoundationEssentials
import Results
import Runs

/// An experiment: all its points, from their first replication to one directory of results. A plain run has one point.
///
/// Runs are kept in a journal beside the directory as they end (``Journal``). When all runs are there, the directory is
/// written from it in the order of points and replications. So an experiment that dies at any moment can go on, and its
/// results do not depend on when a run was done.
package struct Sweep: Sendable {
  /// What to do with existing runs and results when an experiment begins.
  package enum Start: Sendable {
    /// Complete results of the same settings are left as they are. Anything else must not exist.
    case new
    /// Runs of the same design are kept.
    case resume
    /// Everything is discarded.
    case restart
    /// Results of the same design are run again and replaced. Others must not exist.
    case again
  }

  /// The points.
  package let points: SweepPoints
  /// How many runs are in work at a time: all the machine's cores by default.
  package var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// Whether `devices.csv` is written.
  package var devices = true
  /// Which share of the runs is done; nil for all of them. An experiment that needs all runs of a point for its
  /// decisions has no shares.
  package var share: Share?
  /// What to do with existing runs and results.
  package var start = Start.new
  /// The command line that runs a point by itself, without seed, replications and the point's values.
  package var arguments: [String] = []
  /// Called when a signal ends the process, with the journal and the number of its runs; on any thread.
  package var interrupted: @Sendable (_ journal: String, _ runs: Int) -> Void = { _, _ in }
  /// Called when the system refuses a step, such as for a full disk, with the journal and the number of its runs.
  package var stopped: @Sendable (_ journal: String, _ runs: Int) -> Void = { _, _ in }

  /// An experiment on all cores.
  package init(_ points: SweepPoints) { self.points = points }

  /// How many runs there are, if their results do not decide it.
  package var runs: Int {
    let replications = points.scenario.replications
    return share?.count(points: points.count, replications: replications) ?? points.count * replications
  }

  /// Runs what is missing, and writes the results to a directory. It is then complete, or as it was before.
  ///
  /// A sweep leaves out a run in which an invariant broke, and lists it. An error or a signal leaves the journal.
  /// - Throws: ``ResultsError``, ``ResumeError``, a ``BreachReport`` of a plain run, or another error of `simulate`.
  package func run(
    into path: String,
    progress: (SweepProgress) -> Void = { _ in },
    simulate: @escaping @Sendable (_ point: SweepPoint, _ replication: Int) throws -> RunRecord
  ) async throws -> SweepOutcome {
    precondition(
      share == nil || points.settings.precision == nil, "a share cannot decide how many replications there are")
    let directory: ResultsDirectory
    do { directory = try ResultsDirectory(at: path) } catch let error as ResultsError where error.isFromTheSystem {
      // Results that are complete need no place to write.
      let place = ResultsDirectory.place(of: path)
      guard let finished = try? finishedResults(in: place), let runs = try? taken(from: finished),
        (try? isUpToDate(finished)) == true
      else { throw error }
      return try outcome(of: runs, at: path, journal: Journal.path(besideResults: place))
    }
    defer { directory.discard() }
    if let finished = try finishedResults(in: directory.path), let runs = try taken(from: finished) {
      if try isUpToDate(finished) {
        return try outcome(of: runs, at: path, journal: Journal.path(besideResults: directory.path))
      }
      return try await run(into: directory, named: path, finished: runs, progress: progress, simulate: simulate)
    }
    return try await run(into: directory, named: path, finished: nil, progress: progress, simulate: simulate)
  }

  /// Does what is missing, with a journal.
  private func run(
    into directory: ResultsDirectory,
    named path: String,
    finished: FinishedRuns?,
    progress: (SweepProgress) -> Void,
    simulate: @escaping @Sendable (SweepPoint, Int) throws -> RunRecord
  ) async throws -> SweepOutcome {
    let store = try RunStore(for: directory.path, design: design, finished: finished, start: journalStart)
    let interruption = Interruption { [journal = store.journal, interrupted] in
      directory.discard()
      interrupted(journal.path, journal.leave())
    }
    defer { interruption.end() }
    do {
      let ledger = SweepLedger(self, store: store)
      try await ledger.runMissing(progress: progress, createSpool: directory.createSpool, simulate: simulate)
      var assembly = SweepAssembly(
        self, source: store, decided: ledger.schedule.decided.compactMap(\.self), failed: ledger.failed)
      (assembly.taken, assembly.events) = (store.found, ledger.events)
      let outcome = try assembly.write(to: directory, named: path)
      store.journal.remove()
      return outcome
    } catch {
      // The reports of a simulator that contradicts itself must not be used further.
      if error is BreachReport {
        store.journal.remove()
      } else {
        let runs = store.journal.leave()
        if case ResultsError.system = error, runs > 0 { stopped(store.journal.path, runs) }
      }
      throw error
    }
  }
}

extension Sweep {
  /// What the runs depend on.
  package var design: SweepDesign { SweepDesign(points.scenario, devices: devices) }

  /// Existing results that are not discarded.
  private func finishedResults(in path: String) throws -> FinishedResults? {
    guard start != .restart else { return nil }
    do { return try FinishedResults(at: path) } catch let error as ResultsFolderError {
      throw ResumeError.unusable(reason: "\(error)")
    }
  }

  /// The runs of finished results that are kept; nil if there are none.
  ///
  /// - Throws: a ``ResumeError`` if the results must not be replaced.
  private func taken(from finished: FinishedResults) throws -> FinishedRuns? {
    try ResumeError.expect(design.text, equals: finished.design.text, of: finished.path)
    if start == .again { return nil }
    _ = try finished.isComplete(for: points.scenario, share: share, isResumed: start == .resume)
    let runs = try FinishedRuns(of: finished)
    let most = runs.places.keys.map(\.replication).max() ?? 0
    if points.settings.precision == nil, most > points.scenario.replications {
      throw ResumeError.moreThere(path: finished.path, there: most, now: points.scenario.replications)
    }
    return runs
  }

  /// Whether there is nothing to do and nothing to write.
  private func isUpToDate(_ finished: FinishedResults) throws -> Bool {
    try finished.isComplete(for: points.scenario, share: share, isResumed: start == .resume)
      && finished.manifest.scenario == points.scenario.canonicalYAML()
  }

  /// What to do with an existing journal.
  private var journalStart: Journal.Start {
    switch start {
    case .new: .new
    case .resume: .resume
    case .restart, .again: .restart
    }
  }

  /// The outcome if all runs existed already.
  private func outcome(of runs: FinishedRuns, at path: String, journal: String) throws -> SweepOutcome {
    removeOutlived(journal, by: runs)
    var schedule = SweepSchedule(points: points.count, rule: ReplicationRule(points.scenario)) {
      (run) -> SweepSchedule.Outcome? in
      share?.contains(run, points: points.count) == false ? .elsewhere : try runs.line(of: run).map { .ran($0) }
    }
    guard try schedule.nextRun() == nil else { throw ResumeError.changed(path: runs.path) }
    var assembly = SweepAssembly(self, source: runs, decided: schedule.decided.compactMap(\.self), failed: [])
    assembly.taken = runs.places.count
    var outcome = try assembly.outcome(at: path)
    outcome.isUpToDate = true
    return outcome
  }

  /// A process that was killed after its results got their name left its journal. A journal with more runs stays.
  private func removeOutlived(_ path: String, by runs: FinishedRuns) {
    guard FileManager.default.fileExists(atPath: path),
      let journal = try? Journal(at: path, design: design.text, start: .resume),
      journal.found.keys.allSatisfy({ RunID(key: $0).map { runs.places[$0] != nil } ?? false })
    else { return }
    journal.remove()
  }

  /// The command that shows one run again.
  package func replay(_ run: RunID) -> String {
    BreachReport.command(
      arguments + SweepPoints.arguments(points.settings.values(at: run.point)), scenario: points.scenario.name,
      seed: points.scenario.seed, replication: run.replication, mark: mark(of: run.point))
  }

  /// What tells the runs of a point from those of others; nil if there are no others.
  func mark(of point: Int) -> String? { points.isSingle ? nil : "point\(point)" }
}
