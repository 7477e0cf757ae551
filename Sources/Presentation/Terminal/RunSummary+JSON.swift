import Comparison
import FoundationEssentials
import Quantities
import Results
import Statistics

extension RunSummary {
  /// The figures for programs: one object, keys in alphabetical order, numbers raw and in the units of the columns.
  package var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(RunSummaryReport(self)), as: UTF8.self) + "\n" }
  }
}

/// The summary's figures for JSON; the names are the keys.
private struct RunSummaryReport: Encodable {
  let scenario: String
  let directory: String?
  let taken_runs: Int
  let point: Int
  let seed: UInt64
  let devices: Int
  let file_bytes: UInt64
  let blocks: UInt32
  let threshold_bytes: UInt64
  let replications: Int
  let events: UInt64
  let ended: EndReport
  let waited_devices: MetricReport
  let metrics: [String: MetricReport]
  let busiest_segment: SegmentReport?
  let expect: ExpectReport?

  init(_ summary: RunSummary) {
    let (aggregate, expectations) = (summary.point, summary.expectations)
    directory = summary.directory
    taken_runs = summary.taken
    let context = aggregate.context
    scenario = context.scenario
    point = context.point
    seed = context.seed
    devices = context.devices
    file_bytes = context.file.size
    blocks = context.file.blocks
    threshold_bytes = context.thresholdBytes
    replications = aggregate.replications
    events = aggregate.events
    ended = EndReport(
      complete: aggregate.replications - aggregate.endedByTimeLimit - aggregate.endedByEventLimit,
      event_limit: aggregate.endedByEventLimit,
      time_limit: aggregate.endedByTimeLimit
    )
    waited_devices = MetricReport(statistics: aggregate.waitedStatistics, decimals: FixedPoint.realDecimals)
    metrics = MetricReport.byName(SummaryRow.rows(of: aggregate.metrics, at: context))
    busiest_segment = aggregate.busiestSegment.map { SegmentReport(name: $0.name, counters: $0.counters) }
    expect = ExpectReport(expectations, at: context.point)
  }
}

/// The segment that was busy for the largest share of the time.
struct SegmentReport: Encodable {
  let segment: String
  let busy_share: Decimal?
  let queue_max: Decimal?

  init(name: String, counters: SegmentCounters) {
    segment = name
    busy_share = FixedPoint(real: counters.busyShare).flatMap { Decimal(string: $0.description) }
    queue_max = Decimal(counters.mostWaiting)
  }
}

/// How replications ended.
struct EndReport: Encodable {
  let complete: Int
  let event_limit: Int
  let time_limit: Int
}

/// The figures of a metric, rounded as in `summary.csv`; null where a field is empty there.
struct MetricReport: Encodable {
  let statistics: SampleStatistics
  let decimals: Int

  private enum CodingKeys: String, CodingKey {
    case replications, mean, ci95_low, ci95_high, sd, min, median, max
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(statistics.count, forKey: .replications)
    try container.encode(number(statistics.mean), forKey: .mean)
    try container.encode(number(statistics.confidenceInterval?.lowerBound), forKey: .ci95_low)
    try container.encode(number(statistics.confidenceInterval?.upperBound), forKey: .ci95_high)
    try container.encode(number(statistics.standardDeviation), forKey: .sd)
    try container.encode(number(statistics.minimum), forKey: .min)
    try container.encode(number(statistics.median), forKey: .median)
    try container.encode(number(statistics.maximum), forKey: .max)
  }

  private func number(_ value: Double?) -> Decimal? {
    value.flatMap { FixedPoint(rounding: $0, decimals: decimals) }.flatMap { Decimal(string: $0.description) }
  }

  /// The figures of the rows of one point, by metric.
  static func byName(_ rows: [SummaryRow]) -> [String: MetricReport] {
    Dictionary(
      uniqueKeysWithValues: rows.map {
        ($0.metric.name, MetricReport(statistics: $0.statistics, decimals: $0.metric.decimals))
      })
  }
}
