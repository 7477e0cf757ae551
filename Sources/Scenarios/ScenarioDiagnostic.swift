import Quantities

/// A position in a file, or in an override from the command line.
package struct SourceOrigin: Hashable, Sendable {
  /// The file as the user named it, or the override with its option.
  package var file: String
  /// The line from 1; 0 when there is none (an override, or the file as a whole).
  package var line = 0
  /// The column from 1, in Unicode scalars.
  package var column = 0

  /// A place of a file, or a file as a whole.
  package init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One error or warning in a scenario.
package struct ScenarioDiagnostic: Error, Hashable, Sendable {
  /// Whether the scenario can run all the same.
  package enum Severity: String, Hashable, Sendable {
    case error, warning
  }

  /// Whether the scenario can run all the same.
  package var severity: Severity
  /// The file as the user named it, or the override (`--set seed=1`).
  package var file: String
  /// The line in ``file`` from 1; 0 for an override or a whole file.
  package var line: Int
  /// The column from 1, in Unicode scalars.
  package var column: Int
  /// The key that it is about, with its position (`cohorts[0].loss`); empty for the file as a whole.
  package var path: String
  /// What was found, and what is allowed.
  package var message: String
  /// The nearest right spelling.
  package var suggestion: String?
  /// The line of the file that it points at.
  package var sourceLine: String?

  init(_ severity: Severity, _ origin: SourceOrigin, path: String, _ message: String, suggestion: String? = nil) {
    self.severity = severity
    self.file = origin.file
    self.line = origin.line
    self.column = origin.column
    self.path = path
    self.message = message
    self.suggestion = suggestion
  }
}

extension ScenarioDiagnostic: CustomStringConvertible {
  /// As compilers write it: `file:line:column: error: key: message`, then the line and a caret.
  package var description: String {
    let place = file.printable + (line > 0 ? ":\(line):\(column)" : "")
    var text = "\(place): \(severity.rawValue): \(path.isEmpty ? "" : path + ": ")\(message)"
    if let suggestion { text += "; did you mean '\(suggestion)'?" }
    if let sourceLine, !sourceLine.isEmpty { text += "\n" + ScenarioDiagnostic.excerpt(sourceLine, column: column) }
    return text
  }

  /// The line with a caret under `column`; of a very long line only the part around it.
  private static func excerpt(_ line: String, column: Int) -> String {
    let scalars = Array(line.unicodeScalars)
    let caret = min(max(column, 1), scalars.count + 1) - 1
    let start = caret > 100 ? caret - 60 : 0
    let end = min(scalars.count, start + 120)
    var shown = String.UnicodeScalarView()
    var indent = ""
    for index in start..<max(start, end) {
      let scalar = scalars[index]
      shown.append(scalar.isPrintable || scalar == "\t" ? scalar : "\u{FFFD}")
      if index < caret { indent += scalar == "\t" ? "\t" : " " }
    }
    return "  \(String(shown))\n  \(indent)^"
  }
}

/// A scenario that cannot run, with what is wrong with it.
package struct ScenarioError: Error, Hashable, Sendable {
  /// The first errors, and the first warnings, in the order of the file.
  package var diagnostics: [ScenarioDiagnostic]
  /// How many more there are.
  package var untold = 0
  /// Whether the file could not be read.
  package var isUnreadable = false

  /// What is wrong with a scenario.
  package init(diagnostics: [ScenarioDiagnostic], untold: Int = 0, isUnreadable: Bool = false) {
    self.diagnostics = diagnostics
    self.untold = untold
    self.isUnreadable = isUnreadable
  }
}

extension ScenarioError: CustomStringConvertible {
  /// Makes the error from diagnostics and their number.
  package var description: String {
    let lines = diagnostics.map(\.description)
    let errors = diagnostics.count { $0.severity == .error }
    let count = untold > 0 ? "… and \(UInt64(untold).grouped) more" : errors == 1 ? "1 error" : "\(errors) errors"
    return (lines + [count]).joined(separator: "\n")
  }
}
