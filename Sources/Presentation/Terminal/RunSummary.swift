import Comparison
import RunMetrics
import Quantities
import Results
import Runs
import Statistics

/// What a person reads at the end of a run: a few aligned lines, made only from the figures of the point.
package struct RunSummary: Sendable {
  /// A line: its subject, the figure, and a note.
  private struct Line {
    var label: String
    var figure: String
    var note = ""
  }

  package let point: PointAggregate
  /// Whether its expectations are met.
  package let expectations: ExpectationReport?
  /// Where the results are.
  package let directory: String?
  /// How many replications existed at the start and were not run again.
  package let taken: Int

  /// Summarises a point with all its replications, and with the outcome of its expectations.
  package init(
    _ point: PointAggregate, expectations: ExpectationReport? = nil, directory: String? = nil, taken: Int = 0
  ) {
    self.point = point
    self.expectations = expectations
    self.directory = directory
    self.taken = taken
  }

  /// The summary with a line end after every line.
  package var text: String {
    let lines = devices + gaps + sent + ports + times + loss + traces
    let width = lines.map(\.label.count).max() ?? 0
    var text = heading(lines) + "\n"
    for line in lines {
      let padding = String(repeating: " ", count: width - line.label.count)
      text += "  \(line.label)\(padding)  \(line.figure)\(line.note.isEmpty ? "" : "; " + line.note)\n"
    }
    return text + cohorts + warning
  }

  private func heading(_ lines: [Line]) -> String {
    let context = point.context
    let size = HumanUnits.text(Double(context.file.size), in: HumanUnits.byteScale(of: Double(context.file.size)))
    let threshold = Double(context.thresholdBytes)
    let strategy =
      context.strategy.promotes
      ? "threshold " + HumanUnits.text(threshold, in: HumanUnits.byteScale(of: threshold)) : context.strategy.rawValue
    return """
      \(context.scenario): \(HumanUnits.plural(context.devices, "device")), \(size) in \
      \(HumanUnits.plural(Int(context.file.blocks), "block")) of \(context.file.blockSize) B, \
      \(strategy)
      seed \(context.seed), \(HumanUnits.plural(point.replications, "replication"))\
      \(taken > 0 && taken < point.replications ? ", \(taken) of them taken over" : "")\
      \(point.replications > 1 ? ": " + Estimate.legend(lines.map { $0.figure + $0.note }) : "")
      """
  }

  private var devices: [Line] {
    [
      Line(label: "complete devices", figure: count(.completed)),
      Line(label: "failed devices", figure: count(.failed)),
    ] + left + checks
  }

  /// What the devices missed and what was done about it, as far as the strategy knows such things.
  private var checks: [Line] {
    let strategy = point.context.strategy
    guard strategy.checksGaps else { return [] }
    let missed = [Line(label: "devices with gaps", figure: count(.secondSet))]
    guard strategy.promotes else { return missed }
    return missed + [
      Line(label: "  promoted to smart", figure: count(.promoted), note: promotionRate),
      Line(label: "  waited for a session", figure: waited),
    ]
  }

  /// Devices that the scenario switched off, if there are any.
  private var left: [Line] {
    guard point.hasLeft else { return [] }
    return [Line(label: "  switched off", figure: count(.left), note: "by the scenario, before complete")]
  }

  private var gaps: [Line] {
    let total = point.statistics(of: .gapBytesMean)
    guard total.mean != nil else { return [Line(label: "gaps", figure: "none")] }
    let percentile = point.statistics(of: .gapBytesP95).mean ?? 0
    let largest = point.statistics(of: .gapBlocksMax).maximum ?? 0
    let chain = point.statistics(of: .longestChainMax).maximum ?? 0
    return [
      Line(
        label: "total gap of such a device",
        figure: quantity(.gapBytesMean),
        note: "95th percentile " + HumanUnits.text(percentile, in: HumanUnits.byteScale(of: percentile))
      ),
      Line(
        label: "  gaps",
        figure: figure(.gapsMean, decimals: 2),
        note: chain > 0 ? "up to \(HumanUnits.grouped(chain, decimals: 0)) in a chain" : "no chains"
      ),
      Line(
        label: "  gap size",
        figure: figure(.gapBlocksMean, decimals: 2) + " blocks",
        note: "up to \(HumanUnits.grouped(largest, decimals: 0))"
      ),
    ]
  }

  private var sent: [Line] {
    [
      Line(
        label: "sessions",
        figure: count(.sessions),
        note: [(Metric.abandonedSessions, "abandoned"), (.handedOverSessions, "handed over")]
          .filter { occurs($0.0) }.map { figure($0.0, decimals: 1) + " " + $0.1 }.joined(separator: ", ")
      ),
      Line(
        label: "server sent",
        figure: quantity(.serverBytes),
        note: "DATA: \(count(.multicastDataPackets)) multicast, \(count(.unicastDataPackets)) unicast"
      ),
    ]
  }

  /// The busiest segment, if there are segments; what was dropped, if anything was.
  private var ports: [Line] {
    var lines: [Line] = []
    if let (name, counters) = point.busiestSegment {
      let (share, waiting) = (counters.busyShare, counters.mostWaiting)
      lines.append(
        Line(
          label: "busiest segment", figure: "\(name), \(HumanUnits.fixed(100 * share, decimals: 2)) % of the time",
          note: waiting > 0 ? "up to \(HumanUnits.plural(Int(waiting), "frame")) waiting" : ""))
    }
    if occurs(.queueDrops) || occurs(.overruns) {
      lines.append(
        Line(
          label: "dropped at full queues", figure: count(.queueDrops),
          note: occurs(.overruns) ? "\(count(.overruns)) without room in a receiver's buffer" : ""))
    }
    return lines
  }

  private func occurs(_ metric: Metric) -> Bool { (point.statistics(of: metric).maximum ?? 0) > 0 }

  private var times: [Line] {
    guard point.statistics(of: .makespan).mean != nil else { return [Line(label: "last completion", figure: "none")] }
    let percentiles = [(50, Metric.completionP50), (95, .completionP95), (99, .completionP99)].map {
      percentile, metric in
      let mean = point.statistics(of: metric).mean ?? 0
      return "p\(percentile) " + HumanUnits.text(mean, in: HumanUnits.timeScale(of: mean))
    }
    return [
      Line(label: "last completion", figure: quantity(.makespan)),
      Line(
        label: "time to completion",
        figure: quantity(.completionMean),
        note: percentiles.joined(separator: ", ")
      ),
    ]
  }

  private var loss: [Line] {
    let uniformity = point.statistics(of: .lossUniformity)
    guard let minimum = uniformity.minimum, uniformity.mean != nil else {
      return [Line(label: "uniform loss, χ² test", figure: "nothing to test")]
    }
    return [
      Line(
        label: "uniform loss, χ² test",
        figure: "p = " + figure(.lossUniformity, decimals: 3),
        note: uniformity.count > 1 ? "smallest \(HumanUnits.fixed(minimum, decimals: 3))" : ""
      )
    ]
  }

  private var hasOutlivedTraces: Bool { occurs(.outlivedTraces) }

  /// Devices that outlived a trace, if there are any.
  private var traces: [Line] {
    guard hasOutlivedTraces else { return [] }
    return [
      Line(label: "outlived a loss trace", figure: count(.outlivedTraces), note: "nothing was lost after its end")
    ]
  }

  private var cohorts: String {
    guard point.cohorts.count > 1 else { return "" }
    let metrics: [Metric] =
      [.devices, .completed, .failed] + (point.hasLeft ? [.left] : []) + [.secondSet, .promoted]
    let header = ["cohort"] + metrics.map(\.short) + ["waited"]
    let rows = zip(point.context.cohorts, point.cohorts).map { name, samples in
      let means = metrics.map { samples.statistics(of: $0).mean ?? 0 }
      let counts = means + [samples.waitedStatistics.mean ?? 0]
      return [name] + counts.map { HumanUnits.fixed($0, decimals: countDecimals) }
    }
    return "\n" + AlignedTable.numbers([header] + rows)
  }

  private var warning: String { limitWarning + traceWarning }

  private var traceWarning: String {
    guard hasOutlivedTraces else { return "" }
    return """

      Warning: traces of loss ended before the runs did. A trace that says nothing more loses nothing more;
      `then: repeat` starts it again, once its `length` is known.

      """
  }

  private var limitWarning: String {
    guard point.endedByLimit else { return "" }
    let limits = [(point.endedByTimeLimit, "simulated time"), (point.endedByEventLimit, "events")]
    let parts = limits.filter { $0.0 > 0 }.map { "\($0.0) ended at the limit on \($0.1)" }
    return """

      Warning: of \(HumanUnits.plural(point.replications, "replication")), \(parts.joined(separator: ", ")).
      The figures above include these unfinished runs.

      """
  }
}

extension RunSummary {
  private var promotionRate: String {
    let rate = point.statistics(of: .promotionRate)
    guard rate.mean != nil else { return "" }
    return text(rate, of: .promotionRate) { HumanUnits.fixed(100 * $0, decimals: 2) } + " % of them"
  }

  /// A count of a single replication is whole; a mean has one decimal.
  private var countDecimals: Int { point.replications > 1 ? 1 : 0 }

  private var waited: String {
    text(point.waitedStatistics, of: .waiting) { HumanUnits.grouped($0, decimals: countDecimals) }
  }

  private func count(_ metric: Metric) -> String {
    figure(metric, decimals: countDecimals)
  }

  private func figure(_ metric: Metric, decimals: Int) -> String {
    text(point.statistics(of: metric), of: metric) { HumanUnits.grouped($0, decimals: decimals) }
  }

  /// A time or a number of bytes.
  private func quantity(_ metric: Metric) -> String {
    MeanText.figure(point.statistics(of: metric), of: metric, in: point.context.extent)
  }

  private func text(_ statistics: SampleStatistics, of metric: Metric, _ number: (Double) -> String) -> String {
    MeanText.text(statistics, of: metric, in: point.context.extent, number)
  }
}
