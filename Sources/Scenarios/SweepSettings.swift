import RunMetrics
import Results

/// What `gapsim sweep` varies and how often it runs each point: the section `sweep` of a scenario.
package struct SweepSettings: Hashable, Sendable {
  /// A key with the values that it takes.
  package struct Key: Hashable, Sendable {
    /// The key's path in the scenario.
    package let name: String
    /// Its values in their order, each in its only written form.
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

  /// The varied keys, in the given order. Those of a group vary together: the first value of each, then the second.
  /// Each row of a group meets each row of the others.
  package var groups: [[Key]]
  /// The conditions that points must meet. A combination that does not meet them is no point.
  package var conditions: [PointCondition] = []
  /// The combinations that meet the conditions, by their numbers; nil if there are no conditions.
  package var kept: [Int]?
  /// The required precision of the means; nil runs each point as often as the scenario says.
  package var precision: Precision?

  /// Groups of keys that vary.
  package init(groups: [[Key]], conditions: [PointCondition] = [], kept: [Int]? = nil, precision: Precision? = nil) {
    self.groups = groups
    self.conditions = conditions
    self.kept = kept
    self.precision = precision
  }

  /// The prefix of an option `key.path=values` that joins the group of the option before it.
  package static let joining: Character = "+"
  /// The most points of a sweep.
  package static let mostPoints = 100_000
  /// The most combinations from which conditions choose.
  static let mostCombinations = 1_000_000

  /// All keys.
  package var keys: [Key] { groups.flatMap(\.self) }

  /// How many points there are; nil if there are too many to count.
  package var points: Int? { kept?.count ?? combinations }

  /// How many combinations there are before the conditions; nil if there are too many to count.
  package var combinations: Int? {
    groups.reduce(1) { product, group in
      product.flatMap {
        let (result, overflow) = $0.multipliedReportingOverflow(by: group.first?.values.count ?? 1)
        return overflow ? nil : result
      }
    }
  }

  /// The keys with their values at a point: the last group changes first.
  package func values(at point: Int) -> [VariedKey] { values(ofCombination: kept?[point] ?? point) }

  /// The keys with their values in a combination.
  package func values(ofCombination number: Int) -> [VariedKey] {
    var rest = number
    var values: [VariedKey] = []
    for group in groups.reversed() {
      let rows = group.first?.values.count ?? 1
      let row = rest % rows
      rest /= rows
      values += group.reversed().map { VariedKey(name: $0.name, value: $0.values[row], column: $0.column) }
    }
    values.reverse()
    return values
  }
}

/// The required precision of means: replications follow until the 95 % confidence intervals are narrow enough.
package struct Precision: Hashable, Sendable {
  /// The greatest half-width of an interval as a share of the mean.
  package var share: Double
  /// The fewest replications of a point.
  package var minimum = 10
  /// The most replications of a point.
  package var maximum = 1000
  /// For how many further replications the intervals must stay narrow enough.
  package var lookAhead = 5
  /// The metrics whose means must be precise; empty for ``standardMetrics``.
  package var metrics: [String] = []

  /// Every metric except the p-value of a test, which estimates nothing.
  package static let standardMetrics = Metric.ofRuns.filter { $0 != .lossUniformity }.map(\.name)
}
