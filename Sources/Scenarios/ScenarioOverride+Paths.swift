import Quantities

/// Paths of keys: `protocol.timeout`, `cohorts[0].count`, `cohorts[wifi].loss`, `cohorts[*].latency`, `segments.trunk.rate`,
/// and `segments[floor 2].rate` for a name that is no key.
extension ScenarioOverride {
  /// The steps of a path; nil if the text is no path.
  package static func steps(_ path: String) -> [Step]? {
    // By hand: every point of a sweep reads paths, and a regular expression is compiled each time.
    var steps: [Step] = []
    var rest = path[...]
    repeat {
      if !steps.isEmpty { rest.removeFirst() }
      let key = rest.prefix { !"[].".contains($0) && !$0.isWhitespace }
      guard !key.isEmpty else { return nil }
      steps.append(.key(String(key)))
      rest = rest[key.endIndex...]
      while rest.first == "[" {
        let element = rest.dropFirst().prefix { !"[]".contains($0) }
        guard !element.isEmpty, rest[element.endIndex...].first == "]" else { return nil }
        steps.append(step(String(element).trimmed))
        rest = rest[element.endIndex...].dropFirst()
      }
    } while rest.first == "."
    return rest.isEmpty && steps.count <= YAMLSource.deepest ? named(steps) : nil
  }

  /// The key of the segments, which have names and no numbers.
  static let segments = "segments"

  /// A segment in brackets is the key of its name.
  private static func named(_ steps: [Step]) -> [Step] {
    guard steps.count > 1, steps[0] == .key(segments) else { return steps }
    var steps = steps
    switch steps[1] {
    case .name(let name): steps[1] = .key(name)
    case .index(let number): steps[1] = .key(String(number))
    case .key, .all: break
    }
    return steps
  }

  /// A segment that is not there. An override of one of its keys does not make it.
  static func noSegment(_ name: String, among entries: [SourceNode.Entry], origin: SourceOrigin) -> ScenarioDiagnostic {
    let names = entries.map(\.key)
    let there = names.isEmpty ? "the scenario has none" : "there are: \(ScenarioReader.list(names))"
    let plain = "\(segments).\(name.excerpt)"
    let path = steps(plain) == nil ? "\(segments)[\(name.excerpt)]" : plain
    return ScenarioDiagnostic(
      .error, origin, path: path, "is no segment; \(there). To add one, give it whole: \(path)={rate: 1 Gbit/s}",
      suggestion: Spelling.nearest(to: name, among: names))
  }

  /// The text in brackets: digits are a number, anything else is a name.
  private static func step(_ text: String) -> Step {
    if text == "*" { return .all }
    let isNumber = text.utf8.count <= 9 && text.utf8.allSatisfy { (48...57).contains($0) }
    guard isNumber, let index = Int(text) else { return .name(text) }
    return .index(index)
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

  /// Whether one path leads to the same value as the other, or to a section that contains it; both are texts.
  package static func overlap(_ left: String, _ right: String, cohorts: [String]) -> Bool {
    guard let left = steps(left), let right = steps(right) else { return false }
    return overlap(left, right, cohorts: cohorts)
  }

  /// Whether one path leads to the same value as the other, or to a section that contains it.
  static func overlap(_ left: [Step], _ right: [Step], cohorts: [String]) -> Bool {
    for (left, right) in zip(left, right) where left != .all && right != .all {
      guard Self.number(left, cohorts) != Self.number(right, cohorts) else { continue }
      // Of two loss models in one place the second one replaces the first.
      guard case .key(let left) = left, case .key(let right) = right else { return false }
      return excludesOthers(left) && excludesOthers(right)
    }
    return true
  }

  /// The number of a cohort, from its name.
  private static func number(_ step: Step, _ cohorts: [String]) -> Step {
    guard case .name(let name) = step, let index = cohorts.firstIndex(of: name) else { return step }
    return .index(index)
  }
}
