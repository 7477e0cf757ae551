/// A value that takes the place of one in the file: `protocol.blksize=512 B` from the command line, or a point of a sweep.
struct ScenarioOverride {
  /// One step of the path.
  enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  private let origin: SourceOrigin
  private let steps: [Step]
  private let value: SourceNode

  /// Reads an override; what is wrong with it names it.
  init(_ text: String) throws(ScenarioDiagnostic) {
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

  /// Puts a varied key to its value at a point.
  init(_ varied: VariedKey, origin: SourceOrigin) throws(ScenarioDiagnostic) {
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

  /// Overrides of `sweep.vary` that have the keys of `--vary` options, and no others; none for no options.
  static func varying(_ options: [String]) throws(ScenarioDiagnostic) -> [ScenarioOverride] {
    guard !options.isEmpty else { return [] }
    let vary = [Step.key("sweep"), .key("vary")]
    let whole = SourceOrigin(file: "--vary")
    var overrides = [ScenarioOverride(whole, vary, SourceNode(content: .mapping([]), origin: whole))]
    var names = Set<String>()
    for option in options {
      let origin = SourceOrigin(file: "--vary \(option.excerpt)")
      guard let equals = option.firstIndex(of: "=") else {
        throw ScenarioDiagnostic(
          .error, origin, path: "", "has no '='; write key.path=values, like protocol.windowsize=1,2,4")
      }
      let name = String(option[..<equals]).trimmed
      guard names.insert(name).inserted else {
        throw ScenarioDiagnostic(.error, origin, path: name, "is varied twice; name all its values in one option")
      }
      let values = SourceNode(content: .scalar(String(option[option.index(after: equals)...]).trimmed), origin: origin)
      overrides.append(ScenarioOverride(origin, vary + [.key(name)], values))
    }
    return overrides
  }

  private init(_ origin: SourceOrigin, _ steps: [Step], _ value: SourceNode) {
    self.origin = origin
    self.steps = steps
    self.value = value
  }

  static func steps(_ path: String) -> [Step]? {
    var steps = [Step]()
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard let match = part.wholeMatch(of: #/([^\[\]\s]+)((?:\[[0-9]{1,9}\])*)/#) else { return nil }
      steps.append(.key(String(match.1)))
      steps += match.2.matches(of: #/[0-9]+/#).compactMap { Int($0.output) }.map { .index($0) }
    }
    return steps.count <= YAMLSource.deepest ? steps : nil
  }

  /// Puts the value into the tree; keys on the way that are missing are made.
  func apply(to root: inout SourceNode) throws(ScenarioDiagnostic) {
    try set(steps[...], in: &root, path: "")
  }

  private func set(_ rest: ArraySlice<Step>, in node: inout SourceNode, path: String) throws(ScenarioDiagnostic) {
    switch rest.first {
    case nil: node = value
    case .index(let index):
      guard var elements = node.elements, elements.indices.contains(index) else {
        let count = node.elements?.count ?? 0
        let allowed = count == 0 ? "it has no elements" : "allowed: 0 … \(count - 1)"
        throw ScenarioDiagnostic(.error, origin, path: "\(path)[\(index)]", "no such element; \(allowed)")
      }
      try set(rest.dropFirst(), in: &elements[index], path: "\(path)[\(index)]")
      node.content = .sequence(elements)
    case .key(let key):
      if let elements = node.elements {
        let last = max(elements.count - 1, 0)
        throw ScenarioDiagnostic(
          .error,
          origin,
          path: path.isEmpty ? key : path,
          "is a list; name an element by its number, \(path)[0] … \(path)[\(last)]"
        )
      }
      var entries = node.entries ?? []
      let below = path.isEmpty ? key : "\(path).\(key)"
      if let index = entries.firstIndex(where: { $0.key == key }) {
        try set(rest.dropFirst(), in: &entries[index].value, path: below)
      } else {
        if ScenarioOverride.excludesOthers(key) { entries.removeAll { ScenarioOverride.excludesOthers($0.key) } }
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

  /// A loss model or a distribution takes the place of another one, it does not stand beside it.
  private static func excludesOthers(_ key: String) -> Bool {
    ScenarioKeys.keys(of: "loss").contains { $0.name == key } || key == "constant"
      || DistributionForm.all.contains { $0.name == key }
  }
}

extension SourceNode {
  /// The mapping without one of its keys.
  func without(_ key: String) -> SourceNode {
    guard let entries else { return self }
    return SourceNode(content: .mapping(entries.filter { $0.key != key }), origin: origin)
  }

  /// The same value, as if it had been read elsewhere.
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
