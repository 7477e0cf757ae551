import Quantities

/// Collects all errors while the keys of a scenario are read.
package final class ScenarioReader {
  /// The file's name as messages show it.
  let file: String
  /// Reads a file that the scenario names, by its name relative to the scenario, or throws what is wrong with it.
  let readFile: (String) throws(FileProblem) -> String
  /// The most errors, and the most warnings, that are printed one by one. The others are counted.
  static let mostMessages = 20

  /// The errors and warnings so far that are printed.
  package private(set) var diagnostics = [ScenarioDiagnostic]()
  /// How many errors and warnings were found, printed or not.
  private var found = [ScenarioDiagnostic.Severity: Int]()
  /// The runs of lost packets of all traces so far.
  var traceRuns = 0
  /// The checks to make after everything has been read.
  private var checks = [(ScenarioDraft) -> Void]()
  /// The position of the value of each given key, by its path.
  private var origins = [String: SourceOrigin]()

  /// Why a file cannot be read, in words.
  package struct FileProblem: Error {
    let message: String

    /// A file that cannot be read; the message says why.
    package init(message: String) { self.message = message }
  }

  package init(file: String, readFile: @escaping (String) throws(FileProblem) -> String) {
    self.file = file
    self.readFile = readFile
  }

  /// A mapping that is being read.
  struct Mapping {
    let origin: SourceOrigin
    /// Whether it exists. A missing section is reported as a whole, not key by key.
    var isWhole = true
    fileprivate(set) var values = [String: SourceNode]()

    subscript(name: String) -> SourceNode? { values[name] }
  }

  // MARK: - Diagnostics

  /// Whether anything is wrong.
  var failed: Bool { found[.error] != nil }

  /// How many errors and warnings are not among ``diagnostics``.
  var untold: Int { found.values.reduce(0, +) - diagnostics.count }

  func error(
    _ origin: SourceOrigin, _ path: @autoclosure () -> String, _ message: @autoclosure () -> String,
    suggestion: @autoclosure () -> String? = nil
  ) { report(.error) { ScenarioDiagnostic(.error, origin, path: path(), message(), suggestion: suggestion()) } }

  func warn(_ origin: SourceOrigin, _ path: @autoclosure () -> String, _ message: @autoclosure () -> String) {
    report(.warning) { ScenarioDiagnostic(.warning, origin, path: path(), message()) }
  }

  func report(_ diagnostic: ScenarioDiagnostic) { report(diagnostic.severity) { diagnostic } }

  /// The first of some errors.
  func report(_ errors: [ScenarioDiagnostic], of count: Int) {
    errors.forEach(report)
    found[.error, default: 0] += count - errors.count
  }

  /// Counts a message, and makes it only if it is one of the first, because a file may have millions of errors.
  private func report(_ severity: ScenarioDiagnostic.Severity, _ diagnostic: () -> ScenarioDiagnostic) {
    let number = (found[severity] ?? 0) + 1
    found[severity] = number
    if number <= Self.mostMessages { diagnostics.append(diagnostic()) }
  }

  /// Whether the key is given in the file or by an override.
  func isGiven(_ path: String) -> Bool { origins[path] != nil }

  /// The position of the value of the first given key of these; the file as a whole if none is given.
  func origin(of paths: String...) -> SourceOrigin {
    paths.lazy.compactMap { self.origins[$0] }.first ?? SourceOrigin(file: file)
  }

  /// Notes the position of a value whose key the author chose.
  func note(_ origin: SourceOrigin, of path: String) { origins[path] = origin }

  // MARK: - Mappings

  /// Opens a mapping. Each of its keys must be among `names`; `hint` says where another word belongs.
  func mapping(
    _ node: SourceNode, _ names: [String], _ place: Place, hint: (String, Mapping) -> String? = { _, _ in nil }
  ) -> Mapping {
    var mapping = Mapping(origin: node.origin)
    guard let entries = node.entries else {
      if node.scalar != "" {
        place.error(node.origin, node.isNot("keys"))
        mapping.isWhole = false
      }
      return mapping
    }
    for entry in entries {
      if names.contains(entry.key) {
        mapping.values[entry.key] = entry.value
        origins[place.key(entry.key).path] = entry.value.origin
      } else {
        unknownKey(entry, place, among: names) { hint($0, mapping) }
      }
    }
    return mapping
  }

  private func unknownKey(_ entry: SourceNode.Entry, _ place: Place, among names: [String], hint: (String) -> String?) {
    report(.error) {
      let nearest = Spelling.nearest(to: entry.key, among: names)
      let home = ScenarioKeys.home(of: entry.key).map { "'\(entry.key)' belongs under '\($0)'" }
      let advice = nearest == nil ? (hint(entry.key) ?? home).map { "; \($0)" } ?? "" : ""
      return ScenarioDiagnostic(
        .error, entry.keyOrigin, path: place.key(entry.key.excerpt).path,
        "unknown key\(advice); allowed here: \(names.joined(separator: ", "))", suggestion: nearest)
    }
  }

  // MARK: - Checks

  /// Checks something after everything has been read.
  func afterwards(_ check: @escaping (ScenarioDraft) -> Void) { checks.append(check) }

  /// Makes all checks that had to wait until everything was read.
  func checkAfterwards(_ draft: ScenarioDraft) {
    for check in checks { check(draft) }
    checks = []
  }
}
