import Quantities
import Results

/// A value that replaces one in the file: `protocol.blksize=512 B` from the command line, or a point of a sweep.
package struct ScenarioOverride {
  /// One step of the path.
  package enum Step: Hashable {
    case key(String)
    /// An element by its number, from 0.
    case index(Int)
    /// A cohort by its name.
    case name(String)
    /// Every element.
    case all
  }

  private let origin: SourceOrigin
  private let steps: [Step]
  private let value: SourceNode

  /// Reads an override. Errors name it.
  package init(_ text: String) throws(ScenarioDiagnostic) {
    let origin = SourceOrigin(file: "--set \(text.excerpt)")
    guard let equals = text.firstIndex(of: "=") else {
      throw ScenarioDiagnostic(
        .error,
        origin,
        path: "",
        "has no '='; write key.path=value, like protocol.blksize=512 B"
      )
    }
    guard let steps = ScenarioOverride.steps(String(text[..<equals]).trimmed) else {
      throw ScenarioDiagnostic(.error, origin, path: "", "is no path of keys; write it like cohorts[0].count=10")
    }
    self.origin = origin
    self.steps = steps
    value = try Self.value(String(text[text.index(after: equals)...]), origin)
  }

  /// Sets a varied key to its value at a point.
  package init(_ varied: VariedKey, origin: SourceOrigin) throws(ScenarioDiagnostic) {
    self.origin = origin
    steps = Self.steps(varied.name) ?? []
    value = try Self.value(varied.value, origin)
  }

  private static func value(_ text: String, _ origin: SourceOrigin) throws(ScenarioDiagnostic) -> SourceNode {
    var node: SourceNode?
    do { node = try YAMLSource(file: origin.file, text: text.trimmed).root() } catch {
      throw ScenarioDiagnostic(.error, origin, path: "", error.message)
    }
    return (node ?? SourceNode(content: .scalar(""), origin: origin)).relocated(to: origin)
  }

  package init(_ origin: SourceOrigin, _ steps: [Step], _ value: SourceNode) {
    self.origin = origin
    self.steps = steps
    self.value = value
  }

  /// Puts the value into the tree, and adds missing keys on the way.
  package func apply(to root: inout SourceNode) throws(ScenarioDiagnostic) {
    try set(steps[...], in: &root, path: "")
  }

  private func set(_ rest: ArraySlice<Step>, in node: inout SourceNode, path: String) throws(ScenarioDiagnostic) {
    switch rest.first {
    case nil: node = value
    case .all where path == Self.segments:
      var entries = node.entries ?? []
      if entries.isEmpty {
        throw ScenarioDiagnostic(.error, origin, path: "\(path)[*]", "the scenario has no segments")
      }
      for index in entries.indices {
        try set(rest.dropFirst(), in: &entries[index].value, path: "\(path).\(entries[index].key)")
      }
      node.content = .mapping(entries)
    case .index, .name, .all:
      var elements = node.elements ?? []
      for index in try Self.indices(of: rest[rest.startIndex], in: elements, at: path, origin: origin) {
        try set(rest.dropFirst(), in: &elements[index], path: "\(path)[\(index)]")
      }
      node.content = .sequence(elements)
    case .key(let key):
      if let elements = node.elements {
        let last = max(elements.count - 1, 0)
        throw ScenarioDiagnostic(
          .error,
          origin,
          path: path.isEmpty ? key : path,
          "is a list; name an element by its number, \(path)[0] … \(path)[\(last)]"
            + (path == "cohorts" ? ", or by its name, or all of them, \(path)[*]" : "")
        )
      }
      var entries = node.entries ?? []
      let below = path.isEmpty ? key : "\(path).\(key)"
      if let index = entries.firstIndex(where: { $0.key == key }) {
        try set(rest.dropFirst(), in: &entries[index].value, path: below)
      } else {
        if path == Self.segments, rest.count > 1 { throw Self.noSegment(key, among: entries, origin: origin) }
        if ScenarioOverride.excludesOthers(key) {
          entries.removeAll { ScenarioOverride.excludesOthers($0.key) || $0.key == MeasuredValues.weightsKey }
        }
        if let other = ScenarioOverride.otherWord[key] { entries.removeAll { $0.key == other } }
        var made = SourceNode(content: .mapping([]), origin: origin)
        try set(rest.dropFirst(), in: &made, path: below)
        entries.append(SourceNode.Entry(key: key, keyOrigin: origin, value: made))
      }
      node.content = .mapping(entries)
    }
  }

  /// Two words for one parameter: `zeta` is the logarithm of `median`.
  private static let otherWord = ["median": "zeta", "zeta": "median"]

  /// A loss model or a distribution replaces another one; it is not added to it.
  static func excludesOthers(_ key: String) -> Bool {
    ScenarioKeys.isChoice(key) || key == "constant"
      || DistributionForm.all.contains { $0.name == key }
  }
}

extension SourceNode {
  /// The mapping without one of its keys.
  package func without(_ key: String) -> SourceNode {
    guard let entries else { return self }
    return SourceNode(content: .mapping(entries.filter { $0.key != key }), origin: origin)
  }

  /// The same value with another position.
  fileprivate func relocated(to origin: SourceOrigin) -> SourceNode {
    switch content {
    case .scalar: SourceNode(content: content, origin: origin)
    case .sequence(let elements):
      SourceNode(content: .sequence(elements.map { $0.relocated(to: origin) }), origin: origin)
    case .mapping(let entries):
      SourceNode(
        content: .mapping(
          entries.map { Entry(key: $0.key, keyOrigin: origin, value: $0.value.relocated(to: origin)) }
        ),
        origin: origin
      )
    }
  }
}
