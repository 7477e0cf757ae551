import Glibc

/// What is wrong with a CSV file: where, what was found, and what is allowed.
package struct CSVError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package let path: String
  /// The line of the file, from 1; nil if the fault has no line.
  package let line: Int?
  /// The name of the column; nil if the fault has no column.
  package let column: String?
  /// What was found, and what is allowed.
  package let message: String
  /// Whether the file is missing or cannot be read, rather than wrong.
  package let isUnreadable: Bool

  package init(path: String, line: Int? = nil, column: String? = nil, isUnreadable: Bool = false, _ message: String) {
    self.path = path
    self.line = line
    self.column = column
    self.message = message
    self.isUnreadable = isUnreadable
  }

  /// A file that cannot be opened or read.
  package init(unreadable path: String, _ error: ResultsError) {
    let reason =
      switch error {
      case .system(_, _, ENOENT): "the file does not exist"
      case .system(_, _, let code): "the file cannot be read: \(String(cString: strerror(code)))"
      default: "this is not an ordinary file"
      }
    self.init(path: path, isUnreadable: true, reason)
  }

  package var description: String {
    path + (line.map { ":\($0)" } ?? "") + ": " + (column.map { "\($0): " } ?? "") + message
  }
}
