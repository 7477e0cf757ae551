import Quantities

/// Paths of keys: `protocol.timeout`, `cohorts[0].count`, `cohorts[wifi].loss`, `cohorts[*].latency`.
extension ScenarioOverride {
  /// The steps of a path; nil if the text is no path.
  package static func steps(_ path: String) -> [Step]? {
    var steps: [Step] = []
    var rest = path[...]
    repeat {
      if !steps.isEmpty { rest.removeFirst() }
      guard let match = rest.prefixMatch(of: #/([^\[\]\s.]+)((?:\[[^\[\]]+\])*)/#) else { return nil }
      steps.append(.key(String(match.1)))
      steps += match.2.split(whereSeparator: { "[]".contains($0) }).map { step(String($0).trimmed) }
      rest = rest[match.range.upperBound...]
    } while rest.first == "."
    return rest.isEmpty && steps.count <= YAMLSource.deepest ? steps : nil
  }

  /// The text in brackets: digits are a number, anything else is a name.
  private static func step(_ text: String) -> Step {
    if text == "*" { return .all }
    if text.wholeMatch(of: #/[0-9]{1,9}/#) != nil, let index = Int(text) { return .index(index) }
    return .name(text)
  }

  /// The elements of a list that a step selects, at least one.
  ///
  /// - Throws: an error if there are none, with what there is, or the nearest name.
  package static func indices(
    of step: Step, in elements: [SourceNode], at path: String, origin: SourceOrigin
  ) throws(ScenarioDiagnostic) -> [Int] {
    let count = elements.count
    let allowed = count == 0 ? "it has no elements" : "allowed: 0 … \(count - 1)"
    switch step {
    case .index(let index):
      guard elements.indices.contains(index) else {
        throw ScenarioDiagnostic(.error, origin, path: "\(path)[\(index)]", "no such element; \(allowed)")
      }
      return [index]
    case .name(let name):
      let place = "\(path)[\(name.excerpt)]"
      guard path == "cohorts" else {
        let words = count == 0 ? "is no list" : "its elements have no names; name one by its number, \(path)[0]"
        throw ScenarioDiagnostic(.error, origin, path: place, words)
      }
      let names = elements.indices.map { cohortName(elements[$0], at: $0) }
      if let index = names.firstIndex(of: name) { return [index] }
      let listed = names.prefix(10).map { "'\($0.excerpt)'" }.joined(separator: ", ") + (count > 10 ? " …" : "")
      throw ScenarioDiagnostic(
        .error, origin, path: place, "no cohort is called so; " + (count == 0 ? allowed : "there are \(listed)"),
        suggestion: Spelling.nearest(to: name, among: names))
    case .all:
      guard count > 0 else { throw ScenarioDiagnostic(.error, origin, path: "\(path)[*]", allowed) }
      return Array(elements.indices)
    case .key: preconditionFailure("a key is no element")
    }
  }

  /// The names of the cohorts of a scenario, in their order.
  static func cohortNames(in root: SourceNode) -> [String] {
    let cohorts = root.entries?.first { $0.key == "cohorts" }?.value.elements ?? []
    return cohorts.indices.map { cohortName(cohorts[$0], at: $0) }
  }

  private static func cohortName(_ cohort: SourceNode, at index: Int) -> String {
    cohort.entries?.first { $0.key == "name" }?.value.scalar ?? defaultCohortName(at: index)
  }

  /// The name of a cohort without a name.
  static func defaultCohortName(at index: Int) -> String { "cohort-\(index + 1)" }

  /// Whether one path leads to the same value as the other, or to a section that contains it.
  static func overlap(_ left: [Step], _ right: [Step], cohorts: [String]) -> Bool {
    zip(left, right).allSatisfy { left, right in
      if left == .all || right == .all { return true }
      return Self.number(left, cohorts) == Self.number(right, cohorts)
    }
  }

  /// The number of a cohort, from its name.
  private static func number(_ step: Step, _ cohorts: [String]) -> Step {
    guard case .name(let name) = step, let index = cohorts.firstIndex(of: name) else { return step }
    return .index(index)
  }
}
