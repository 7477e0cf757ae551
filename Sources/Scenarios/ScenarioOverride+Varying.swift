import Quantities

/// The overrides of the section `sweep` by options of a sweep.
extension ScenarioOverride {
  /// An override of `sweep.vary` with only the keys of the options; nil if there are no options.
  ///
  /// Each option is `key.path=values` and begins a group. An option with the prefix ``SweepSettings/joining`` joins the
  /// group before it.
  static func varying(_ options: [String]) throws(ScenarioDiagnostic) -> ScenarioOverride? {
    guard !options.isEmpty else { return nil }
    let whole = SourceOrigin(file: "--vary")
    var groups: [[SourceNode.Entry]] = []
    var names = Set<String>()
    for option in options {
      let joins = option.first == SweepSettings.joining
      let text = joins ? String(option.dropFirst()) : option
      let origin = SourceOrigin(file: "\(joins ? "--with" : "--vary") \(text.excerpt)")
      guard let equals = text.firstIndex(of: "=") else {
        throw ScenarioDiagnostic(
          .error, origin, path: "", "has no '='; write key.path=values, like protocol.windowsize=1,2,4")
      }
      let name = String(text[..<equals]).trimmed
      guard names.insert(name).inserted else {
        throw ScenarioDiagnostic(.error, origin, path: name, "is varied twice; name all its values in one option")
      }
      guard !joins || !groups.isEmpty else {
        throw ScenarioDiagnostic(
          .error, origin, path: name, "no --vary stands in front of it, whose keys it could join")
      }
      let values = SourceNode(content: .scalar(String(text[text.index(after: equals)...]).trimmed), origin: origin)
      let entry = SourceNode.Entry(key: name, keyOrigin: origin, value: values)
      if joins { groups[groups.count - 1].append(entry) } else { groups.append([entry]) }
    }
    let isPlain = groups.allSatisfy { $0.count == 1 }
    let content: SourceNode.Content =
      isPlain
      ? .mapping(groups.flatMap(\.self))
      : .sequence(groups.map { SourceNode(content: .mapping($0), origin: $0[0].keyOrigin) })
    return ScenarioOverride(whole, [.key("sweep"), .key("vary")], SourceNode(content: content, origin: whole))
  }

  /// An override of `sweep.where` that adds conditions to those of a scenario, or replaces them.
  static func requiring(_ options: [String], in root: SourceNode, replacing: Bool) -> ScenarioOverride? {
    let section = root.entries?.first { $0.key == "sweep" }?.value
    let given = section?.entries?.first { $0.key == "where" }?.value
    guard !options.isEmpty || replacing && given != nil else { return nil }
    let kept = replacing ? [] : given.map { $0.elements ?? [$0] } ?? []
    let added = options.map { SourceNode(content: .scalar($0), origin: SourceOrigin(file: "--where \($0.excerpt)")) }
    let whole = added.first?.origin ?? SourceOrigin(file: "--where")
    return ScenarioOverride(
      whole, [.key("sweep"), .key("where")], SourceNode(content: .sequence(kept + added), origin: whole))
  }
}
