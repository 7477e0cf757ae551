/// The keys of a sweep.
extension ScenarioKeys {
  static let sweep: [ScenarioKey] = [
    ScenarioKey(
      "sweep",
      .section,
      default: .described("nothing is varied"),
      example: "{vary: {protocol.promotion.threshold: 0..1 MiB:9}}",
      "What `gapsim sweep` varies. Other commands run the scenario as it stands. All points have the same seed (common"
        + " random numbers)."
    ),
    ScenarioKey(
      "sweep.vary",
      .vary,
      default: .required,
      example: "{protocol.promotion.threshold: [0 B, 64 KiB, 256 KiB]}",
      "The keys that are varied, each by its path (`cohorts[0].loss.bernoulli`, `cohorts[wifi].loss.bernoulli`) over its"
        + " values. A list of such groups (`[{a: …, b: …}, {c: …}]`) varies the keys of a group together, and each row of a"
        + " group meets each row of the others. Values stand with commas"
        + " between them or in a list. A range `A..B:8` is eight values at equal distances, `A..B:log2` is A and each time"
        + " twice as much up to B, `A..B:8:log` is eight values of equal ratios. The option `--vary`, with `--with` for the"
        + " other keys of its group, takes the place of them all."
    ),
    ScenarioKey(
      "sweep.zip",
      .flag,
      default: .value("false"),
      example: "true",
      "Whether the keys are varied together: the first value of each makes the first point, and so on. Otherwise each"
        + " value meets each value of the others, and the last key changes first. The option `--zip` sets it too."
    ),
    ScenarioKey(
      "sweep.where",
      .pointConditions,
      default: .nothing,
      example: "protocol.session_timeout >= 6 * protocol.timeout",
      "Which combinations are points: those that meet the condition, or every one of a list. It compares (`<`, `<=`, `>`,"
        + " `>=`, `==`, `!=`) keys of the scenario, varied or not, quantities and words, calculates with `+ - * /` and"
        + " parentheses, and takes `and` and `or`. Points are numbered without those that are left out. The option"
        + " `--where` adds to them."
    ),
    ScenarioKey(
      "sweep.precision",
      .share,
      default: .nothing,
      example: "1 %",
      "Replications follow until half the width of each metric's 95 % confidence interval is at most this share of its"
        + " mean; `none` runs each point as often as `replications` says. The option `--precision` sets it too."
    ),
    ScenarioKey(
      "sweep.min_replications",
      .integer(2...1_000_000),
      default: .value("10"),
      example: "10",
      "The fewest replications of a point. Only with `precision`."
    ),
    ScenarioKey(
      "sweep.max_replications",
      .integer(2...1_000_000),
      default: .value("1000"),
      example: "200",
      "The most replications of a point: there it ends, precise or not. Only with `precision`."
    ),
    ScenarioKey(
      "sweep.look_ahead",
      .integer(0...1000),
      default: .value("5"),
      example: "5",
      "For how many further replications the intervals must stay as narrow, so that a point does not end by luck; from 100"
        + " replications on it is a share of them, in percent. Only with `precision`."
    ),
    ScenarioKey(
      "sweep.metrics",
      .metrics,
      default: .described("all but `loss_uniformity_p`"),
      example: "[makespan_s, server_bytes]",
      "The metrics that must be precise: numeric columns of `runs.csv`. Only with `precision`."
    ),
  ]
}
