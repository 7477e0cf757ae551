import Quantities
import Results

/// What a sweep varies.
extension ScenarioReader {
  /// The most messages about points. Further ones would say the same.
  private static let mostPointErrors = 10

  /// Keys that cannot be varied, with the reason.
  private static let unvaried = [
    "gapsim": "it is the version of the file format", "name": "all points have the name of the sweep",
    "description": "nothing depends on it", "expect": "all points are held to the same conditions",
    "timeline": "all points have the same columns",
    "seed": "all points have the same random numbers; replications are how a point meets others",
    "replications": "all points are run alike; see sweep.precision", "sweep": "it is the sweep itself",
  ]

  /// The settings of the section `sweep`; nil if something is wrong with it.
  func settings(_ keys: SweepKeys, _ node: SourceNode, _ place: Place) -> SweepSettings? {
    if let precision = keys.precision, precision.minimum > precision.maximum {
      place.key("max_replications").error(
        origin(of: "sweep.max_replications", "sweep.min_replications"),
        "\(precision.maximum) is less than min_replications, \(precision.minimum)")
      return nil
    }
    guard !failed else { return nil }
    var groups = keys.groups
    let vary = node.value(of: "vary")
    if keys.isZip {
      guard vary?.elements == nil else {
        place.key("zip").error(origin(of: "sweep.zip"), "the list under vary says which keys go together; remove zip")
        return nil
      }
      groups = [groups.flatMap(\.self)]
    }
    var settings = SweepSettings(groups: groups, precision: keys.precision)
    settings.conditions = keys.conditions
    return checkSize(settings, vary ?? node) ? settings : nil
  }

  /// The keys of a mapping, each by itself, or the mappings of a list, each as a group.
  func groups(_ node: SourceNode, _ place: Place) -> [[SweepSettings.Key]]? {
    var names = Set<String>()
    func keys(_ node: SourceNode) -> [SweepSettings.Key]? {
      guard let entries = node.entries, !entries.isEmpty else {
        return place.mismatch(node, expected: ScenarioKeys.key("sweep.vary").form.expectation)
      }
      return entries.compactMap { entry in
        let place = place.key(entry.key.excerpt)
        if !names.insert(entry.key.trimmed).inserted {
          place.error(entry.keyOrigin, "is varied twice; name all its values in one place")
        }
        return variedKey(entry, place)
      }
    }
    let groups: [[SweepSettings.Key]]?
    if let elements = node.elements, !elements.isEmpty {
      groups = elements.compactMap(keys)
    } else {
      groups = keys(node)?.map { [$0] }
    }
    place.afterwards { [self] draft in
      let names = groups?.flatMap(\.self).map(\.name) ?? []
      checkOverlaps(of: names, cohorts: draft.network.network.cohorts.map(\.name), node, place)
    }
    return groups
  }

  /// Refuses two keys that lead to the same value: rows would name a value that the other key has replaced.
  private func checkOverlaps(of names: [String], cohorts: [String], _ node: SourceNode, _ place: Place) {
    for (index, name) in names.enumerated() {
      let earlier = names[..<index].first { ScenarioOverride.overlap($0, name, cohorts: cohorts) }
      guard let earlier, earlier != name else { continue }
      let entries = (node.entries ?? node.elements?.flatMap { $0.entries ?? [] }) ?? []
      let origin = entries.first { $0.key.trimmed == name }?.keyOrigin ?? node.origin
      place.key(name.excerpt).error(
        origin, "is what '\(earlier.excerpt)' varies too, or a part of it; vary one of them")
    }
  }

  private func variedKey(_ entry: SourceNode.Entry, _ place: Place) -> SweepSettings.Key? {
    let name = entry.key.trimmed
    guard let steps = ScenarioOverride.steps(name), case .key(let first)? = steps.first else {
      place.error(entry.keyOrigin, "is no path of keys; write it like cohorts[0].count")
      return nil
    }
    if let reason = Self.unvaried[first] {
      place.error(entry.keyOrigin, "'\(first)' cannot be varied: \(reason)")
      return nil
    }
    if steps.contains(.key("trace")) {
      place.error(entry.keyOrigin, "a trace cannot be varied: results would depend on more than their scenario")
      return nil
    }
    let lists = entry.value.elements?.map(\.scalar) ?? [entry.value.scalar]
    guard !lists.isEmpty, lists.allSatisfy({ $0 != nil }) else {
      return place.mismatch(
        entry.value, expected: "values with commas between them, or a list; put quotes around keys in { }")
    }
    do { return SweepSettings.Key(name: name, values: try VariedValues(lists.compactMap(\.self)).canonical) } catch {
      place.error(entry.value.origin, error.message)
      return nil
    }
  }

  // MARK: - Points

