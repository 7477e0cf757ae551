import Quantities

/// Reads the nodes of a scenario by the table of keys, and collects everything that is wrong on the way.
///
/// A value that is wrong is replaced by its default, so that reading goes on and one pass finds all errors.
final class ScenarioReader {
  /// The file's name as messages show it.
  let file: String
  /// Reads a file that the scenario names, by its name relative to the scenario; it throws what is wrong with it.
  let readFile: (String) throws(FileProblem) -> String
  /// The most errors that are told one by one, and the most warnings; the others are counted.
  static let mostMessages = 20

  /// What was found so far, as far as it is told.
  private(set) var diagnostics = [ScenarioDiagnostic]()
  /// How many errors and warnings were found, told or not.
  private var found = [ScenarioDiagnostic.Severity: Int]()
  /// The runs of lost packets of all traces so far.
  var traceRuns = 0
  /// Where each key that is given has its value, by its path.
  private var origins = [String: SourceOrigin]()

  /// Why a file cannot be read, in words.
  struct FileProblem: Error {
    let message: String
  }

  init(file: String, readFile: @escaping (String) throws(FileProblem) -> String) {
    self.file = file
    self.readFile = readFile
  }

  /// A mapping that is being read.
  struct Section {
    /// Its path in the table of keys.
    let pattern: String
    /// Its path in this file.
    let path: String
    let origin: SourceOrigin
    /// Whether it stands there at all: what does not is reported as a whole, not key by key.
    var isWhole = true
    fileprivate(set) var values = [String: SourceNode]()

    func pattern(of name: String) -> String { pattern.isEmpty ? name : "\(pattern).\(name)" }
    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    subscript(name: String) -> SourceNode? { values[name] }
  }

  // MARK: - Diagnostics

  /// Whether anything is wrong.
  var failed: Bool { found[.error] != nil }

  /// How many errors and warnings are not among ``diagnostics``.
  var untold: Int { found.values.reduce(0, +) - diagnostics.count }

  func error(
    _ origin: SourceOrigin,
    _ path: @autoclosure () -> String,
    _ message: @autoclosure () -> String,
    suggestion: @autoclosure () -> String? = nil
  ) {
    report(.error) { ScenarioDiagnostic(.error, origin, path: path(), message(), suggestion: suggestion()) }
  }

  func warn(_ origin: SourceOrigin, _ path: @autoclosure () -> String, _ message: @autoclosure () -> String) {
    report(.warning) { ScenarioDiagnostic(.warning, origin, path: path(), message()) }
  }

  func report(_ diagnostic: ScenarioDiagnostic) { report(diagnostic.severity) { diagnostic } }

  /// The first of some errors.
  func report(_ errors: [ScenarioDiagnostic], of count: Int) {
    errors.forEach(report)
    found[.error, default: 0] += count - errors.count
  }

  /// Counts a message, and makes it if it is one of the first: a file may have millions of errors.
  private func report(_ severity: ScenarioDiagnostic.Severity, _ diagnostic: () -> ScenarioDiagnostic) {
    let number = (found[severity] ?? 0) + 1
    found[severity] = number
    if number <= Self.mostMessages { diagnostics.append(diagnostic()) }
  }

  /// Whether the key is given in the file or by an override.
  func isGiven(_ path: String) -> Bool { origins[path] != nil }

  /// Where the first of these keys that is given has its value; the file as a whole if none is.
  func origin(of paths: String...) -> SourceOrigin {
    paths.lazy.compactMap { self.origins[$0] }.first ?? SourceOrigin(file: file)
  }

  // MARK: - Sections

  /// Opens a mapping: each of its keys must be in the table.
  func section(_ node: SourceNode, pattern: String, path: String) -> Section {
    var section = Section(pattern: pattern, path: path, origin: node.origin)
    guard let entries = node.entries else {
      if node.scalar != "" {
        mismatch(node, path, expected: "keys")
        section.isWhole = false
      }
      return section
    }
    let allowed = ScenarioKeys.keys(of: pattern).map(\.name)
    for entry in entries {
      if allowed.contains(entry.key) {
        section.values[entry.key] = entry.value
        origins[section.path(of: entry.key)] = entry.value.origin
      } else {
        report(.error) { unknownKey(entry, in: section, allowed: allowed) }
      }
    }
    return section
  }

  private func unknownKey(_ entry: SourceNode.Entry, in section: Section, allowed: [String]) -> ScenarioDiagnostic {
    let listed = allowed.joined(separator: ", ")
    let nearest = Spelling.nearest(to: entry.key, among: allowed)
    let home = nearest == nil ? home(of: entry.key, section).map { "; \($0)" } ?? "" : ""
    return ScenarioDiagnostic(
      .error,
      entry.keyOrigin,
      path: section.path(of: entry.key.excerpt),
      "unknown key\(home); allowed here: \(listed)",
      suggestion: nearest
    )
  }

  /// Where a key that is right elsewhere belongs.
  private func home(of key: String, _ section: Section) -> String? {
    if section["at"] == nil, ["join", "leaves"].contains(section.pattern),
      DistributionForm.all.contains(where: { $0.name == key })
    {
      return "a distribution goes under 'at', like {at: {\(key): …}}"
    }
    let sections = Set(["file", "protocol", "protocol.promotion", "server", "cohorts[]", "limits", "sweep"])
    let found = ScenarioKeys.sections(withKey: key).first { sections.contains($0) }
    return found.map { "'\(key)' belongs under '\($0)'" }
  }

