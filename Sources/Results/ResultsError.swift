import Glibc

/// Why results could not be written.
package enum ResultsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system refused a step, with its error number.
  case system(step: String, path: String, code: Int32)
  /// The folder that should hold the results cannot be made.
  case uncreatable(path: String, reason: String)
  /// The file to be read is a FIFO, a device, a directory or a link.
  case notOrdinary(path: String)
  /// The path is no directory.
  case notADirectory(path: String)
  /// The path is a link to nothing, or a circular link.
  case brokenLink(path: String)
  /// The directory holds files but is no directory of results; one of them is named.
  case notResults(path: String, found: String)
  /// The directory of results, or what is left of a killed run, also holds a file that is not ours.
  case foreignFile(path: String, found: String)
  /// The path lies in a directory of results.
  case insideResults(path: String)
  /// What dead processes leave behind is called like that.
  case reservedName(path: String)
  /// The file that is there is of another kind than the one that would replace it, in words.
  case otherKind(path: String, expected: String)
  /// Another process writes for the same path.
  case busy(path: String)
  /// A file does not read back as it was written.
  case damaged(path: String)
  /// The results have been written, or discarded, already.
  case finished(path: String)

  package var description: String {
    switch self {
    case .system(let step, let path, let code): "cannot \(step) \(path): \(String(cString: strerror(code)))"
    case .uncreatable(let path, let reason): "cannot create the folder \(path): \(reason)"
    case .notOrdinary(let path): "\(path) is not an ordinary file"
    case .notADirectory(let path): "\(path) is not a directory; choose another output directory"
    case .brokenLink(let path):
      "\(path) is a link that leads nowhere; remove it, or choose another output directory"
    case .notResults(let path, let found):
      "\(path) holds \(found) but no manifest.json of gapsim: it is not a directory of results, and is left as it is; "
        + "choose another output directory, or an empty one"
    case .foreignFile(let path, let found):
      "\(path) also holds \(found), which gapsim did not write, and is left as it is; move that file away, "
        + "or choose another output directory"
    case .insideResults(let path):
      "\(path) would lie in a directory of results or of pictures, which holds nothing else; choose another place, such as "
        + "one beside it"
    case .reservedName(let path):
      "\(path): hidden names that end in .partial or .previous are those of unfinished results, which are removed; "
        + "choose another name"
    case .otherKind(let path, let expected):
      "\(path) is there already and is no \(expected) of gapsim, and is left as it is; choose another file"
    case .busy(let path): "another process is writing \(path); wait for it, or choose another output"
    case .damaged(let path):
      "what was read back from \(path) is not what was written there; --resume does the runs again that were spoilt"
    case .finished(let path): "the results in \(path) are finished already"
    }
  }

  /// Whether an output could be created, but not be written. A disk that is full has no room for a new name either.
  package var isFailedWrite: Bool {
    guard case .system(let step, _, let code) = self else { return false }
    return step != "create" || code == ENOSPC || code == EDQUOT
  }

  /// Whether the system refused it, and not this program.
  package var isFromTheSystem: Bool {
    switch self {
    case .system, .uncreatable: true
    default: false
    }
  }

  /// The error of the system call that has just failed.
  package static func last(_ step: String, _ path: String) -> ResultsError {
    .system(step: step, path: path, code: errno)
  }
}
