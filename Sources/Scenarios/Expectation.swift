import Quantities
import RandomStreams

/// A condition on the figures of the runs, as a scenario states it: `completion_p95_s < 60 s`, or of a cohort
/// `completion_p95_s of wifi < 60 s`.
package struct Expectation: Hashable, Sendable {
  /// The relation of a figure to the limit.
  package enum Relation: String, Hashable, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case greater = ">"

    /// Whether `value` has this relation to `limit`.
    package func holds(_ value: Double, _ limit: Double) -> Bool {
      switch self {
      case .lessOrEqual: value <= limit
      case .greaterOrEqual: value >= limit
      case .equal: value == limit
      case .notEqual: value != limit
      case .less: value < limit
      case .greater: value > limit
      }
    }
  }

  /// Which figures must meet the condition.
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// The figure of each replication. A missing figure does not meet it.
    case every
    /// The mean over the replications that have the figure. Without any there is no mean.
    case mean
  }

  /// The limit for a figure, in base units.
  package enum Limit: Hashable, Sendable {
    case nanoseconds(UInt64)
    case bytes(UInt64)
    case number(Double)
  }

  /// The name of a numeric column of `runs.csv`, or with a cohort of `cohorts.csv`.
  package let metric: String
  /// The cohort that the condition is about; nil for all devices.
  package let cohort: String?
  /// The relation that the figure must have to the limit.
  package let relation: Relation
  package let limit: Limit
  /// Which figures must meet it.
  package var scope: Scope
}

extension Expectation {
  /// The limit in the unit of `runs.csv`. It is rounded once, as a reader of the file rounds.
  package var limitValue: Double {
    switch limit {
    case .nanoseconds(let count): Double(count) / 1e9
    case .bytes(let count): Double(count)
    case .number(let value): value
    }
  }

  /// The limit as in a scenario.
  var limitText: String {
    switch limit {
    case .nanoseconds(let count): Quantity.time.format(count)
    case .bytes(let count): Quantity.size.format(count)
    case .number(let value): value.shortest
    }
  }

  /// The unit of the figures, with a space before it.
  package var unit: String {
    switch limit {
    case .nanoseconds: " s"
    case .bytes: " B"
    case .number: ""
    }
  }

  /// The condition as in a scenario. It reads back to the same.
  package var condition: String {
    "\(metric)\(cohort.map { " of " + Self.quoted($0) } ?? "") \(relation.rawValue) \(limitText)"
  }

  /// The condition, and which figures must meet it.
  package var text: String { "\(condition) (\(scope == .every ? "in every replication" : "in the mean"))" }

  /// A cohort's name in a condition: within quotes if it could be taken for something else.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0)
    }
    return isPlain && !name.isEmpty ? name : "'" + name.replacing("'", with: "''") + "'"
  }
}
