import NetworkModel

/// What is kept of a run when its record is gone: its lines in the files, and the figures of the summaries.
///
/// It is made where the run was made, on all cores; whoever collects runs has nothing to format and holds no devices.
package struct RunReport: Sendable {
  /// Why the run ended.
  let ended: RunEnd
  /// The events that were executed in it.
  package let events: UInt64
  /// The metrics in the order of `RunsTable.metrics`.
  let metrics: [Double?]
  /// The metrics of each cohort in the order of `CohortsTable.metrics`.
  let cohorts: [[Double?]]
  /// Its lines.
  let rows: RunRows

  /// Draws up a run; `devices` says whether its devices get lines, and `spool` is asked for a file if they are too many to
  /// be held. Without it they are held in any case.
  init(
    _ record: RunRecord, of context: RunContext, devices: Bool = true, spool: (() throws -> SpoolFile)? = nil
  ) throws {
    let figures = Row(context: context, replication: record.replication, record: RunFigures(record))
    ended = record.ended
    events = record.events
    metrics = figures.numbers(of: RunsTable.metrics)
    cohorts = figures.cohorts.map { $0.numbers(of: CohortsTable.metrics) }
    rows = try RunRows(record, figures, devices: devices, spool: spool)
  }
}