  /// Whether rows match and there are not too many points. `vary` is the place that gives them.
  private func checkSize(_ settings: SweepSettings, _ vary: SourceNode) -> Bool {
    for group in settings.groups {
      guard let first = group.first, let other = group.first(where: { $0.values.count != first.values.count }) else {
        continue
      }
      error(
        origin(of: other, in: vary), isGiven("sweep.zip") ? "sweep.zip" : "sweep.vary",
        "keys that are varied together need as many values each: \(first.name) has \(first.values.count), "
          + "\(other.name) has \(other.values.count)")
      return false
    }
    let most = settings.conditions.isEmpty ? SweepSettings.mostPoints : SweepSettings.mostCombinations
    guard let combinations = settings.combinations, combinations <= most else {
      error(
        vary.origin, "sweep.vary",
        "\(settings.combinations.map { UInt64($0).grouped } ?? "too many") points; allowed: at most "
          + UInt64(most).grouped)
      return false
    }
    for group in settings.groups {
      var seen = Set<[String]>()
      for row in 0..<(group.first?.values.count ?? 0) where !seen.insert(group.map { $0.values[row] }).inserted {
        let place = origin(of: group[0], in: vary)
        guard group.count == 1 else {
          error(place, "sweep.vary", "row \(row + 1) of the keys that vary together is the same as one before it")
          return false
        }
        error(place, "sweep.vary.\(group[0].name)", "the value \(group[0].values[row]) stands there twice")
        return false
      }
    }
    return true
  }

  /// Reads every point of a scenario. An error at a point is reported at the item that gave the value.
  func checkPoints(of settings: SweepSettings, of scenario: Scenario, root node: SourceNode) {
    guard let vary = node.value(of: "sweep")?.value(of: "vary") else { return }
    let origins = settings.keys.map { origin(of: $0, in: vary) }
    let base = node.without("sweep")
    let points = PointReader(scenario)
    var said = Set<String>()
    for point in 0..<(settings.points ?? 0) {
      let values = settings.values(at: point)
      guard let diagnostic = firstError(of: values, origins: origins, in: base, points) else { continue }
      let isOwn = origins.contains { $0.file == diagnostic.file && $0.line == diagnostic.line }
      let words =
        isOwn && values.contains { $0.name == diagnostic.path }
        ? "" : "with " + values.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + ": "
      // A value that is wrong by itself is wrong at many points of a grid. It is reported once.
      guard said.insert(isOwn ? diagnostic.message : words + diagnostic.message).inserted else { continue }
      if said.count > Self.mostPointErrors {
        error(origins[0], "sweep.vary", "and more like these")
        return
      }
      let place = isOwn ? SourceOrigin(diagnostic) : origins[0]
      error(place, diagnostic.path, words + diagnostic.message, suggestion: diagnostic.suggestion)
    }
  }

  /// What is wrong with a point, as the file has it and as results keep it; nil if nothing is.
  private func firstError(
    of values: [VariedKey], origins: [SourceOrigin], in base: SourceNode, _ points: PointReader
  ) -> ScenarioDiagnostic? {
    let asWritten: Scenario
    do {
      var node = base
      for (value, origin) in zip(values, origins) { try ScenarioOverride(value, origin: origin).apply(to: &node) }
      let reader = ScenarioReader(file: file, readFile: readFile)
      guard let scenario = reader.scenario(node, defaultName: "point") else {
        return reader.diagnostics.first { $0.severity == .error }
      }
      asWritten = scenario
    } catch { return error }
    do {
      let asKept = try points.scenario(values, at: origins)
      guard asKept.network != asWritten.network else { return nil }
      let hasOtherDevices = asKept.devices != asWritten.devices
      return ScenarioDiagnostic(
        .error, origins[0], path: values[0].name,
        "results keep a scenario with its defaults filled in, and one of them follows from this key"
          + (hasOtherDevices ? ": give the cohort its `count`, or vary it together with this" : "; give it its value"))
    } catch {
      return ScenarioDiagnostic(
        .error, origins[0], path: values[0].name,
        "results keep a scenario with its traces written out and its defaults filled in, and so \(error.path)"
          + ": \(error.message)", suggestion: error.suggestion)
    }
  }

  /// The position of a key's values.
  private func origin(of key: SweepSettings.Key, in vary: SourceNode) -> SourceOrigin {
    let entries = vary.entries ?? vary.elements?.flatMap { $0.entries ?? [] }
    return entries?.first { $0.key.trimmed == key.name }?.value.origin ?? vary.origin
  }

  // MARK: - Conditions

  /// The settings with the combinations that meet the conditions; nil if that cannot be decided, or if none does.
  func selectingPoints(_ settings: SweepSettings, root: SourceNode) -> SweepSettings? {
    guard !settings.conditions.isEmpty else { return settings }
    let place = Place(reader: self, path: "sweep.where")
    let origin = origin(of: place.path)
    var selection = PointSelection(settings, base: root.without("sweep"))
    var kept: [Int] = []
    for combination in 0..<(settings.combinations ?? 0) {
      do throws(PointSelection.Undecided) { if try selection.contains(combination) { kept.append(combination) } } catch
      {
        place.error(origin, error.message, suggestion: error.suggestion)
        return nil
      }
    }
    guard !kept.isEmpty, kept.count <= SweepSettings.mostPoints else {
      place.error(
        origin,
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

extension SourceNode {
  /// The value of a key.
  fileprivate func value(of key: String) -> SourceNode? { entries?.first { $0.key == key }?.value }
}

extension SourceOrigin {
  fileprivate init(_ diagnostic: ScenarioDiagnostic) {
    self.init(file: diagnostic.file, line: diagnostic.line, column: diagnostic.column)
  }
}
