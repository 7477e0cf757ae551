import FoundationEssentials
import Glibc

/// A kind of file that an option writes beside the results. Such a file replaces one of its kind, and nothing else.
package enum OutputFileKind: Sendable {
  case junit, markdown, capture, eventLog

  /// Throws unless a file of this kind can go to a path: a new one, or in place of one of this kind or of an empty one.
  /// What is no ordinary file, like a terminal or a pipe, is written to as it stands.
  ///
  /// - Parameter results: the directory of results that the same command writes; it may not exist yet.
  /// - Throws: ``ResultsError``.
  package func check(_ path: String, besides results: String? = nil) throws(ResultsError) {
    var status = stat()
    guard !path.isEmpty else { throw .system(step: "create", path: "a file without a name", code: ENOENT) }
    let exists = stat(path, &status) == 0
    let type = status.st_mode & S_IFMT
    if exists, type == S_IFDIR { throw .system(step: "create", path: path, code: EISDIR) }
    if exists, type != S_IFREG { return }
    try OutputPlace.checkName(path)
    try OutputPlace.checkOutsideResults(path, besides: results)
    // A file gets its name when it is whole, so it is its folder that must take it.
    let folder = self == .capture ? OutputPlace.folder(of: path) : OutputPlace.folder(of: path, madeFor: results)
    guard access(folder + "/", W_OK | X_OK) == 0 else { throw .last("create", path) }
    guard exists, status.st_size > 0 else { return }
    guard let bytes = try? InputFile(path).read(at: 0, count: 1024), isOne(bytes) else {
      throw .otherKind(path: path, expected: words)
    }
  }

  /// Whether a file that begins like this is one of these.
  private func isOne(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .junit: bytes.starts(with: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gapsim ".utf8)
    case .markdown: bytes.starts(with: "### gapsim ".utf8)
    // The comment comes first, and says which replication of what it is.
    case .capture:
      bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) && !bytes.ranges(of: Array(", replication ".utf8)).isEmpty
    case .eventLog: bytes.starts(with: "gapsim-log ".utf8)
    }
  }

  private var words: String {
    switch self {
    case .junit: "JUnit XML"
    case .markdown: "Markdown"
    case .capture: "capture"
    case .eventLog: "event log"
    }
  }
}
