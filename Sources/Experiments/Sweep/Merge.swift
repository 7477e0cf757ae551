import Results
import Runs

/// The results as of one machine, made from the shares of several.
package struct Merge: Sendable {
  /// The experiment of the shares.
  package let points: SweepPoints

  /// A share with its runs.
  private struct Part: Sendable {
    let share: Share
    let results: FinishedResults
    let runs: FinishedRuns
  }

  /// The shares, in the order of their numbers.
  private let parts: [Part]

  /// Reads the shares in some directories. They must be all shares of one experiment, each once.
  ///
  /// - Throws: a ``MergeError`` that names what is missing, foreign, given twice or changed.
  package init(_ directories: [String]) throws {
    let found = try directories.map { path in
      guard let results = try Self.results(at: path) else { throw MergeError.noResults(path: path) }
      guard let share = results.manifest.share else { throw MergeError.noShare(path: path) }
      return (share: share, results: results)
    }
    guard let first = found.first else { throw MergeError.nothing }
    for (share, results) in found.dropFirst() { try Self.expect(results, share, belongsTo: first.results, first.share) }
    let sorted = found.sorted { $0.share.number < $1.share.number }
    for (one, other) in zip(sorted, sorted.dropFirst()) where one.share == other.share {
      throw MergeError.doubled(one.share, paths: [one.results.path, other.results.path])
    }
    let numbers = Set(found.map(\.share.number))
    let missing = (1...first.share.of).filter { !numbers.contains($0) }
    guard missing.isEmpty else { throw MergeError.missing(missing, of: first.share.of) }
    // Their limits of memory may differ, so the order of the directories must not matter.
    points = SweepPoints(of: sorted[0].results.scenario)
    parts = try sorted.map { share, results in
      do { return Part(share: share, results: results, runs: try FinishedRuns(of: results)) } catch ResumeError.changed(
        let path)
      { throw MergeError.changed(share, path: path) }
    }
    for part in parts { try expectAllRuns(of: part) }
  }

  /// Writes the results to a directory. It is then complete, or as it was before.
  ///
  /// - Throws: ``ResultsError``, or a ``ResumeError`` if there are other results that must not be replaced.
  package func write(into path: String, isForced: Bool) throws -> SweepOutcome {
    let directory = try ResultsDirectory(at: path)
    defer { directory.discard() }
    if !isForced, let there = try FinishedResults(at: directory.path) {
      try ResumeError.expect(sweep.design.text, equals: there.design.text, of: there.path)
      _ = try there.isComplete(for: points.scenario, share: nil, isResumed: true)
    }
    let rule = ReplicationRule(points.scenario)
    let decided = SweepSchedule.Decided(replications: rule.certain, widest: nil, isImprecise: false)
    let assembly = SweepAssembly(
      sweep, source: MergedRuns(parts.map(\.runs), points: points.count),
      decided: Array(repeating: decided, count: points.count), failed: failed)
    return try assembly.write(to: directory, named: path)
  }

  private var sweep: Sweep {
    var sweep = Sweep(points)
    sweep.devices = parts[0].results.hasDevices
    // The results do not say where the scenario's file is.
    sweep.arguments = ["gapsim", "run", "SCENARIO.yaml"]
    return sweep
  }

  /// Runs without rows in all shares, in the order of points and replications.
  private var failed: [FailedRun] {
    parts.flatMap { $0.results.manifest.sweep?.failedRuns ?? [] }.map { failed in
      let run = RunID(point: failed.point, replication: failed.replication)
      let breach = InvariantBreach(
        invariant: failed.reason, seed: points.scenario.seed, replication: failed.replication, event: failed.event)
      let arguments = sweep.arguments + SweepPoints.arguments(points.settings.values(at: run.point))
      return FailedRun(
        run: run,
        report: BreachReport(
          scenario: points.scenario.name, breach: breach, arguments: arguments, mark: sweep.mark(of: run.point)))
    }
    .sorted { $0.run < $1.run }
  }

  /// The results of a run or a sweep; nil if there are none.
  private static func results(at path: String) throws -> FinishedResults? {
    do { return try FinishedResults(at: path) } catch ResumeError.otherCommand(let path) {
      throw MergeError.otherKind(path: path)
    }
  }

  private static func expect(
    _ results: FinishedResults, _ share: Share, belongsTo first: FinishedResults, _ firstShare: Share
  ) throws {
    do {
      try ResumeError.expect(results.design.text, equals: first.design.text, of: results.path)
    } catch ResumeError.otherDesign(_, let there, let now) {
      throw MergeError.foreign(path: results.path, first: first.path, there: there, now: now)
    }
    func expectSame(_ one: String, _ other: String) throws {
      if one != other { throw MergeError.foreign(path: results.path, first: first.path, there: other, now: one) }
    }
    try expectSame("\(results.scenario.replications) replications", "\(first.scenario.replications) replications")
    try expectSame("\(share.of) shares", "\(firstShare.of) shares")
    // The manifest also has settings on which no run depends.
    try expectSame(results.scenario.description, first.scenario.description)
    guard results.scenario.expectations == first.scenario.expectations else {
      throw MergeError.foreign(path: results.path, first: first.path, there: "'expect'", now: "another 'expect'")
    }
  }

  /// Throws unless a share has exactly its runs.
  private func expectAllRuns(of part: Part) throws {
    let failed = Set(
      (part.results.manifest.sweep?.failedRuns ?? []).map { RunID(point: $0.point, replication: $0.replication) })
    let expected = part.share.count(points: points.count, replications: points.scenario.replications)
    let isComplete = part.runs.places.count + failed.count == expected
    let runs = failed.union(part.runs.places.keys)
    guard isComplete, runs.allSatisfy({ part.share.contains($0, points: points.count) }) else {
      throw MergeError.changed(part.share, path: part.results.path)
    }
  }
}

