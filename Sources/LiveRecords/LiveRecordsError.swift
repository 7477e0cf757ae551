/// Why records of live runs cannot be kept or joined.
package enum LiveRecordsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing at any of the paths.
  case noRecords(paths: [String])
  /// A path does not exist.
  case missing(path: String)
  /// A directory holds what was joined already.
  case joined(path: String)
  /// A file is no record.
  case damaged(path: String, reason: String)
  /// Runs that are of different files, or of different protocols.
  case different(what: String, first: String, other: String)
  /// A scenario that cannot be read back.
  case scenario(String)
  /// There are too many records of one name.
  case full(directory: String)

  package var description: String {
    switch self {
    case .noRecords(let paths):
      "\(paths.joined(separator: ", ")): there is no record of a live run; 'gapcast serve' and 'gapcast fetch' write them "
        + "with --results DIR"
    case .missing(let path): "\(path) does not exist"
    case .joined(let path):
      "\(path) holds what was gathered already; give the directories that 'serve' and 'fetch' wrote"
    case .damaged(let path, let reason): "\(path): \(reason)"
    case .different(let what, let first, let other):
      "the runs are of different \(what): \(first) and \(other); gather those of each by themselves"
    case .scenario(let reason): "the scenario of the record cannot be read:\n\(reason)"
    case .full(let directory): "\(directory) has too many results of one name; give another directory"
    }
  }
}
