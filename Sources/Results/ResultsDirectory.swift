import FoundationEssentials
import Glibc
import Synchronization

/// A directory of results that is being made. It gets its name when it is complete (``Workspace``).
package final class ResultsDirectory: Sendable {
  /// The final path.
  package var path: String { workspace.path }
  private let workspace: Workspace
  private let spools = Atomic(0)
  /// The beginning of the names of spool files. A killed run may have left one behind.
  private static let spoolPrefix = "spool-"

  /// Starts to write results for `path`, whose parents are created.
  ///
  /// An existing directory may be replaced only if it is empty, or holds results of this program and nothing else. What
  /// a killed run left behind is removed, and so are the pictures and pages of these results that a killed process has
  /// begun.
  package init(at path: String) throws {
    workspace = try Workspace(
      for: path,
      Workspace.Contents(
        isOurs: { ResultFile(rawValue: $0) != nil || $0.hasPrefix(Self.spoolPrefix) },
        checkReplaceable: Self.checkReplaceable))
    for suffix in PictureFiles.suffixes { Workspace.clean(for: self.path + suffix, PictureFiles.leftovers) }
  }

  /// Where the results for a path stand. Nothing is made.
  package static func place(of path: String) -> String { ResolvedPath(path).text }

  /// Creates one of the files.
  package func create(_ file: ResultFile) throws -> OutputFile {
    try OutputFile(creating: workspace.directory + "/" + file.rawValue)
  }

  /// Creates a file without a name on the same disk, on any thread.
  package func createSpool() throws(ResultsError) -> SpoolFile {
    let number = spools.add(1, ordering: .relaxed).newValue
    return try SpoolFile(at: "\(workspace.directory)/\(Self.spoolPrefix)\(number)")
  }

  /// Gives the directory its name. Older results move aside for it and are removed.
  package func commit() throws { try workspace.publish() }

  /// Discards the results and leaves nothing behind. It has no effect once they are complete.
  ///
  /// It waits for a commit under way on another thread.
  package func discard() { workspace.discard() }

  /// Throws unless `path` does not exist, is an empty directory, or holds results and nothing else.
  private static func checkReplaceable(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw ResultsError.notADirectory(path: path) }
    let names = try Workspace.names(in: path)
    guard let first = names.first else { return }
    guard Manifest.stands(in: path) else { throw ResultsError.notResults(path: path, found: first) }
    if let foreign = names.first(where: { ResultFile(rawValue: $0) == nil }) {
      throw ResultsError.foreignFile(path: path, found: foreign)
    }
  }
}
