extension Scenario {
  /// Reads a scenario file.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for the standard input. Trace files that it names are in its folder or below; those of
  ///     a pipe are in the current folder.
  ///   - overrides: Replacements of values in the file, each as `key.path=value`. The last one wins.
  ///   - varied: What a sweep varies, each as `key.path=values`. It replaces everything that the file varies, and its
  ///     conditions. `+key.path=values` varies together with the one before it.
  ///   - conditions: What the points of a sweep must meet, in addition to the conditions of the file.
  /// - Returns: The scenario, and warnings about it.
  /// - Throws: ``ScenarioError`` with what is wrong.
  package static func load(
    path: String,
    overrides: [String] = [],
    varied: [String] = [],
    conditions: [String] = []
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    try load(ScenarioText(path), overrides: overrides, varied: varied, conditions: conditions)
  }

  /// Reads a scenario from the text of its file, as ``load(path:overrides:varied:conditions:)`` does.
  package static func load(
    _ source: ScenarioText,
    overrides: [String] = [],
    varied: [String] = [],
    conditions: [String] = []
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    let (path, isAtHome) = (source.path, source.isAtHome)
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let folder = !isAtHome || !path.contains("/") ? "." : parent.isEmpty ? "/" : parent
    let reader = ScenarioReader(file: source.file) { name throws(ScenarioReader.FileProblem) in
      try ScenarioFile.trace(name, in: folder)
    }
    let name = isAtHome ? ScenarioFile.stem(path) : "scenario"
    return try parse(
      source.text, with: reader, name: name, overrides: overrides, varied: varied, conditions: conditions)
  }

  /// Reads the text of a scenario, which names no trace file. Messages call it `file`.
  ///
  /// - Throws: ``ScenarioError`` with what is wrong.
  package static func parse(
    text: String,
    file: String,
    overrides: [String] = [],
    varied: [String] = [],
    conditions: [String] = []
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    let reader = ScenarioReader(file: file) { _ throws(ScenarioReader.FileProblem) in
      throw ScenarioReader.FileProblem(message: "is not read from here; write the lost packets out")
    }
    return try parse(
      text, with: reader, name: ScenarioFile.stem(file), overrides: overrides, varied: varied, conditions: conditions)
  }

  private static func parse(
    _ text: String,
    with reader: ScenarioReader,
    name: String,
    overrides: [String],
    varied: [String],
    conditions: [String]
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    var scenario: Scenario?
    do {
      var root = try root(of: text, file: reader.file)
      for override in overrides {
        do { try ScenarioOverride(override).apply(to: &root) } catch { reader.report(error) }
      }
      // Without what is varied, the section of the sweep would be wrong too.
      try ScenarioOverride.varying(varied)?.apply(to: &root)
      try ScenarioOverride.requiring(conditions, in: root, replacing: !varied.isEmpty)?.apply(to: &root)
      scenario = reader.scenario(root, defaultName: name)
    } catch {
      reader.report(error)
    }
    let diagnostics = located(reader.diagnostics, file: reader.file, text: text)
    guard let scenario, !reader.failed else { throw ScenarioError(diagnostics: diagnostics, untold: reader.untold) }
    return (scenario, diagnostics)
  }

  private static func root(of text: String, file: String) throws(ScenarioDiagnostic) -> SourceNode {
    let whole = SourceOrigin(file: file)
    guard text.utf8.count <= YAMLSource.largestFile else {
      throw ScenarioDiagnostic(.error, whole, path: "", "the text is too long for a scenario")
    }
    guard let root = try YAMLSource(file: file, text: text).root() else {
      throw ScenarioDiagnostic(.error, whole, path: "", "the file is empty; 'gapsim init' writes one to start from")
    }
    return root
  }

  /// In the order of the file, each with its line. Messages about an override or another file come first.
  private static func located(_ diagnostics: [ScenarioDiagnostic], file: String, text: String) -> [ScenarioDiagnostic] {
    let lines = lines(Set(diagnostics.filter { $0.file == file }.map(\.line)), of: text)
    let filled = diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      if diagnostic.file == file, let line = lines[diagnostic.line] { diagnostic.sourceLine = line }
      return diagnostic
    }
    return filled.enumerated().sorted {
      let (left, right) = ($0.element, $1.element)
      let (leftLine, rightLine) = (left.file == file ? left.line : 0, right.file == file ? right.line : 0)
      return (leftLine, leftLine == 0 ? 0 : left.column, $0.offset) < (
        rightLine, rightLine == 0 ? 0 : right.column, $1.offset
      )
    }.map(\.element)
  }

  /// Some lines of a text by their numbers from 1.
  private static func lines(_ numbers: Set<Int>, of text: String) -> [Int: String] {
    guard let last = numbers.max(), last > 0 else { return [:] }
    var lines = [Int: String]()
    var rest = text[...]
    for number in 1...last {
      let end = rest.firstIndex(where: \.isNewline) ?? rest.endIndex
      if numbers.contains(number) { lines[number] = String(rest[..<end]) }
      rest = rest[end...].dropFirst()
    }
    return lines
  }
}
