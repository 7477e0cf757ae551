import Quantities

/// Names of scenarios and cohorts, which stand in file names and in columns of CSV files.
extension ScenarioReader {
  /// The most bytes of a scenario's name.
  ///
  /// A file's name has at most 255. The program's own, like `.NAME-sweep.plots.partial.1234567890`, add up to 50.
  static let longestName = 200

  /// The scenario's name, given or that of its file.
  func name(_ root: Section, default fallback: String) -> String {
    let given = text(root, "name", longest: Self.longestName, lines: false)
    let name = given ?? fallback
    let origin = origin(of: "name")
    let remedy = given == nil ? "; the name is the file's, give another by 'name:'" : ""
    if let problem = Self.problem(ofFileName: name) ?? Self.problem(ofText: name) {
      error(origin, "name", "'\(name.excerpt)' \(problem)\(remedy)")
    } else if let doubt = Self.doubt(about: name) {
      warn(origin, "name", "'\(name.excerpt)' \(doubt)\(remedy)")
    }
    return name
  }

  /// A cohort's name, given or made from its place in the list.
  func cohortName(_ section: Section, default fallback: String) -> String {
    guard let name = text(section, "name", longest: 200, lines: false) else { return fallback }
    let path = section.path(of: "name")
    if let problem = Self.problem(ofText: name) {
      error(origin(of: path), path, "'\(name.excerpt)' \(problem)")
    } else if let doubt = Self.doubt(about: name) {
      warn(origin(of: path), path, "'\(name.excerpt)' \(doubt)")
    }
    return name
  }

  /// Why results cannot be kept in a directory of this name.
  private static func problem(ofFileName name: String) -> String? {
    if name.contains("/") { return "has a '/', but a name is the name of a directory and no path; see --output" }
    if name.hasPrefix(".") { return "begins with a point, which hides its directory" }
    let bytes = name.utf8.count
    if bytes > longestName { return "takes \(bytes) bytes; allowed: at most \(longestName), as part of file names" }
    return nil
  }

  /// Why no reader of a table should meet this text.
  private static func problem(ofText name: String) -> String? {
    if let first = name.trimmed.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) {
      return "begins with '\(first)', which makes it a formula to a spreadsheet"
    }
    let turning = name.unicodeScalars.first { $0.properties.isBidiControl }
    return turning.map { "has the mark U+\(String($0.value, radix: 16, uppercase: true)), which turns text around" }
  }

  /// What readers of a table take the text for.
  private static func doubt(about name: String) -> String? {
    let word = name.trimmed
    if missingValues.contains(word.lowercased()) {
      return "is a missing value to pandas, R and others, which leave such rows out"
    }
    return Double(word) == nil ? nil : "is a number to readers of the results: 0012 becomes 12"
  }

  /// What pandas, R and others take for no value, in lower case.
  private static let missingValues: Set<String> = [
    "na", "n/a", "nan", "null", "none", "nil", "#n/a", "#na", "<na>",
  ]
}
