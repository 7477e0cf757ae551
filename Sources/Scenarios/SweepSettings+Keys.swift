import RunMetrics
import Quantities

extension Form where Value == SweepSettings? {
  /// What a sweep varies.
  static var sweep: Form {
    var form = Form<SweepSettings?>.optional(
      Form<SweepKeys>.section(SweepKeys.keys).map(
        { keys, node, place in place.reader.settings(keys, node, place) }, from: { SweepKeys($0) }))
    // A section whose keys are all commented out is no section.
    form.read = { [read = form.read] node, place in node.scalar == "" ? nil : read(node, place) }
    return form
  }
}

/// The section `sweep` from its keys.
struct SweepKeys: Sendable {
  var groups: [[SweepSettings.Key]] = []
  var isZip = false
  var conditions: [PointCondition] = []
  /// The required precision of means; nil if it does not matter. Then the values of ``rule`` do not matter either.
  var share: Double?
  private var rule = Precision(share: 0)

  init() {}

  init(_ settings: SweepSettings) {
    groups = settings.groups
    isZip = settings.keys.count > settings.groups.count
    conditions = settings.conditions
    share = settings.precision?.share
    rule = settings.precision ?? rule
  }

  /// Whether a mapping says which keys vary, and `zip` whether they vary together. Several groups are a list.
  private var isMapping: Bool { groups.isMapping }
  private var isPrecise: Bool { share != nil }

  /// The required precision of means.
  var precision: Precision? {
    share.map { share in
      var precision = rule
      precision.share = share
      return precision
    }
  }

  static let keys = Section(SweepKeys()) {
    Key(
      "vary", \.groups, .groups, example: "{protocol.promotion.threshold: [0 B, 64 KiB, 256 KiB]}",
      """
      The keys that are varied, each by its path (`cohorts[0].loss.bernoulli`, `cohorts[wifi].loss.bernoulli`) over its \
      values. A list of such groups (`[{a: …, b: …}, {c: …}]`) varies the keys of a group together, and each row of a \
      group meets each row of the others. Values stand with commas between them or in a list. A range `A..B:8` is eight \
      values at equal distances, `A..B:log2` is A and each time twice as much up to B, `A..B:8:log` is eight values of \
      equal ratios. The option `--vary`, with `--with` for the other keys of its group, takes the place of them all.
      """
    ).required
    Key(
      "zip", \.isZip, .flag, example: "true",
      """
      Whether the keys are varied together: the first value of each makes the first point, and so on. Otherwise each \
      value meets each value of the others, and the last key changes first. The option `--zip` sets it too.
      """
    ).written { $0.isMapping }
    Key(
      "where", \.conditions, .conditions, example: "protocol.session_timeout >= 6 * protocol.timeout",
      """
      Which combinations are points: those that meet the condition, or every one of a list. It compares (`<`, `<=`, `>`, \
      `>=`, `==`, `!=`) keys of the scenario, varied or not, quantities and words, calculates with `+ - * /` and \
      parentheses, and takes `and` and `or`. Points are numbered without those that are left out. The option \
      `--where` adds to them.
      """)
    Key(
      "precision", \.share, .orNone(.share), example: "1 %",
      """
      Replications follow until half the width of each metric's 95 % confidence interval is at most this share of its \
      mean; `none` runs each point as often as `replications` says. The option `--precision` sets it too.
      """)
    Key(
      "min_replications", \.rule.minimum, .integer(2...1_000_000), example: "10",
      "The fewest replications of a point. Only with `precision`."
    ).written { $0.isPrecise }
    Key(
      "max_replications", \.rule.maximum, .integer(2...1_000_000), example: "200",
      "The most replications of a point: there it ends, precise or not. Only with `precision`."
    ).written { $0.isPrecise }
    Key(
      "look_ahead", \.rule.lookAhead, .integer(0...1000), example: "5",
      """
      For how many further replications the intervals must stay as narrow, so that a point does not end by luck; from \
      100 replications on it is a share of them, in percent. Only with `precision`.
      """
    ).written { $0.isPrecise }
    Key(
      "metrics", \.rule.metrics, .metrics, example: "[makespan_s, server_bytes]",
      "The metrics that must be precise: numeric columns of `runs.csv`. Only with `precision`."
    ).defaulting(to: "all but `loss_uniformity_p`").written { $0.isPrecise }
  }
}

