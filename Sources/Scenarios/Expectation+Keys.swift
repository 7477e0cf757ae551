import RunMetrics
import Quantities

extension Form where Value == [Expectation] {
  /// Conditions on the results.
  static var expectations: Form {
    list(.expectation, "none, or a list of conditions, like [failed_devices == 0, makespan_s < 60 s]").orNone([])
  }
}

extension Form where Value == Expectation {
  /// A condition by itself, which every replication must meet, or with the figures that must meet it.
  fileprivate static var expectation: Form {
    ways(
      Form.condition.description.expectation,
      [(.text, condition), (.keys, Form.section(keys).map({ $0 }, from: { $0.scope == .every ? nil : $0 }))])
  }

  /// A condition by itself.
  static var condition: Form {
    let expectation = "a condition, like 'failed_devices == 0'"
    return Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          ScenarioSchema.pattern(
            "^\\s*((\(Metric.ofRuns.map(\.name).joined(separator: "|")))|"
              + "(\(Metric.ofCohorts.map(\.name).joined(separator: "|")))\\s+of\\s+('([^']|'')*'|[^<>=!']+))"
              + "\\s*([<>]=?|[=!]=)\\s*[^\\s<>=!].*$")
        }),
      read: { node, place in
        guard let text = node.scalar else { return place.mismatch(node, expected: expectation) }
        guard let condition = place.unwrap(Expectation.read(text, scope: .every), node) else { return nil }
        if let cohort = condition.cohort {
          place.afterwards { draft in place.check(cohort, in: draft.network.cohorts.map(\.name), node) }
        }
        return condition
      }, write: { .string($0.condition) }
    ).shared("condition")
  }

  private static var keys: Section<Expectation> {
    Section(
      Expectation(metric: "failed_devices", cohort: nil, relation: .equal, limit: .number(0), scope: .every),
      title: "`expect` with `in`"
    ) {
      Key("that", \.self, .condition, example: "makespan_s <= 90 s", "The condition, where it stands beside `in`.")
        .required
      Key(
        "in", \.scope, .choice(), example: "mean",
        """
        What must meet it: the metric in `every` replication, or its `mean` over the replications in which it has a \
        value, which fails when there is none.
        """)
    }
  }
}

extension Place {
  /// Checks that a condition is about one of the cohorts.
  fileprivate func check(_ cohort: String, in cohorts: [String], _ node: SourceNode) {
    guard !cohorts.contains(cohort), !cohorts.isEmpty else { return }
    error(
      node.origin, "'\(cohort.excerpt)' is no cohort; cohorts: \(cohorts.map(\.excerpt).joined(separator: ", "))",
      suggestion: Spelling.nearest(to: cohort, among: cohorts))
  }
}
