extension Expectation {
  /// Reads a condition: a metric, a relation, and a limit in the metric's unit.
  static func read(_ text: String, scope: Scope) -> Result<Expectation, QuantityError> {
    guard let match = text.trimmed.wholeMatch(of: #/([^\s<>=!]+)\s*([<>=!]+)\s*([^\s<>=!].*)/#) else {
      return .failure(
        QuantityError(
          "'\(text.excerpt)' is no condition; write a metric, a relation and a value, like 'failed_devices == 0'"))
    }
    let (metric, symbol) = (String(match.1), String(match.2))
    guard let column = RunsTable.metrics.first(where: { $0.name == metric }) else {
      let nearest = Spelling.nearest(to: metric, among: metrics)
      let listed = nearest == nil ? "; metrics: \(metrics.joined(separator: ", "))" : ""
      return .failure(QuantityError("'\(metric.excerpt)' is no metric of runs.csv\(listed)", suggestion: nearest))
    }
    guard let relation = Relation(rawValue: symbol) else {
      let listed = ["<", "<=", ">", ">=", "==", "!="].joined(separator: ", ")
      let meant = ["=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "===": "=="][symbol]
      return .failure(QuantityError("'\(symbol.excerpt)' is no relation; allowed: \(listed)", suggestion: meant))
    }
    return limit(String(match.3), of: column.unit).map {
      Expectation(metric: metric, relation: relation, limit: $0, scope: scope)
    }
  }

  private static func limit(_ text: String, of unit: Unit) -> Result<Limit, QuantityError> {
    switch unit {
    case .seconds: Dimension.time.parse(text).map(Limit.nanoseconds)
    case .bytes: Dimension.size.parse(text).map(Limit.bytes)
    case .fraction: PlainNumber.real(text, percent: true).map(Limit.number)
    case .text, .number, .blocks, .packets, .devices, .sessions, .gaps, .chains, .metric, .parameter, .objective:
      PlainNumber.real(text, percent: false).map(Limit.number)
    }
  }
}

extension ScenarioReader {
  /// What the results are expected to be.
  func expectations(_ root: Section) -> [Expectation] {
    value(root, "expect") { node, key, path -> [Expectation]? in
      guard let elements = node.elements else {
        self.mismatch(node, path, expected: key.form.expectation)
        return nil
      }
      return elements.enumerated().compactMap { self.expectation($1, "\(path)[\($0)]") }
    } ?? []
  }

  private func expectation(_ node: SourceNode, _ path: String) -> Expectation? {
    guard node.entries != nil else { return condition(node, path, scope: .every) }
    let section = self.section(node, pattern: "expect[]", path: path)
    let scope = choice(section, "in").flatMap(Expectation.Scope.init) ?? .every
    return value(section, "that") { node, _, path in self.condition(node, path, scope: scope) }
  }

  private func condition(_ node: SourceNode, _ path: String, scope: Expectation.Scope) -> Expectation? {
    guard let text = node.scalar else {
      mismatch(node, path, expected: ScenarioKey.Form.condition.expectation)
      return nil
    }
    return unwrap(Expectation.read(text, scope: scope), node, path)
  }
}