extension [[SweepSettings.Key]] { fileprivate var isMapping: Bool { count == 1 || allSatisfy { $0.count == 1 } } }

extension Form where Value == [[SweepSettings.Key]] {
  /// The keys of a mapping, each by itself, or the mappings of a list, each as a group.
  fileprivate static var groups: Form {
    let mapping: ScenarioSchema.Keys = [("type", .string("object")), ("minProperties", .literal("1"))]
    return Form(
      description: FormDescription(
        expectation:
          "keys over their values, like {protocol.windowsize: '1, 2, 4'}, or a list of such groups, the keys of"
          + " each of which vary together",
        schema: { return ScenarioSchema.any([mapping, ScenarioSchema.array(of: mapping, least: 1)]) }),
      read: { node, place in place.reader.groups(node, place) },
      write: { groups in
        let written = { (keys: [SweepSettings.Key]) in
          ScenarioValue.keys(keys.map { ($0.name, .list($0.values.map { .string($0) })) })
        }
        return groups.isMapping ? written(groups.flatMap(\.self)) : .list(groups.map(written))
      })
  }
}

extension Form where Value == [PointCondition] {
  /// One condition, or a list of them.
  fileprivate static var conditions: Form {
    let expectation = "a condition on keys, like 'protocol.session_timeout >= 6 * protocol.timeout', or a list of them"
    let form = Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          let text: ScenarioSchema.Keys = [("type", .string("string"))]
          return ScenarioSchema.any([text, ScenarioSchema.array(of: text)])
        }),
      read: { node, place in
        let nodes = node.elements ?? [node]
        guard nodes.allSatisfy({ $0.scalar != nil }) else { return place.mismatch(node, expected: expectation) }
        return nodes.compactMap { node in
          do throws(QuantityError) { return try PointCondition(node.scalar ?? "") } catch {
            return place.refuse(node, "\(node.found): \(error.message)", suggestion: error.suggestion)
          }
        }
      }, write: { .list($0.map { .string($0.text) }) })
    return form.orNone([])
  }
}

extension Form where Value == Double {
  /// A share of 1, neither 0 nor 1.
  fileprivate static var share: Form {
    let expectation = "a share like '1 %'"
    return Form(
      description: FormDescription(expectation: expectation, schema: { ScenarioSchema.reference("probability") }),
      read: { node, place in
        guard let text = node.scalar, case .success(let share) = PlainNumber.real(text, percent: true) else {
          return place.mismatch(node, expected: expectation)
        }
        guard share > 0, share < 1 else {
          return place.refuse(node, "\(node.found) is out of range; allowed: more than 0 %, less than 100 %")
        }
        return share
      }, write: { .literal($0.shortest) })
  }
}

extension Form where Value == [String] {
  /// Numeric columns of `runs.csv`.
  fileprivate static var metrics: Form {
    let names = Metric.ofRuns.map(\.name)
    let expectation = "a list of numeric columns of runs.csv, like [makespan_s, server_bytes]"
    return Form(
      description: FormDescription(
        expectation: expectation,
        schema: { ScenarioSchema.array(of: [("enum", .list(names.map { .string($0) }))], least: 1) }),
      read: { node, place in
        // `--set sweep.metrics=makespan_s,server_bytes` is one text.
        let nodes =
          node.elements ?? node.scalar?.split(separator: ",").map {
            SourceNode(content: .scalar(String($0).trimmed), origin: node.origin)
          } ?? []
        guard !nodes.isEmpty else { return place.mismatch(node, expected: expectation) }
        for node in nodes where !names.contains(node.scalar ?? "") {
          place.error(
            node.origin, "\(node.found) is no metric; allowed: \(names.joined(separator: ", "))",
            suggestion: node.scalar.flatMap { Spelling.nearest(to: $0, among: names) })
        }
        return names.filter { name in nodes.contains { $0.scalar == name } }
      }, write: { $0.isEmpty ? nil : .list($0.map { .string($0) }) })
  }
}
