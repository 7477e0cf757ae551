import RunMetrics

/// The figures of one cohort of a run.
package struct CohortFigures: Sendable {
  /// The cohort's index.
  let cohort: Int
  /// The figures of its devices.
  let figures: GroupFigures
}

/// `cohorts.csv`: what `runs.csv` says of all devices, for each cohort.
package enum CohortsTable {
  package static let table = Table(
    file: .cohorts,
    rowFor: "each cohort of each replication",
    columns: Row<CohortFigures>.identity + [name] + metrics
  )

  private static let name = Column<Row<CohortFigures>>.text("cohort", "the name of the cohort") {
    $0.context.cohorts[$0.record.cohort]
  }

  private static let metrics = Metric.ofCohorts.map { metric in
    Column<Row<CohortFigures>>(metric) { metric.value(of: $0.record.figures) }
  }
}

extension Row<RunFigures> {
  /// The rows of the cohorts, in their order.
  package var cohorts: some Sequence<Row<CohortFigures>> {
    record.cohorts.enumerated().lazy.map { [context, replication] index, figures in
      Row<CohortFigures>(
        context: context, replication: replication, record: CohortFigures(cohort: index, figures: figures))
    }
  }
}
