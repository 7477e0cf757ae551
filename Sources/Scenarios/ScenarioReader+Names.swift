import Quantities

/// Names of scenarios and cohorts. They appear in file names and in columns of CSV files.
extension ScenarioReader {
  /// The most bytes of a scenario's name.
  ///
  /// A file's name has at most 255 bytes. The program adds up to 50, as in `.NAME-sweep.plots.partial.1234567890`.
  static let longestName = 200

  /// Checks the scenario's name, given or that of its file.
  func checkName(_ name: String) {
    let place = Place(reader: self, path: "name")
    let remedy = isGiven("name") ? "" : "; the name is the file's, give another by 'name:'"
    if let problem = Self.problem(ofFileName: name) {
      place.error(origin(of: "name"), "'\(name.excerpt)' \(problem)\(remedy)")
    } else {
      Self.check(name, origin(of: "name"), place, remedy: remedy)
    }
  }

  /// Checks a text for tables.
  static func check(_ name: String, _ origin: SourceOrigin, _ place: Place, remedy: String = "") {
    if let problem = problem(ofText: name) {
      place.error(origin, "'\(name.excerpt)' \(problem)\(remedy)")
    } else if let doubt = doubt(about: name) {
      place.warn(origin, "'\(name.excerpt)' \(doubt)\(remedy)")
    }
  }

  /// Why results cannot be kept in a directory of this name.
  private static func problem(ofFileName name: String) -> String? {
    if name.contains("/") { return "has a '/', but a name is the name of a directory and no path; see --output" }
    if name.hasPrefix(".") { return "begins with a point, which hides its directory" }
    let bytes = name.utf8.count
    if bytes > longestName { return "takes \(bytes) bytes; allowed: at most \(longestName), as part of file names" }
    return nil
  }

  /// Why a table should not contain this text.
  private static func problem(ofText name: String) -> String? {
    if let first = name.trimmed.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) {
      return "begins with '\(first)', which makes it a formula to a spreadsheet"
    }
    func code(_ scalar: Unicode.Scalar) -> String { "U+\(String(scalar.value, radix: 16, uppercase: true))" }
    if let turning = name.unicodeScalars.first(where: \.properties.isBidiControl) {
      return "has the mark \(code(turning)), which turns text around"
    }
    return name.unicodeScalars.first(where: isUnseen).map { "has the mark \(code($0)), which nobody sees" }
  }

  /// Whether a character only makes a name another one, or ends its line. The joiners are letters of some scripts.
  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
    case .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// What readers of a table would take the text for.
  private static func doubt(about name: String) -> String? {
    let word = name.trimmed
    if missingValues.contains(word.lowercased()) {
      return "is a missing value to pandas, R and others, which leave such rows out"
    }
    return Double(word) == nil ? nil : "is a number to readers of the results: 0012 becomes 12"
  }

  /// Texts that pandas, R and others take for no value, in lower case.
  private static let missingValues: Set<String> = [
    "na", "n/a", "nan", "null", "none", "nil", "#n/a", "#na", "<na>",
  ]
}

extension Form where Value == String {
  /// The name of a cohort or a segment.
  static var nameInTables: Form {
    var form = Form.name(longest: 200)
    form.read = { [read = form.read] node, place in
      let name = read(node, place)
      if let name { ScenarioReader.check(name, node.origin, place) }
      return name
    }
    return form
  }
}
