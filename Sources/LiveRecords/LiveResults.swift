import BlockTransfer
import Quantities
import Results
import Runs
import Scenarios
import Timebase

/// A directory of results of live runs, one replication for each. `plot`, `report`, `compare` and `explain` take it.
package enum LiveResults {
  /// How many samples a timeline has, at least, up to the last completion.
  private static let samples: Int64 = 240

  /// Writes a directory, which is complete or absent. Results of the same records are left as they are.
  ///
  /// - Parameters:
  ///   - scenario: in place of that of the records, as far as the network is concerned.
  ///   - label: the scenario's name in the results; nil for its own.
  ///   - isForced: whether other results are replaced.
  /// - Returns: whether it was written, and was not there already.
  /// - Throws: a ``LiveRecordsError``, a ``ResultsError``, or a ``ResumeError`` if other results are there.
  @discardableResult
  package static func write(
    _ runs: [JoinedRun], to path: String, scenario base: Scenario? = nil, label: String? = nil, isForced: Bool = false
  ) throws -> Bool {
    let scenario = try scenario(of: runs, base: base, label: label)
    let directory = try ResultsDirectory(at: path)
    defer { directory.discard() }
    let older = try isForced ? nil : liveResults(at: directory.path)
    let writer = try ResultsWriter(in: directory, timeline: true)
    let events = try TableFile(EventsTable.table, in: directory)
    var context = RunContext(scenario)
    context.isLive = true
    var point = PointAggregate(context)
    for (index, run) in runs.enumerated() {
      context.devices = run.deviceCount
      var record = run.record(
        replication: index + 1, cohorts: scenario.network.cohorts.map(\.count), step: step(for: runs),
        rate: scenario.network.uplinkBitsPerSecond)
      record.strategy = scenario.network.strategy
      try writer.append(try RunReport(record, of: context), to: &point)
      for event in run.recordedEvents {
        try events.append(Row(context: context, replication: index + 1, record: event))
      }
    }
    try writer.append(summaryOf: point)
    return try writer.commit(
      Manifest.Origin(
        programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed),
      live: runs.enumerated().map { $1.description(replication: $0 + 1) }, events: events,
      unless: { manifest in
        guard let older else { return false }
        try ResumeError.expect(design(of: manifest), equals: design(of: older.manifest), of: older.path)
        return true
      })
  }

  /// The live runs that are there already; nil if there are no results.
  ///
  /// - Throws: a ``ResumeError`` if they are simulated, or cannot be read.
  private static func liveResults(at path: String) throws(ResumeError) -> ResultsFolder? {
    let folder: ResultsFolder
    do throws(ResultsFolderError) { folder = try ResultsFolder(at: path) } catch {
      if case .missing(path, _) = error { return nil }
      throw .unusable(reason: "\(error)")
    }
    guard folder.isLive else { throw .otherCommand(path: path) }
    return folder
  }

  /// One text for results of the same bytes. It begins with what tells them best from others.
  private static func design(of manifest: Manifest) -> String {
    let runs = (manifest.live ?? []).map { run in
      "run \(run.replication): began at \(run.began) s, server \(run.server), group \(run.group), "
        + (run.hasServer ? "a record of the server, " : "") + HumanUnits.plural(run.ownRecords, "record")
        + " of devices, "
        + "clock error \(run.clockError.map { "\($0) s" } ?? "unknown")\n"
    }
    let files = manifest.files.map { "\($0.name): SHA-256 \($0.sha256)\n" }
    return "gapcast \(manifest.programVersion)\n" + runs.joined() + manifest.scenario + files.joined()
  }

  /// The scenario of the results: the protocol of the records, with as many devices as the largest run has.
  private static func scenario(
    of runs: [JoinedRun], base: Scenario?, label: String?
  ) throws(LiveRecordsError) -> Scenario {
    guard let first = runs.first else { throw .noRecords(paths: []) }
    let recorded = try Scenario.ofRecord(first.scenario)
    for run in runs.dropFirst() { try check(try Scenario.ofRecord(run.scenario), against: recorded) }
    var scenario = Scenario.live(
      base ?? recorded, name: recorded.name, parameters: recorded.network.parameters, file: recorded.network.file
    ).with(devices: runs.map(\.deviceCount).max() ?? 1)
    if let label { scenario.name = label }
    scenario.replications = runs.count
    scenario.network.timelineStep = step(for: runs)
    // What is written must be what is read.
    return try Scenario.ofRecord(scenario.canonicalYAML())
  }

  private static func check(_ other: Scenario, against first: Scenario) throws(LiveRecordsError) {
    guard other.network.file == first.network.file else {
      throw .different(what: "files", first: words(first.network.file), other: words(other.network.file))
    }
    guard other.network.parameters == first.network.parameters else {
      let lines = zip(lines(of: first), lines(of: other)).first { $0 != $1 }
      throw .different(what: "settings", first: lines?.0 ?? "some", other: lines?.1 ?? "others")
    }
  }

  private static func words(_ file: FileLayout) -> String {
    "\(Quantity.size.format(file.size)) in blocks of \(file.blockSize) B"
  }

  private static func lines(of scenario: Scenario) -> [String] {
    scenario.canonicalYAML().split(separator: "\n").map { String($0.drop { $0 == " " }) }
  }

  /// A round step, 1, 2 or 5 × 10ᵏ ns, of which as many as there should be fit into the longest run.
  private static func step(for runs: [JoinedRun]) -> Nanoseconds {
    let most = max((runs.map(\.length).max() ?? .zero).count / samples, 1000)
    var power: Int64 = 1000
    while power * 10 <= most { power *= 10 }
    return Nanoseconds((([5, 2].first { $0 * power <= most }) ?? 1) * power)
  }
}
