import Quantities

/// Which combinations of varied values are points.
extension ScenarioReader {
  /// One condition, or a list of them.
  func pointConditions(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> [PointCondition]? {
    let nodes = node.elements ?? [node]
    guard nodes.allSatisfy({ $0.scalar != nil }) else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    return nodes.compactMap { node in
      do throws(QuantityError) {
        return try PointCondition(node.scalar ?? "")
      } catch {
        self.error(node.origin, path, "\(node.found): \(error.message)", suggestion: error.suggestion)
        return nil
      }
    }
  }

  /// The settings with the combinations that meet the conditions; nil if that cannot be said, or if none does.
  func selectingPoints(_ settings: SweepSettings, root: SourceNode) -> SweepSettings? {
    guard !settings.conditions.isEmpty else { return settings }
    let place = origin(of: "sweep.where")
    var selection = PointSelection(settings, base: root.without("sweep"))
    var kept: [Int] = []
    for combination in 0..<(settings.combinations ?? 0) {
      do throws(PointSelection.Undecided) {
        if try selection.contains(combination) { kept.append(combination) }
      } catch {
        self.error(place, "sweep.where", error.message, suggestion: error.suggestion)
        return nil
      }
    }
    guard !kept.isEmpty, kept.count <= SweepSettings.mostPoints else {
      self.error(
        place, "sweep.where",
        kept.isEmpty
          ? "no point is left: none of \(UInt64(settings.combinations ?? 0).grouped) combinations meets every condition"
          : "\(UInt64(kept.count).grouped) points are left; allowed: at most \(UInt64(SweepSettings.mostPoints).grouped)"
      )
      return nil
    }
    var settings = settings
    settings.kept = kept
    return settings
  }
}
