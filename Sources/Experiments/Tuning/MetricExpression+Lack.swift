import RunMetrics

extension MetricExpression {
  /// A value on the way, or the reason why there is none.
  private enum Part {
    case value(Double)
    case none(String)
  }

  /// Why it has no value for a run, in words; nil if it has one.
  func lack(of run: RunFigures) -> String? { lack { $0.value(of: run)?.value } }

  /// Why it has no value with these values of its metrics: one is empty, or a step on the way is no number.
  func lack(_ metrics: (Metric) -> Double?) -> String? {
    guard value(metrics) == nil else { return nil }
    let part: Part = evaluate {
      switch $0 {
      case .number(let number): .value(number)
      case .metric(let metric): metrics(metric).map { .value($0) } ?? .none("\(metric.name) is empty in runs.csv")
      }
    } negate: { part in
      if case .value(let value) = part { .value(-value) } else { part }
    } combine: { step, left, right in
      guard case .value(let left) = left else { return left }
      guard case .value(let right) = right else { return right }
      let value =
        switch step {
        case .plus: left + right
        case .minus: left - right
        case .times: left * right
        case .over: left / right
        }
      if value.isFinite { return .value(value) }
      return .none(step == .over && right == 0 ? "a division by 0" : "a number too large to calculate with")
    }
    guard case .none(let reason) = part else { return nil }
    return reason
  }
}
