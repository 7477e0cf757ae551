import Results

/// Makes results from finished runs, wherever their lines are.
struct SweepAssembly {
  private let sweep: Sweep
  private let source: any RunSource
  private let decided: [SweepSchedule.Decided]
  private let failed: [FailedRun]
  /// How many of the runs existed at the start.
  var taken = 0
  /// Events that were executed by this process.
  var events: UInt64 = 0

  /// Prepares the results of an experiment whose points are all decided.
  init(_ sweep: Sweep, source: any RunSource, decided: [SweepSchedule.Decided], failed: [FailedRun]) {
    precondition(decided.count == sweep.points.count, "\(decided.count) of \(sweep.points.count) points are decided")
    self.sweep = sweep
    self.source = source
    self.decided = decided
    self.failed = failed
  }

  /// Writes the results, and gives the directory its name. Messages call it `path`.
  func write(to directory: ResultsDirectory, named path: String) throws -> SweepOutcome {
    let scenario = sweep.points.scenario
    let keys = sweep.points.settings.keys
    let writer = try ResultsWriter(
      in: directory, varied: keys.map(\.column.name), devices: sweep.devices,
      timeline: scenario.network.timelineStep != nil, segments: !scenario.network.segments.isEmpty)
    let outcome = try gather(at: path, rows: writer.append, point: writer.append)
    let origin = Manifest.Origin(
      programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed)
    let missing = failed.map {
      Manifest.Sweep.FailedRun(
        point: $0.run.point, replication: $0.run.replication, event: $0.report.breach.event,
        reason: $0.report.breach.invariant)
    }
    let runs =
      sweep.share?.count(points: decided.count, replications: scenario.replications)
      ?? decided.reduce(0) { $0 + $1.replications }
    try writer.commit(
      origin,
      sweep: sweep.points.isSingle
        ? nil
        : Manifest.Sweep(
          varied: keys.map(\.name), points: outcome.points.map { Manifest.Sweep.Point($0.context) }, runs: runs,
          failedRuns: missing),
      share: sweep.share)
    return outcome
  }

  /// The outcome, without writing the results.
  func outcome(at path: String) throws -> SweepOutcome { try gather(at: path, rows: { _ in }, point: { _ in }) }

  private func gather(
    at path: String, rows: (RunRows) throws -> Void, point: (PointAggregate) throws -> Void
  ) throws -> SweepOutcome {
    var outcome = SweepOutcome(scenario: sweep.points.scenario, path: path, taken: taken, failed: failed)
    outcome.share = sweep.share
    for (number, decided) in decided.enumerated() {
      let context = sweep.points[number].context
      var aggregate = PointAggregate(context)
      for replication in 1...decided.replications {
        let run = RunID(point: number, replication: replication)
        guard let lines = try source.rows(of: run) else { continue }
        let line = try source.line(in: lines)
        try rows(lines)
        aggregate.add(
          line.metrics, cohorts: try source.cohorts(in: lines, of: run, at: context),
          segments: try source.segments(in: lines, of: run, at: context), ended: line.ended)
        if line.ended != .complete { outcome.addLimited(run, line.ended, replay: sweep.replay(run)) }
      }
      try point(aggregate)
      if sweep.points.isSingle {
        aggregate.count(events: events)
        outcome.single = aggregate
      }
      // A share has only some of the runs.
      let runs =
        sweep.share == nil
        ? decided.replications : aggregate.replications + failed.count { $0.run.point == number }
      outcome.points.append(SweepOutcome.Point(aggregate, replications: runs, decided: decided))
    }
    return outcome
  }
}
