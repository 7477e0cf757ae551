/// The figures of one cohort of a run.
struct CohortFigures: Sendable {
  /// The cohort's index.
  let cohort: Int
  /// The figures of its devices.
  let figures: GroupFigures
}

/// `cohorts.csv`: what `runs.csv` says of all devices, of each cohort.
enum CohortsTable {
  static let table = Table(
    file: .cohorts,
    rowFor: "each cohort of each replication",
    columns: Row<CohortFigures>.identity + [name] + metrics
  )

  /// The numeric results: what `cohorts-summary.csv` has a row for.
  static let metrics = [devices] + group.ends + [group.left] + group.promotion + group.completion + group.gaps

  private static let group = GroupColumns<CohortFigures>(figures: \.figures)

  private static let name = Column<Row<CohortFigures>>.text("cohort", "the name of the cohort") {
    $0.context.cohorts[$0.record.cohort]
  }

  private static let devices = Column<Row<CohortFigures>>.count("devices", .devices, "its devices") {
    $0.record.figures.devices.all
  }
}

extension Row<RunFigures> {
  /// The rows of the cohorts, in their order.
  var cohorts: some Sequence<Row<CohortFigures>> {
    record.cohorts.enumerated().lazy.map { [context, replication] index, figures in
      Row<CohortFigures>(
        context: context, replication: replication, record: CohortFigures(cohort: index, figures: figures))
    }
  }
}
