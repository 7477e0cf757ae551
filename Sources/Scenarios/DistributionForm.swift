import RandomStreams

/// How a distribution is written in a scenario: one key, GSL's name, with its parameters below.
struct DistributionForm: Sendable {
  /// What a parameter measures.
  enum Measure: Hashable, Sendable {
    /// The same as the drawn value, at least 0: a time has a unit, a probability has none.
    case value
    /// The same, but more than 0.
    case positiveValue
    /// A number without a unit, in this range (0 excluded when the range begins at the least positive number).
    case number(ClosedRange<Double>)
  }

  /// One parameter.
  struct Parameter: Hashable, Sendable {
    let name: String
    let measure: Measure
    let documentation: String
  }

  /// What is drawn from a distribution.
  enum Use: String, Hashable, Sendable, CaseIterable {
    case time, count, probability
  }

  /// GSL's name.
  let name: String
  /// Its parameters in GSL's order.
  let parameters: [Parameter]
  /// Whether it has a list of values instead of parameters.
  var isList: Bool { parameters.isEmpty }
  /// The uses for which it can be drawn.
  let uses: Set<Use>
  /// One sentence about its shape.
  let documentation: String
  /// Makes the distribution from parameters in the same order.
  let make: @Sendable ([Double]) -> Distribution
  /// The parameters of a distribution of this form; nil for another one.
  let take: @Sendable (Distribution) -> [Double]?

  static let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
  static let openShare = Double.leastNonzeroMagnitude...1.0

  /// The distributions by name.
  static let all: [DistributionForm] = continuous + discrete + [measured]
  /// The most values of a list.
  static let mostValues = 1_000_000

  private static let continuous: [DistributionForm] = [
    DistributionForm(
      "uniform",
      [value("low", "the least value"), value("high", "the largest value, at least `low`")],
      [.time, .probability],
      "every value from `low` to `high` is as likely"
    ) {
      .uniform(low: $0[0], high: $0[1])
    } take: {
      if case .uniform(let low, let high) = $0 { [low, high] } else { nil }
    },
    DistributionForm(
      "exponential",
      [positiveValue("mean", "the mean")],
      [.time, .probability],
      "times between events that come independently of each other"
    ) {
      .exponential(mean: $0[0])
    } take: {
      if case .exponential(let mean) = $0 { [mean] } else { nil }
    },
    DistributionForm(
      "gaussian",
      [value("mean", "the mean"), positiveValue("sigma", "the standard deviation")],
      [.time, .probability],
      "the bell curve; what falls below 0 becomes 0"
    ) {
      .gaussian(mean: $0[0], sigma: $0[1])
    } take: {
      if case .gaussian(let mean, let sigma) = $0 { [mean, sigma] } else { nil }
    },
    DistributionForm(
      "gamma",
      [number("shape", positive, "the shape"), positiveValue("scale", "the scale; the mean is shape × scale")],
      [.time, .probability],
      "the sum of `shape` exponential times"
    ) {
      .gamma(shape: $0[0], scale: $0[1])
    } take: {
      if case .gamma(let shape, let scale) = $0 { [shape, scale] } else { nil }
    },
    DistributionForm(
      "beta",
      [number("a", positive, "the first shape"), number("b", positive, "the second shape")],
      [.probability],
      "a value between 0 and 1 with the mean a / (a + b)"
    ) {
      .beta(a: $0[0], b: $0[1])
    } take: {
      if case .beta(let a, let b) = $0 { [a, b] } else { nil }
    },
    DistributionForm(
      "lognormal",
      [
        number("zeta", -700...700, "the mean of the logarithm, for a time of its number of seconds"),
        number("sigma", positive, "the standard deviation of the logarithm"),
      ],
      [.time, .probability],
      "a value whose logarithm is gaussian; `median` may be given instead of `zeta`, which is its logarithm"
    ) {
      .lognormal(zeta: $0[0], sigma: $0[1])
    } take: {
      if case .lognormal(let zeta, let sigma) = $0 { [zeta, sigma] } else { nil }
    },
    DistributionForm(
      "weibull",
      [positiveValue("scale", "the scale"), number("exponent", positive, "the exponent; 1 makes it exponential")],
      [.time, .probability],
      "times to failure"
    ) {
      .weibull(scale: $0[0], exponent: $0[1])
    } take: {
      if case .weibull(let scale, let exponent) = $0 { [scale, exponent] } else { nil }
    },
    DistributionForm(
      "pareto",
      [number("exponent", positive, "the exponent of the tail"), positiveValue("scale", "the least value")],
      [.time, .probability],
      "values from `scale` on with a heavy tail"
    ) {
      .pareto(exponent: $0[0], scale: $0[1])
    } take: {
      if case .pareto(let exponent, let scale) = $0 { [exponent, scale] } else { nil }
    },
  ]

