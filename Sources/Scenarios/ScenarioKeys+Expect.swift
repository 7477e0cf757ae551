/// The keys of what the results are expected to be.
extension ScenarioKeys {
  static let expect: [ScenarioKey] = [
    ScenarioKey(
      "expect",
      .conditions,
      default: .nothing,
      example: "[failed_devices == 0, completion_p95_s < 60 s]",
      "What the results must be: conditions on the metrics of `runs.csv`, with `<`, `<=`, `>`, `>=`, `==` or `!=`. A time"
        + " or a size has its unit, a share may have a `%`, any other value is a plain number. `completion_p95_s of wifi <"
        + " 60 s` asks it of the devices of one cohort, by the metrics of `cohorts.csv`; a name with other characters than"
        + " letters, digits, `-`, `_` and `.` stands within `'`. Each replication must meet each condition, and one in"
        + " which the metric has no value does not. When a condition fails `gapsim run`, and `gapsim sweep` at each point,"
        + " say which, with the figures, and end with exit code 1; the results are written all the same. `{that: …, in:"
        + " mean}` asks it of the mean."
    ),
    ScenarioKey(
      "expect[].that",
      .condition,
      default: .required,
      example: "makespan_s <= 90 s",
      "The condition, where it stands beside `in`."
    ),
    ScenarioKey(
      "expect[].in",
      .choice(Expectation.Scope.allCases.map(\.rawValue)),
      default: .value("every"),
      example: "mean",
      "What must meet it: the metric in `every` replication, or its `mean` over the replications in which it has a"
        + " value, which fails when there is none."
    ),
  ]
}
