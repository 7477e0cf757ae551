import RunMetrics
import Quantities
import Statistics

/// A metric of a point with its statistics over the replications.
package struct SummaryRow: Sendable {
  /// The point.
  package let context: RunContext
  /// The cohort's index; nil for all devices.
  package var cohort: Int?
  /// The metric.
  package let metric: Metric
  /// Its statistics.
  package let statistics: SampleStatistics

  /// The rows of a point, or of a cohort there, in the order of the metrics.
  package static func rows(of metrics: MetricSamples, at context: RunContext, cohort: Int? = nil) -> [SummaryRow] {
    metrics.statistics.map { metric, statistics in
      SummaryRow(context: context, cohort: cohort, metric: metric, statistics: statistics)
    }
  }
}

/// `summary.csv` and `cohorts-summary.csv`: each metric over the replications of each point.
package enum SummaryTable {
  /// The table, with a column for each key that is varied.
  package static func table(varied: [String]) -> Table<SummaryRow> {
    Table(
      file: .summary,
      rowFor: "each point and metric",
      columns: leading + PointsTable.columns(varied) { $0.context } + [metric(of: .runs, Metric.ofRuns)]
        + statistics
    )
  }

  /// The table of the cohorts, with a column for each key that is varied.
  package static func ofCohorts(varied: [String]) -> Table<SummaryRow> {
    Table(
      file: .cohortsSummary,
      rowFor: "each point, cohort and metric",
      columns: leading + PointsTable.columns(varied) { $0.context } + [
        cohort, metric(of: .cohorts, Metric.ofCohorts),
      ] + statistics
    )
  }

  /// The table for the reference page, with one line for all varied keys.
  package static let documented = table(varied: ["(the varied keys)"])
  /// The same of the cohorts.
  package static let documentedOfCohorts = ofCohorts(varied: ["(the varied keys)"])

  private static let leading: [Column<SummaryRow>] = [
    .text("scenario", "the scenario's name") { $0.context.scenario },
    .count("point", .number, "the point of the sweep, from 0; a plain run is point 0") { $0.context.point },
  ]

  private static let cohort = Column<SummaryRow>.text("cohort", "the name of the cohort") { row in
    row.cohort.map { row.context.cohorts[$0] } ?? ""
  }

  private static func metric(of file: ResultFile, _ metrics: [Metric]) -> Column<SummaryRow> {
    .text(
      "metric",
      "the name of a numeric result of `\(file.rawValue)`, from `\(metrics.first?.name ?? "")` to "
        + "`\(metrics.last?.name ?? "")`"
    ) { $0.metric.name }
  }

  private static let statistics: [Column<SummaryRow>] = [
    .count("replications", .replications, "the replications in which the metric has a value") { $0.statistics.count },
    statistic("mean", "the mean of those values; empty if there are none") { $0.mean },
    statistic("ci95_low", "the lower end of the mean's 95 % confidence interval (Student's t); empty under two values")
    {
      $0.confidenceInterval?.lowerBound
    },
    statistic("ci95_high", "the upper end of that interval; empty under two values") {
      $0.confidenceInterval?.upperBound
    },
    statistic("sd", "the standard deviation, with n − 1 in the denominator; empty under two values") {
      $0.standardDeviation
    },
    statistic("min", "the least value") { $0.minimum },
    statistic("median", "the median") { $0.median },
    statistic("max", "the greatest value") { $0.maximum },
  ]

  private static func statistic(
    _ name: String,
    _ documentation: String,
    _ value: @escaping @Sendable (SampleStatistics) -> Double?
  ) -> Column<SummaryRow> {
    Column(name: name, unit: .metric, type: .real, documentation: documentation) { row in
      value(row.statistics).flatMap { FixedPoint(rounding: $0, decimals: row.metric.decimals) }.map(Field.number)
        ?? .empty
    }
  }
}
