/// What `gapsim sweep` varies and how often it runs each point: the section `sweep` of a scenario.
package struct SweepSettings: Hashable, Sendable {
  /// A key with the values that it takes.
  package struct Key: Hashable, Sendable {
    /// The key's path in the scenario.
    package let name: String
    /// Its values in their order, each written in the one way that there is for it.
    package let values: [String]
    /// Its column in tables.
    package let column: VariedColumn

    /// Names a key and its values.
    package init(name: String, values: [String]) {
      self.name = name
      self.values = values
      column = VariedColumn(key: name, values: values)
    }
  }

  /// The keys that are varied, in the order in which they are given.
  package var keys: [Key]
  /// Whether the first value of each key makes the first point, and so on; else each value meets each other.
  package var isZip = false
  /// How precise the means must be; nil runs each point as often as the scenario says.
  package var precision: Precision?

  /// The most points of a sweep.
  static let mostPoints = 100_000

  /// How many points there are; nil if they are too many to be counted.
  var points: Int? {
    if isZip { return keys.first?.values.count ?? 0 }
    return keys.reduce(1) { product, key in
      product.flatMap {
        let (result, overflow) = $0.multipliedReportingOverflow(by: key.values.count)
        return overflow ? nil : result
      }
    }
  }

  /// The keys with their values at a point: of a grid, the last key changes first.
  package func values(at point: Int) -> [VariedKey] {
    var rest = point
    var values = keys.reversed().map { key in
      let index = isZip ? point : rest % key.values.count
      if !isZip { rest /= key.values.count }
      return VariedKey(name: key.name, value: key.values[index], column: key.column)
    }
    values.reverse()
    return values
  }
}

/// How precise means must be: replications follow until the 95 % confidence intervals are narrow enough.
package struct Precision: Hashable, Sendable {
  /// The greatest half-width of an interval as a share of the mean.
  package var share: Double
  /// The fewest replications of a point.
  package var minimum: Int
  /// The most replications of a point.
  package var maximum: Int
  /// For how many further replications the intervals must stay narrow enough.
  package var lookAhead: Int
  /// The metrics whose means must be precise; empty for ``standardMetrics``.
  package var metrics: [String]

  /// Every metric but the p-value of a test, which estimates nothing.
  package static let standardMetrics = RunsTable.metrics.map(\.name).filter { $0 != "loss_uniformity_p" }
}

extension SweepSettings {
  /// The section in its canonical form.
  var canonical: ScenarioValue {
    var entries: [(String, ScenarioValue)] = [
      ("vary", .keys(keys.map { ($0.name, .list($0.values.map { .string($0) })) })),
      ("zip", .literal(isZip ? "true" : "false")),
    ]
    if let precision {
      entries += [
        ("precision", .literal(precision.share.shortest)),
        ("min_replications", .literal(String(precision.minimum))),
        ("max_replications", .literal(String(precision.maximum))),
        ("look_ahead", .literal(String(precision.lookAhead))),
      ]
      if !precision.metrics.isEmpty { entries.append(("metrics", .list(precision.metrics.map { .string($0) }))) }
    }
    return .keys(entries)
  }
}
