import RunMetrics

/// An expression in the metrics of `runs.csv`, as steps of a stack machine: operands come before their operator.
///
/// So reading, measuring and computing take one pass each, without recursion, however long the expression is.
package struct MetricExpression: Hashable, Sendable {
  enum Operator: Hashable, Sendable {
    case plus, minus, times, over
  }

  enum Step: Hashable, Sendable {
    case number(Double)
    case metric(Metric)
    case negate
    case combine(Operator)
  }

  private(set) var steps: [Step] = []

  mutating func append(_ step: Step) { steps.append(step) }

  /// The metric, if that is all.
  package var loneMetric: Metric? {
    guard steps.count == 1, case .metric(let metric) = steps[0] else { return nil }
    return metric
  }

  /// The values that are possible: those of the metric, if that is all.
  func possible(in extent: Metric.Extent) -> ClosedRange<Double> {
    loneMetric?.possible(in: extent) ?? -.infinity ... .infinity
  }

  /// The value for one run, from the metrics as they are printed; nil if one of them is empty, or if the result is not
  /// finite.
  func value(of run: RunFigures) -> Double? { value { $0.value(of: run)?.value } }

  /// The value with these values of its metrics; nil if one of them is empty, or if the result is not finite.
  package func value(_ metrics: (Metric) -> Double?) -> Double? {
    let value: Double? = evaluate {
      switch $0 {
      case .number(let number): number
      case .metric(let metric): metrics(metric)
      }
    } negate: {
      $0.map { -$0 }
    } combine: { step, left, right in
      guard let left, let right else { return nil }
      return switch step {
      case .plus: left + right
      case .minus: left - right
      case .times: left * right
      case .over: left / right
      }
    }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// By how much the value of a run changes at most if one of its times is later by so many seconds, or of its amounts larger by
  /// so many bytes, or all are; 0 if it has no value.
  package func change(byLater seconds: Double, more bytes: Double = 0, of metrics: (Metric) -> Double?) -> Double {
    guard let before = value(metrics) else { return 0 }
    func growth(_ metric: Metric) -> Double {
      switch metric.unit {
      case .seconds: seconds
      case .bytes: bytes
      default: 0
      }
    }
    let growing = Set(
      steps.compactMap { step -> Metric? in
        guard case .metric(let metric) = step, growth(metric) > 0 else { return nil }
        return metric
      })
    func change(where isLarger: (Metric) -> Bool) -> Double {
      value { metric in metrics(metric).map { isLarger(metric) ? $0 + growth(metric) : $0 } }
        .map { ($0 - before).magnitude } ?? 0
    }
    return growing.reduce(change(where: growing.contains)) { most, metric in max(most, change { $0 == metric }) }
  }

  /// Seconds or bytes where that is plain; ``MetricUnit/number`` for anything else that has a metric; nil for a mere number.
  var unit: MetricUnit? {
    evaluate {
      switch $0 {
      case .number: nil
      case .metric(let metric): [.seconds, .bytes].first { $0 == metric.unit } ?? .number
      }
    } negate: {
      $0
    } combine: { step, left, right in
      switch step {
      case .plus, .minus: left == right ? left : .number
      case .times: left == nil ? right : right == nil ? left : .number
      case .over: right == nil ? left : .number
      }
    }
  }

  /// Whether it depends on a run at all.
  var hasMetric: Bool { unit != nil }

  /// Whether it counts whole things, which may be rare.
  var isCount: Bool {
    loneMetric.map { [.devices, .sessions].contains($0.unit) } ?? false
  }

  enum Leaf {
    case number(Double)
    case metric(Metric)
  }

  func evaluate<Value>(
    _ leaf: (Leaf) -> Value, negate: (Value) -> Value, combine: (Operator, Value, Value) -> Value
  ) -> Value {
    var stack: [Value] = []
    for step in steps {
      switch step {
      case .number(let number): stack.append(leaf(.number(number)))
      case .metric(let metric): stack.append(leaf(.metric(metric)))
      case .negate: stack.append(negate(stack.removeLast()))
      case .combine(let sign):
        let right = stack.removeLast()
        stack.append(combine(sign, stack.removeLast(), right))
      }
    }
    precondition(stack.count == 1, "\(steps.count) steps leave \(stack.count) values")
    return stack[0]
  }

  /// The metric that a word means: its name, or its alias.
  static func metric(named word: String) -> Metric? {
    Metric.named(word) ?? Metric.ofRuns.first { $0.alias == word }
  }
}
