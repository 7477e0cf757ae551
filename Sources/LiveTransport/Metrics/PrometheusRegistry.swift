import Metrics
import Synchronization

/// The metrics of the process, as Prometheus reads them: a factory for swift-metrics, and the text of a scrape.
///
/// The names that it knows, with what they mean, are declared in advance (``LiveMetric``); a metric of another name is
/// counted and not shown. The values of labels are bounded: a name has at most ``mostSeries`` series, and what comes
/// beyond is counted together, under the value `other`. So nothing that a stranger sends makes a scrape grow.
package final class PrometheusRegistry: MetricsFactory {
  /// The most series of a name.
  static let mostSeries = 256

  private struct Key: Hashable {
    let name: String
    let labels: [Label]
  }

  private let series = Mutex<[Key: PrometheusSeries]>([:])

  /// No metrics yet.
  package init() {}

  private func series(_ name: String, _ dimensions: [(String, String)]) -> PrometheusSeries {
    let labels = dimensions.map { Label(name: $0.0, value: $0.1) }
    return series.withLock { series in
      let key = Key(name: name, labels: labels)
      if let known = series[key] { return known }
      let isFull = series.keys.count { $0.name == name } >= Self.mostSeries - 1
      let place = isFull ? Key(name: name, labels: labels.map { Label(name: $0.name, value: "other") }) : key
      if let known = series[place] { return known }
      let new = PrometheusSeries(bounds: LiveMetric(rawValue: name)?.kind.bounds ?? [])
      series[place] = new
      return new
    }
  }

  /// The text of a scrape, in Prometheus' text format 0.0.4: names in the order of their declaration, series by their
  /// labels.
  package var text: String {
    let all = series.withLock { $0 }
    return LiveMetric.allCases.compactMap { metric in
      let mine = all.filter { $0.key.name == metric.rawValue }
      guard !mine.isEmpty else { return nil }
      let lines = mine.map { ($0.key.labels, $0.value) }.sorted { $0.0.text < $1.0.text }
        .flatMap { $1.lines(metric, $0) }
      return "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.kind.word)\n"
        + lines.joined()
    }.joined()
  }

  // MARK: As a factory

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions)
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler { series(label, dimensions) }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler { series(label, dimensions) }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions)
  }

  // What was counted stays: a counter that goes back is a restart to Prometheus.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}

/// A label of a series.
struct Label: Hashable, Sendable {
  let name: String
  let value: String
}

extension [Label] {
  /// `{group="boot.img",kind="multicast"}`; nothing without labels.
  var text: String {
    isEmpty ? "" : "{" + map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