  /// A section inside another one; empty when it is not given.
  func subsection(_ section: Section, _ name: String) -> Section {
    let pattern = section.pattern(of: name)
    let path = section.path(of: name)
    guard let node = section[name] else {
      if ScenarioKeys.key(pattern).fallback == .required { missing(name, in: section) }
      return Section(pattern: pattern, path: path, origin: section.origin, isWhole: false)
    }
    return self.section(node, pattern: pattern, path: path)
  }

  // MARK: - Values

  /// A key's value: what is given, if it is right, else the default; nil if there is none.
  func value<Value>(
    _ section: Section,
    _ name: String,
    _ convert: (SourceNode, ScenarioKey, String) -> Value?
  ) -> Value? {
    let key = ScenarioKeys.key(section.pattern(of: name))
    let path = section.path(of: name)
    if let node = section[name] {
      if key.takesNone, node.scalar == "none" { return nil }
      if node.scalar == "" {
        error(node.origin, path, "has no value; give \(key.form.expectation)\(key.takesNone ? ", or none" : "")")
      } else if let value = convert(node, key, path) {
        return value
      }
    } else if key.fallback == .required {
      missing(name, in: section)
    }
    guard case .value(let fallback) = key.fallback else { return nil }
    return convert(SourceNode(content: .scalar(fallback), origin: section.origin), key, path)
  }

  private func missing(_ name: String, in section: Section) {
    guard section.isWhole else { return }
    let example = ScenarioKeys.key(section.pattern(of: name)).example
    error(section.origin, section.path(of: name), "is missing; add it, like '\(name): \(example)'")
  }

  func integer(_ section: Section, _ name: String) -> UInt64? { value(section, name, integer) }
  func quantity(_ section: Section, _ name: String) -> UInt64? { value(section, name, quantity) }
  func choice(_ section: Section, _ name: String) -> String? { value(section, name, choice) }

  func flag(_ section: Section, _ name: String) -> Bool? {
    value(section, name) { node, _, path in
      switch node.scalar {
      case "true": return true
      case "false": return false
      default:
        let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][node.scalar?.lowercased() ?? ""]
        self.error(node.origin, path, "\(node.found) is neither true nor false", suggestion: meant)
        return nil
      }
    }
  }

  func integer(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> UInt64? {
    guard case .integer(let range) = key.form else { preconditionFailure("\(key.path) is no integer") }
    return number(node, key, path, in: range, PlainNumber.integer)
  }

  func quantity(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> UInt64? {
    guard case .quantity(let dimension, let range) = key.form else { preconditionFailure("\(key.path) has no unit") }
    return number(node, key, path, in: range, dimension.parse)
  }

  private func number(
    _ node: SourceNode,
    _ key: ScenarioKey,
    _ path: String,
    in range: ClosedRange<UInt64>,
    _ parse: (String) -> Result<UInt64, QuantityError>
  ) -> UInt64? {
    guard let text = node.scalar else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    guard let value = unwrap(parse(text), node, path, allowed: key.form.range) else { return nil }
    guard range.contains(value) else {
      error(node.origin, path, "\(node.found) is out of range; allowed: \(key.form.range ?? "")")
      return nil
    }
    return value
  }

  private func choice(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> String? {
    guard case .choice(let words) = key.form else { preconditionFailure("\(key.path) is no choice") }
    if let text = node.scalar, words.contains(text) { return text }
    error(
      node.origin,
      path,
      "\(node.found) is not allowed; allowed: \(words.joined(separator: ", "))",
      suggestion: node.scalar.flatMap { Spelling.nearest(to: $0, among: words) }
    )
    return nil
  }

  /// Text without control characters (line ends apart, if it may have several lines) of at most `longest` characters.
  func text(_ section: Section, _ name: String, longest: Int, lines: Bool) -> String? {
    guard let node = section[name] else { return nil }
    let path = section.path(of: name)
    guard let text = node.scalar else {
      mismatch(node, path, expected: ScenarioKeys.key(section.pattern(of: name)).form.expectation)
      return nil
    }
    let control = text.unicodeScalars.contains {
      $0.properties.generalCategory == .control && !(lines && ($0 == "\n" || $0 == "\t"))
    }
    if control {
      error(node.origin, path, "\(node.found) has a control character; write plain text\(lines ? "" : " on one line")")
    }
    if text.unicodeScalars.count > longest {
      error(node.origin, path, "has \(text.unicodeScalars.count) characters; allowed: at most \(longest)")
    }
    if text.trimmed.isEmpty, !lines { error(node.origin, path, "has no value; give a name or remove the key") }
    return text
  }

  // MARK: - Helpers

  func mismatch(_ node: SourceNode, _ path: String, expected: String) {
    error(node.origin, path, "found \(node.found), expected \(expected)")
  }

  /// The value of a conversion; what is wrong with it becomes an error here.
  func unwrap<Value>(
    _ result: Result<Value, QuantityError>,
    _ node: SourceNode,
    _ path: String,
    allowed: String? = nil
  ) -> Value? {
    switch result {
    case .success(let value): return value
    case .failure(let problem):
      let range = allowed.map { "; allowed: \($0)" } ?? ""
      error(
        node.origin,
        path,
        problem.message + (problem.message.contains("allowed") ? "" : range),
        suggestion: problem.suggestion
      )
      return nil
    }
  }
}