  private static let discrete: [DistributionForm] = [
    DistributionForm(
      "geometric",
      [number("p", openShare, "the probability that a run ends at a packet")],
      [.count],
      "the length of a run that ends at each packet with probability `p`, at least 1"
    ) {
      .geometric(p: $0[0])
    } take: {
      if case .geometric(let p) = $0 { [p] } else { nil }
    },
    DistributionForm(
      "negative_binomial",
      [number("p", openShare, "the probability of a success"), number("n", positive, "the successes waited for")],
      [.count],
      "failures before the `n`th success"
    ) {
      .negativeBinomial(p: $0[0], n: $0[1])
    } take: {
      if case .negativeBinomial(let p, let n) = $0 { [p, n] } else { nil }
    },
    DistributionForm("poisson", [number("mean", positive, "the mean")], [.count], "independent events in a fixed span")
    {
      .poisson(mean: $0[0])
    } take: {
      if case .poisson(let mean) = $0 { [mean] } else { nil }
    },
    DistributionForm(
      "logarithmic",
      [
        number(
          "p", Double.leastNonzeroMagnitude...0.999_999_99, "the parameter, at most 0.999 999 99: GSL counts in 32 bits"
        )
      ],
      [.count],
      "run lengths from 1 on with a long tail"
    ) {
      .logarithmic(p: $0[0])
    } take: {
      if case .logarithmic(let p) = $0 { [p] } else { nil }
    },
  ]

  static let measured = DistributionForm(
    "values", [], Set(Use.allCases),
    "one of the values that were measured, each of them as likely, or as likely as its weight in `weights` says"
  ) {
    .values($0)
  } take: {
    if case .values(let values) = $0 { values } else { nil }
  }

  private init(
    _ name: String,
    _ parameters: [Parameter],
    _ uses: Set<Use>,
    _ documentation: String,
    make: @escaping @Sendable ([Double]) -> Distribution,
    take: @escaping @Sendable (Distribution) -> [Double]?
  ) {
    self.name = name
    self.parameters = parameters
    self.uses = uses
    self.documentation = documentation
    self.make = make
    self.take = take
  }

  private static func value(_ name: String, _ documentation: String) -> Parameter {
    Parameter(name: name, measure: .value, documentation: documentation)
  }

  private static func positiveValue(_ name: String, _ documentation: String) -> Parameter {
    Parameter(name: name, measure: .positiveValue, documentation: documentation)
  }

  private static func number(_ name: String, _ range: ClosedRange<Double>, _ documentation: String) -> Parameter {
    Parameter(name: name, measure: .number(range), documentation: documentation)
  }

  /// The distributions that can be drawn for `use`.
  static func forms(for use: Use) -> [DistributionForm] { all.filter { $0.uses.contains(use) } }
}

extension Distribution {
  /// Its written form, with the values of its parameters in GSL's order; nil for a constant.
  var form: (form: DistributionForm, values: [Double])? {
    DistributionForm.all.lazy.compactMap { form in form.take(self).map { (form, $0) } }.first
  }
}