/// The runs of several shares.
private final class MergedRuns: RunSource {
  private let shares: [FinishedRuns]
  private let points: Int

  init(_ shares: [FinishedRuns], points: Int) {
    self.shares = shares
    self.points = points
  }

  var path: String { shares[0].path }
  var nameLength: Int { shares[0].nameLength }

  func rows(of run: RunID) -> RunRows? {
    shares[Share.number(of: run, points: points, shares: shares.count) - 1].rows(of: run)
  }
}

/// Why directories cannot be merged.
package enum MergeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No directory was named.
  case nothing
  /// A directory has no results.
  case noResults(path: String)
  /// The results are no share.
  case noShare(path: String)
  /// The results are those of a tuning, or of live runs.
  case otherKind(path: String)
  /// A share belongs to another experiment than the first one; in words.
  case foreign(path: String, first: String, there: String, now: String)
  /// A share is given twice.
  case doubled(Share, paths: [String])
  /// A file of a share is not as it was written, or the share has other runs than it should.
  case changed(Share, path: String)
  /// Shares are missing.
  case missing([Int], of: Int)

  package var description: String {
    switch self {
    case .nothing: "there is nothing to merge"
    case .noResults(let path): "\(path) holds no results of gapsim: there is no manifest.json"
    case .noShare(let path): "\(path) is no share: it holds all runs of an experiment"
    case .otherKind(let path):
      "\(path) is no share: it holds a tuning, or runs on real wires; merge takes the shares of a run, a sweep or a race"
    case .foreign(let path, let first, let there, let now):
      "\(path) is a share of another experiment than \(first): \(there) there, \(now) in \(path)"
    case .doubled(let share, let paths): "\(share.words) is there twice: \(paths.joined(separator: " and "))"
    case .changed(let share, let path):
      "\(path) is not as it was written; run \(share.words) again, into a new directory or with --force"
    case .missing(let numbers, let of):
      numbers.count == 1
        ? "share \(numbers[0]) of \(of) is missing"
        : "shares \(Self.list(numbers)) of \(of) are missing"
    }
  }

  /// The numbers, or only the first ones if there are many.
  private static func list(_ numbers: [Int]) -> String {
    let most = 20
    let shown = numbers.prefix(most).map(String.init).joined(separator: ", ")
    return shown + (numbers.count > most ? " … (\(numbers.count) in all)" : "")
  }
}
