import Quantities
import RandomStreams

/// A condition on the figures of the runs, as a scenario states it: `completion_p95_s < 60 s`, or of a cohort
/// `completion_p95_s of wifi < 60 s`.
package struct Expectation: Hashable, Sendable {
  /// How a figure stands to the limit.
  package enum Relation: String, Hashable, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case greater = ">"

    /// Whether `value` stands so to `limit`.
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

  /// What has to meet the condition.
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// The figure of each replication; one that there is not does not.
    case every
    /// The mean over the replications that have the figure; none of none.
    case mean
  }

  /// What a figure is held against, in base units.
  package enum Limit: Hashable, Sendable {
    case nanoseconds(UInt64)
    case bytes(UInt64)
    case number(Double)
  }

  /// The name of a numeric column of `runs.csv`, or with a cohort of `cohorts.csv`.
  package let metric: String
  /// The cohort whose devices are meant; nil for all devices.
  package let cohort: String?
  /// How the figure has to stand to the limit.
  package let relation: Relation
  package let limit: Limit
  /// What has to meet it.
  package var scope: Scope
}

extension Expectation {
  /// The limit in the unit that `runs.csv` has; rounded once, as a reader of the file rounds.
  package var limitValue: Double {
    switch limit {
    case .nanoseconds(let count): Double(count) / 1e9
    case .bytes(let count): Double(count)
    case .number(let value): value
    }
  }

  /// The limit as a scenario has it.
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

  /// The condition as a scenario has it; it reads back to the same.
  package var condition: String {
    "\(metric)\(cohort.map { " of " + Self.quoted($0) } ?? "") \(relation.rawValue) \(limitText)"
  }

  /// The condition, and what has to meet it.
  package var text: String { "\(condition) (\(scope == .every ? "in every replication" : "in the mean"))" }

  /// A cohort's name as a condition has it: within quotes if it could be taken for something else.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0)
    }
    return isPlain && !name.isEmpty ? name : "'" + name.replacing("'", with: "''") + "'"
  }
}
