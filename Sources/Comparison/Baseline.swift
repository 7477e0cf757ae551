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

  /// Runs the scenario in a baseline's manifest again, and writes the files that the manifest lists.
  ///
  /// - Throws: what ``Sweep/run(into:progress:simulate:)`` throws, or a ``ResultsFolderError`` or ``MemoryRefusal``.
  package static func rerun(
    _ baseline: ResultsFolder, into path: String, jobs: Int?,
    progress: (_ done: Int, _ events: UInt64) -> Void
  ) async throws -> ResultsFolder {
    let scenario = try baseline.scenario()
    var sweep = Sweep(SweepPoints(single: scenario))
    sweep.jobs = try MemoryBudget(scenario).jobs(asked: jobs, for: scenario)
    sweep.devices = baseline.entry(of: .devices) != nil
    sweep.start = .again
    sweep.arguments = ["gapsim", "compare", baseline.path, "--run"]
    _ = try await sweep.run(into: path, progress: { progress($0.done, $0.events) }) { point, replication in
      try point.network.run(seed: point.context.seed, replication: replication)
    }
    return try ResultsFolder(at: path)
  }
}
