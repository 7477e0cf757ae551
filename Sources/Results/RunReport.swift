import RunMetrics
import Network
import Runs

/// What is kept of a run after its record is gone: its lines in the files, and the figures for the summaries.
///
/// It is made where the run was made, on all cores. So the collector of runs formats nothing and keeps no devices.
package struct RunReport: Sendable {
  /// Why the run ended.
  package let ended: RunEnd
  /// The events that were executed in it.
  package let events: UInt64
  /// The metrics in the order of ``Metric/ofRuns``.
  package let metrics: [Double?]
  /// The metrics of each cohort in the order of ``Metric/ofCohorts``.
  package let cohorts: [[Double?]]
  /// The segments, the uplink first; none if the scenario has none.
  package let segments: [SegmentSummary]
  /// Its lines.
  package let rows: RunRows

  /// Makes the report of a run. `devices` says whether its devices get lines. `spool` gives a file if they are too many
  /// for memory; without it they stay in memory.
  package init(
    _ record: RunRecord, of context: RunContext, devices: Bool = true, spool: (() throws -> SpoolFile)? = nil
  ) throws {
    let figures = RunFigures(record)
    let row = Row(context: context, replication: record.replication, record: figures)
    ended = record.ended
    events = record.events
    metrics = Metric.ofRuns.map { $0.value(of: figures)?.value }
    cohorts = figures.cohorts.map { cohort in Metric.ofCohorts.map { $0.value(of: cohort)?.value } }
    segments = SegmentFigures.figures(of: record, makespan: figures.makespan).map(SegmentSummary.init)
    rows = try RunRows(record, row, devices: devices, spool: spool)
  }
}
