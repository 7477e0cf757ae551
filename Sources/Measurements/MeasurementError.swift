import Glibc
import Quantities
import Results

/// Why a file of measurements cannot be read.
package struct MeasurementError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  package let file: String
  /// The line, from 1; nil where there is none.
  package let line: Int?
  /// What was found, and what is allowed.
  package let message: String
  /// Whether the file is missing or cannot be read, rather than wrong.
  package let isUnreadable: Bool

  package init(_ file: String, line: Int? = nil, isUnreadable: Bool = false, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
    self.isUnreadable = isUnreadable
  }

  init(_ file: String, _ error: ResultsError) {
    let reason =
      switch error {
      case .system(_, _, ENOENT): "the file does not exist"
      case .system(_, _, let code): "the file cannot be read: \(String(cString: strerror(code)))"
      default: "this is not an ordinary file"
      }
    self.init(file, isUnreadable: true, reason)
  }

  package var description: String { file.printable + (line.map { ":\($0)" } ?? "") + ": " + message }
}
