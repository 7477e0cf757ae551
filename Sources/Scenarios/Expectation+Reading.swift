import RunMetrics
import Quantities
import Results

extension Expectation {
  /// Reads a condition: a metric, perhaps of a cohort, a relation, and a limit in the metric's unit.
  package static func read(_ text: String, scope: Scope) -> Result<Expectation, QuantityError> {
    let form = #/([^\s<>=!]+)(?:\s+of\s+(?:'((?:[^']|'')*)'|([^<>=!']*[^<>=!'\s])))?\s*([<>=!]+)\s*([^\s<>=!].*)/#
    guard let match = text.trimmed.wholeMatch(of: form) else {
      return .failure(
        QuantityError(
          "'\(text.excerpt)' is no condition; write a metric, a relation and a value, like 'failed_devices == 0'"
            + " or 'completion_p95_s of wifi < 60 s'"))
    }
    let (metric, symbol) = (String(match.1), String(match.4))
    let cohort = match.2.map { String($0).replacing("''", with: "'") } ?? match.3.map(String.init)
    let metrics = cohort == nil ? Metric.ofRuns : Metric.ofCohorts
    guard let found = metrics.first(where: { $0.name == metric }) else {
      let names = metrics.map(\.name)
      let nearest = Spelling.nearest(to: metric, among: names)
      let listed = nearest == nil ? "; metrics: \(names.joined(separator: ", "))" : ""
      let file = cohort == nil ? ResultFile.runs : .cohorts
      return .failure(
        QuantityError("'\(metric.excerpt)' is no metric of \(file.rawValue)\(listed)", suggestion: nearest))
    }
    guard let relation = Relation(rawValue: symbol) else {
      let listed = ["<", "<=", ">", ">=", "==", "!="].joined(separator: ", ")
      let meant = ["=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "===": "=="][symbol]
      return .failure(QuantityError("'\(symbol.excerpt)' is no relation; allowed: \(listed)", suggestion: meant))
    }
    return limit(String(match.5), of: found.unit).map {
      Expectation(metric: metric, cohort: cohort, relation: relation, limit: $0, scope: scope)
    }
  }

  private static func limit(_ text: String, of unit: MetricUnit) -> Result<Limit, QuantityError> {
    switch unit {
    case .seconds: Quantity.time.parse(text).map(Limit.nanoseconds)
    case .bytes: Quantity.size.parse(text).map(Limit.bytes)
    case .fraction: PlainNumber.real(text, percent: true).map(Limit.number)
    case .text, .number, .blocks, .packets, .frames, .megabitsPerSecond, .bitsPerSecond, .devices, .sessions,
      .replications, .gaps, .chains, .metric, .parameter, .objective:
      PlainNumber.real(text, percent: false).map(Limit.number)
    }
  }
}
