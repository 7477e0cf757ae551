import Glibc

/// Why a directory of results is not read.
package enum ResultsFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Something that should be read is not there, or must not be read.
  case missing(path: String, what: String)
  /// A file is not what a directory of results holds.
  case damaged(path: String, reason: String)

  package var description: String {
    switch self {
    case .missing(let path, let what): "\(path): \(what)"
    case .damaged(let path, let reason): "\(path): \(reason)"
    }
  }

  /// Whether something is wrong with what is there.
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

  /// A file cannot be opened or read, or is none.
  package init(_ error: ResultsError, at path: String) {
    switch error {
    case .system(let step, _, let code):
      self = .missing(path: path, what: "cannot \(step) the file: \(String(cString: strerror(code)))")
    case .notOrdinary: self = .damaged(path: path, reason: "this is not an ordinary file")
    default: self = .missing(path: path, what: "\(error)")
    }
  }
}
