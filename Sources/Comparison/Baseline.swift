import Experiments
import FoundationEssentials
import Rivals
import Results
import Runs

/// Results that are kept to compare later ones with them: the manifest, which has the scenario and the digest of every
/// file, and a few small files.
package enum Baseline {
  /// The files that a new baseline keeps in addition to the manifest.
  package static let kept: [ResultFile] = [.runs, .sessions]

  /// The directories of results in a directory, by name. A directory of results itself has no name.
  package static func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().filter { isResults("\(path)/\($0)") && !$0.hasPrefix(".") }
  }

  /// Whether a directory has a manifest.
  package static func isResults(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(ResultFile.manifest.rawValue)")
  }

  /// Replaces a baseline by results. It keeps the same files as before; a new one keeps a few.
  ///
  /// At any moment `path` is the old baseline or the new one.
  /// - Throws: ``ResultsError``, or a ``ComparisonError`` if `new` lacks a file that must be kept.
  package static func accept(_ new: ResultsFolder, at path: String) throws {
    let old = try? ResultsFolder(at: path, extent: .kept)
    let files = ResultFile.allCases.filter { $0 != .manifest && (old.map { $0.has } ?? kept.contains)($0) }
    let directory = try ResultsDirectory(at: path)
    defer { directory.discard() }
    for file in files + [.manifest] {
      guard let bytes = try file == .manifest ? new.manifest.json : new.bytes(of: file) else {
        if new.entry(of: file) == nil { continue }
        throw ComparisonError("\(new.path) does not hold \(file.rawValue), which the baseline keeps")
      }
      let output = try directory.create(file)
      try output.append(bytes)
      _ = try output.close()
    }
    try directory.commit()
  }

  /// The experiment whose results a baseline has: a run, a sweep, a race, or a share of one.
  ///
  /// - Throws: a ``RerunRefusal`` if they are of a tuning, or a ``ResultsFolderError``.
  package static func experiment(of baseline: ResultsFolder) throws -> Sweep {
    guard baseline.kind != .tune else { throw RerunRefusal.tuning(path: baseline.path) }
    let scenario = try baseline.scenario()
    var sweep = Sweep(baseline.kind == .sweep ? SweepPoints(of: scenario) : SweepPoints(single: scenario))
    // No share has a precision, whatever a manifest says.
    if scenario.sweep?.precision == nil { sweep.share = baseline.manifest.share }
    sweep.devices = baseline.entry(of: .devices) != nil
    sweep.start = .again
    sweep.arguments = ["gapsim", "compare", baseline.path, "--run"]
    return sweep
  }

  /// Does the experiment of a baseline, and writes the files that its manifest lists.
  ///
  /// - Throws: what ``Sweep/run(into:progress:simulate:)`` throws, the ``BreachReport`` of a run that has no rows, or a
  ///   ``ResultsFolderError`` or ``MemoryRefusal``.
  package static func rerun(
    _ experiment: Sweep, into path: String, jobs: Int?,
    progress: (_ done: Int, _ events: UInt64) -> Void
  ) async throws -> ResultsFolder {
    var sweep = experiment
    sweep.jobs = try MemoryBudget(sweep.points.scenario).jobs(asked: jobs, for: sweep.points.scenario)
    let outcome = try await sweep.run(into: path, progress: { progress($0.done, $0.events) }) { point, replication in
      try point.network.run(seed: point.context.seed, replication: replication)
    }
    // Of a simulator that contradicts itself there is nothing to compare.
    if let failed = outcome.failed.first { throw failed.report }
    return try ResultsFolder(at: path)
  }
}
