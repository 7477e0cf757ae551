import PromotionEngine

/// The scenario as a whole.
extension ScenarioReader {
  /// Reads a scenario; nil if anything is wrong. ``diagnostics`` then say what.
  package func scenario(_ node: SourceNode, defaultName: String) -> Scenario? {
    let root = Place(reader: self, path: "")
    guard node.entries != nil else {
      return root.mismatch(node, expected: "the keys of a scenario, like 'file: {size: 48 MiB}'")
    }
    var draft = ScenarioDraft()
    draft.scenario.name = defaultName
    _ = ScenarioDraft.keys.read(node, root, onto: &draft)
    check(&draft)
    checkAfterwards(draft)
    if !failed, let settings = draft.scenario.sweep {
      draft.scenario.sweep = selectingPoints(settings, root: node)
      if let sweep = draft.scenario.sweep { checkPoints(of: sweep, of: draft.scenario, root: node) }
    }
    return failed ? nil : draft.scenario
  }
}
