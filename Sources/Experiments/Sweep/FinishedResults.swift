import Quantities
import Results
import Scenarios

/// The existing results of a run or a sweep in a directory, as their manifest describes them.
struct FinishedResults: Sendable {
  /// The directory.
  let folder: ResultsFolder
  /// The scenario in the manifest.
  let scenario: Scenario

  /// Opens a directory; nil if there are no results in it.
  ///
  /// - Throws: a ``ResultsFolderError``, or a ``ResumeError`` if they are those of another command.
  init?(at path: String) throws {
    do throws(ResultsFolderError) {
      // The digests of the files are computed when the files are read.
      folder = try ResultsFolder(at: path, check: .manifest)
    } catch {
      if case .missing(path, _) = error { return nil }
      throw error
    }
    guard folder.manifest.formatVersion == Manifest.formatVersion else {
      throw ResultsFolderError.damaged(
        path: folder.path(of: .manifest),
        reason:
          "the results have format version \(folder.manifest.formatVersion), and this program takes over runs of version "
          + "\(Manifest.formatVersion) only")
    }
    guard folder.kind != .tune, !folder.isLive else { throw ResumeError.otherCommand(path: path) }
    scenario = try folder.scenario()
  }

  /// The directory's path.
  var path: String { folder.path }
  /// Its manifest.
  var manifest: Manifest { folder.manifest }
  /// Whether `devices.csv` was written.
  var hasDevices: Bool { folder.entry(of: .devices) != nil }

  /// What the runs depend on.
  var design: SweepDesign {
    SweepDesign(scenario, devices: hasDevices, programVersion: manifest.programVersion)
  }

  /// Which share it is, in words.
  static func words(_ share: Share?) -> String { share?.words ?? "all runs" }

  /// Whether it has exactly the runs of an experiment of the same design.
  ///
  /// - Throws: a ``ResumeError`` if the experiment must not replace it, or only with `isResumed`.
  func isComplete(for wanted: Scenario, share: Share?, isResumed: Bool) throws(ResumeError) -> Bool {
    guard manifest.share == share else {
      throw .otherShare(path: path, there: Self.words(manifest.share), now: Self.words(share))
    }
    let (there, now) = (scenario.sweep?.precision, wanted.sweep?.precision)
    let isFixed = there == nil && now == nil
    if isFixed, scenario.replications > wanted.replications {
      throw .moreThere(path: path, there: scenario.replications, now: wanted.replications)
    }
    let failed = manifest.sweep?.failedRuns.count ?? 0
    let isSame = there == now && (there != nil || scenario.replications == wanted.replications)
    if isSame, failed == 0 { return true }
    guard isResumed else {
      throw .unfinishedResults(
        path: path,
        there: Self.words(scenario) + (failed > 0 ? " with \(HumanUnits.plural(failed, "failed run"))" : ""),
        now: Self.words(wanted))
    }
    return false
  }

  private static func words(_ scenario: Scenario) -> String {
    scenario.sweep?.precision.map { "replications until \(HumanUnits.percent($0.share))" }
      ?? HumanUnits.plural(scenario.replications, "replication")
  }
}
