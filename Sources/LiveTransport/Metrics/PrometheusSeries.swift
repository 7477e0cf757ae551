import Metrics
import Synchronization

/// One series of a metric: a number, and for a histogram how many values were at most each bound.
final class PrometheusSeries: Sendable {
  private struct State {
    /// The counter, the gauge, or the sum of a histogram.
    var value = 0.0
    var buckets: [UInt64]
    var count: UInt64 = 0
  }

  /// The bounds of a histogram's buckets, ascending; none for any other metric.
  private let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(buckets: [UInt64](repeating: 0, count: bounds.count)))
  }

  private func observe(_ value: Double) {
    guard value.isFinite else { return }
    state.withLock { state in
      state.value += value
      state.count += 1
      if let index = bounds.firstIndex(where: { value <= $0 }) { state.buckets[index] += 1 }
    }
  }

  private func add(_ amount: Double) {
    guard amount.isFinite else { return }
    state.withLock { $0.value += amount }
  }

  /// The lines of a scrape.
  func lines(_ metric: LiveMetric, _ labels: [Label]) -> [String] {
    let state = state.withLock { $0 }
    guard case .histogram = metric.kind else {
      return ["\(metric.rawValue)\(labels.text) \(Self.text(state.value))\n"]
    }
    var (lines, sum): ([String], UInt64) = ([], 0)
    for (bound, count) in zip(bounds, state.buckets) {
      sum += count
      let bucket = (labels + [Label(name: "le", value: Self.text(bound))]).text
      lines.append("\(metric.rawValue)_bucket\(bucket) \(sum)\n")
    }
    let last = (labels + [Label(name: "le", value: "+Inf")]).text
    return lines + [
      "\(metric.rawValue)_bucket\(last) \(state.count)\n",
      "\(metric.rawValue)_sum\(labels.text) \(Self.text(state.value))\n",
      "\(metric.rawValue)_count\(labels.text) \(state.count)\n",
    ]
  }

  /// A whole number without a point, where it is one.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}

extension PrometheusSeries: CounterHandler, FloatingPointCounterHandler {
  func increment(by amount: Int64) { add(Double(amount)) }
  func increment(by amount: Double) { add(amount) }
  func reset() { state.withLock { $0.value = 0 } }
}

extension PrometheusSeries: MeterHandler {
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.value = value } }
  func decrement(by amount: Double) { add(-amount) }
}

extension PrometheusSeries: RecorderHandler {
  func record(_ value: Int64) { record(Double(value)) }

  /// A gauge is what was recorded last; anything else is a distribution.
  func record(_ value: Double) { bounds.isEmpty ? set(value) : observe(value) }
}

extension PrometheusSeries: TimerHandler {
  func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
