import Glibc

/// Why a directory of results cannot be read.
package enum ResultsFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A file is missing, or may not be read.
  case missing(path: String, what: String)
  /// A file does not belong in a directory of results.
  case damaged(path: String, reason: String)

  package var description: String {
    switch self {
    case .missing(let path, let what): "\(path): \(what)"
    case .damaged(let path, let reason): "\(path): \(reason)"
    }
  }

  /// Whether the existing files are wrong.
  package var isDamage: Bool { if case .damaged = self { true } else { false } }

  /// A file is not as it was written.
  package static func changed(_ path: String, _ evidence: String) -> ResultsFolderError {
    .damaged(path: path, reason: "it was changed after it was written: \(evidence)")
  }

  /// The directory itself cannot be opened.
  static func ofDirectory(_ path: String, _ code: Int32) -> ResultsFolderError {
    switch code {
    case ENOENT: .missing(path: path, what: "the directory does not exist")
    case ENOTDIR: .missing(path: path, what: "this is a file; a directory of results is expected")
    default: .missing(path: path, what: "the directory cannot be opened: \(String(cString: strerror(code)))")
    }
  }

  /// A file cannot be opened or read, or is no ordinary file.
  package init(_ error: ResultsError, at path: String) {
    switch error {
    case .system(let step, _, let code):
      self = .missing(path: path, what: "cannot \(step) the file: \(String(cString: strerror(code)))")
    case .notOrdinary: self = .damaged(path: path, reason: "this is not an ordinary file")
    default: self = .missing(path: path, what: "\(error)")
    }
  }
}
