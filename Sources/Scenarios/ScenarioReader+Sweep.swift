import Quantities

/// What a sweep varies.
extension ScenarioReader {
  /// The most messages about points; the others would say the same.
  private static let mostPointErrors = 10

  /// Keys that cannot be varied, with the reason.
  private static let unvaried = [
    "gapsim": "it is the version of the file format", "name": "all points have the name of the sweep",
    "description": "nothing depends on it", "timeline": "all points have the same columns",
    "seed": "all points have the same random numbers; replications are how a point meets others",
    "replications": "all points are run alike; see sweep.precision", "sweep": "it is the sweep itself",
  ]

  /// The section `sweep`; nil if there is none, or if something is wrong with it.
  func sweep(_ root: Section) -> SweepSettings? {
    guard let node = root["sweep"], node.scalar != "" else { return nil }
    let section = section(node, pattern: "sweep", path: "sweep")
    let groups = value(section, "vary") { node, key, path in self.groups(node, key, path) }
    let isZip = flag(section, "zip") ?? false
    let conditions = value(section, "where") { node, key, path in self.pointConditions(node, key, path) }
    let precision = precision(section)
    guard !failed, var groups else { return nil }
    if isZip {
      guard section["vary"]?.elements == nil else {
        error(origin(of: "sweep.zip"), "sweep.zip", "the list under vary says which keys go together; remove zip")
        return nil
      }
      groups = [groups.flatMap(\.self)]
    }
    var settings = SweepSettings(groups: groups, precision: precision)
    settings.conditions = conditions ?? []
    return checkSize(settings, section) ? settings : nil
  }

  /// The keys of a mapping, each by itself, or the mappings of a list, the keys of each together.
  private func groups(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> [[SweepSettings.Key]]? {
    var names = Set<String>()
    func keys(_ node: SourceNode) -> [SweepSettings.Key]? {
      guard let entries = node.entries, !entries.isEmpty else {
        mismatch(node, path, expected: key.form.expectation)
        return nil
      }
      return entries.compactMap { entry in
        if !names.insert(entry.key.trimmed).inserted {
          error(entry.keyOrigin, "\(path).\(entry.key.excerpt)", "is varied twice; name all its values in one place")
        }
        return variedKey(entry, "\(path).\(entry.key.excerpt)")
      }
    }
    guard let elements = node.elements, !elements.isEmpty else { return keys(node)?.map { [$0] } }
    return elements.compactMap(keys)
  }

  private func variedKey(_ entry: SourceNode.Entry, _ path: String) -> SweepSettings.Key? {
    let name = entry.key.trimmed
    guard let steps = ScenarioOverride.steps(name), case .key(let first)? = steps.first else {
      error(entry.keyOrigin, path, "is no path of keys; write it like cohorts[0].count")
      return nil
    }
    if let reason = Self.unvaried[first] {
      error(entry.keyOrigin, path, "'\(first)' cannot be varied: \(reason)")
      return nil
    }
    if steps.contains(.key("trace")) {
      error(entry.keyOrigin, path, "a trace cannot be varied: results would depend on more than their scenario")
      return nil
    }
    let lists = entry.value.elements?.map(\.scalar) ?? [entry.value.scalar]
    guard !lists.isEmpty, lists.allSatisfy({ $0 != nil }) else {
      mismatch(entry.value, path, expected: "values with commas between them, or a list; put quotes around keys in { }")
      return nil
    }
    do {
      return SweepSettings.Key(name: name, values: try VariedValues(lists.compactMap(\.self)).canonical)
    } catch {
      self.error(entry.value.origin, path, error.message)
      return nil
    }
  }

  private func precision(_ section: Section) -> Precision? {
    let share = value(section, "precision") { node, key, path in self.share(node, key, path) }
    let numbers = ["min_replications", "max_replications", "look_ahead"].map { integer(section, $0) }
    let metrics = value(section, "metrics") { node, key, path in self.metrics(node, key, path) }
    guard let share, let minimum = numbers[0], let maximum = numbers[1], let lookAhead = numbers[2] else { return nil }
    guard minimum <= maximum else {
      error(
        origin(of: "sweep.max_replications", "sweep.min_replications"), "sweep.max_replications",
        "\(maximum) is less than min_replications, \(minimum)")
      return nil
    }
    return Precision(
      share: share, minimum: Int(minimum), maximum: Int(maximum), lookAhead: Int(lookAhead), metrics: metrics ?? [])
  }

  private func share(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> Double? {
    guard let text = node.scalar, case .success(let share) = PlainNumber.real(text, percent: true) else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    guard share > 0, share < 1 else {
      error(node.origin, path, "\(node.found) is out of range; allowed: more than 0 %, less than 100 %")
      return nil
    }
    return share
  }

  private func metrics(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> [String]? {
    let names = RunsTable.metrics.map(\.name)
    // `--set sweep.metrics=makespan_s,server_bytes` is one text.
    let nodes =
      node.elements
      ?? node.scalar?.split(separator: ",").map {
        SourceNode(content: .scalar(String($0).trimmed), origin: node.origin)
      } ?? []
    guard !nodes.isEmpty else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    for node in nodes where !names.contains(node.scalar ?? "") {
      error(
        node.origin, path, "\(node.found) is no metric; allowed: \(names.joined(separator: ", "))",
        suggestion: node.scalar.flatMap { Spelling.nearest(to: $0, among: names) })
    }
    return names.filter { name in nodes.contains { $0.scalar == name } }
  }

  // MARK: - Points

  private func checkSize(_ settings: SweepSettings, _ section: Section) -> Bool {
    let whole = section["vary"]?.origin ?? section.origin
    for group in settings.groups {
      guard let first = group.first, let other = group.first(where: { $0.values.count != first.values.count }) else {
        continue
      }
      error(
        origin(of: other, in: section), section["zip"] == nil ? "sweep.vary" : "sweep.zip",
        "keys that are varied together need as many values each: \(first.name) has \(first.values.count), "
          + "\(other.name) has \(other.values.count)")
      return false
    }
    let most = settings.conditions.isEmpty ? SweepSettings.mostPoints : SweepSettings.mostCombinations
    guard let combinations = settings.combinations, combinations <= most else {
      error(
        whole, "sweep.vary",
        "\(settings.combinations.map { UInt64($0).grouped } ?? "too many") points; allowed: at most "
          + UInt64(most).grouped)
      return false
    }
    for group in settings.groups {
      var seen = Set<[String]>()
      for row in 0..<(group.first?.values.count ?? 0) where !seen.insert(group.map { $0.values[row] }).inserted {
        let place = origin(of: group[0], in: section)
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

  /// Reads the scenario of every point: what one of them refuses is an error of the item that gave the value.
  func checkPoints(of settings: SweepSettings, root node: SourceNode, _ root: Section) {
    guard let section = root["sweep"].map({ self.section($0, pattern: "sweep", path: "sweep") }) else { return }
    let origins = settings.keys.map { origin(of: $0, in: section) }
    let base = node.without("sweep")
    var said = Set<String>()
    for point in 0..<(settings.points ?? 0) {
      let values = settings.values(at: point)
      guard let diagnostic = firstError(of: values, origins: origins, in: base) else { continue }
      let isOwn = origins.contains { $0.file == diagnostic.file && $0.line == diagnostic.line }
      let words =
        isOwn && values.contains { $0.name == diagnostic.path }
        ? "" : "with " + values.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + ": "
      // A value that is refused by itself is refused at many points of a grid: once is enough.
      guard said.insert(isOwn ? diagnostic.message : words + diagnostic.message).inserted else { continue }
      if said.count > Self.mostPointErrors {
        error(origins[0], "sweep.vary", "and more like these")
        return
      }
      let place = isOwn ? SourceOrigin(diagnostic) : origins[0]
      error(
        place, diagnostic.path, words + diagnostic.message, suggestion: diagnostic.suggestion)
    }
  }

  private func firstError(of values: [VariedKey], origins: [SourceOrigin], in base: SourceNode) -> ScenarioDiagnostic? {
    do {
      var node = base
      for (value, origin) in zip(values, origins) { try ScenarioOverride(value, origin: origin).apply(to: &node) }
      let reader = ScenarioReader(file: file, readFile: readFile)
      _ = reader.scenario(node, defaultName: "point")
      return reader.diagnostics.first { $0.severity == .error }
    } catch {
      return error
    }
  }

  /// Where a key's values stand.
  private func origin(of key: SweepSettings.Key, in section: Section) -> SourceOrigin {
    let vary = section["vary"]
    let entries = vary?.entries ?? vary?.elements?.flatMap { $0.entries ?? [] }
    return entries?.first { $0.key.trimmed == key.name }?.value.origin ?? section.origin
  }
}

extension SourceOrigin {
  fileprivate init(_ diagnostic: ScenarioDiagnostic) {
    self.init(file: diagnostic.file, line: diagnostic.line, column: diagnostic.column)
  }
}
