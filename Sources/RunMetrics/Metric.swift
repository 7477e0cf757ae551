import Quantities

/// A numeric result of a run, with all that there is to know about it: a column of `runs.csv`, and mostly of `cohorts.csv`.
///
/// Tables, summaries, conditions, comparisons, tunings, reports and pictures take a metric from here. Nothing else
/// lists names, units, directions or headings of metrics.
package struct Metric: Sendable {
  /// Which way a metric gets worse.
  package enum Direction: Hashable, Sendable {
    case largerIsWorse
    case smallerIsWorse
    /// Neither way is worse: a difference is a change.
    case neutral
  }

  /// How the value of a run is made.
  package enum Source: Sendable {
    /// From the figures of a group of devices: all devices of a run, or those of a cohort.
    case group(@Sendable (GroupFigures) -> FixedPoint?)
    /// From the figures of a run.
    case run(@Sendable (RunFigures) -> FixedPoint?)
  }

  /// The name of its column.
  package let name: String
  /// What it counts or measures.
  package let unit: MetricUnit
  /// Which way it gets worse.
  package let direction: Direction
  /// What people call it.
  package let title: String
  /// The same where there is little room.
  package let short: String
  /// One line for the reference page.
  package let documentation: String
  /// The step in which its values are printed.
  package let resolution: Double
  package let source: Source

  /// The decimals that its statistics are printed with: nine for times, six for all else.
  package var decimals: Int { unit == .seconds ? FixedPoint.timeDecimals : FixedPoint.realDecimals }

  /// Whether its values are whole numbers.
  package var isWhole: Bool { resolution == 1 }

  /// Whether a cohort has it too.
  package var isOfCohorts: Bool { if case .group = source { true } else { false } }

  /// Its name without the unit of a time, by which command lines may call it.
  package var alias: String { unit == .seconds && name.hasSuffix("_s") ? String(name.dropLast(2)) : name }

  /// The value of a run, as it is printed; nil if there is none.
  package func value(of run: RunFigures) -> FixedPoint? {
    switch source {
    case .group(let value): value(run.all)
    case .run(let value): value(run)
    }
  }

  /// The value of a cohort, as it is printed; nil if there is none.
  package func value(of cohort: GroupFigures) -> FixedPoint? {
    guard case .group(let value) = source else { preconditionFailure("a cohort has no \(name)") }
    return value(cohort)
  }
}

extension Metric {
  /// How much there is of what metrics count.
  package struct Extent: Sendable {
    /// How many devices there are.
    package var devices: Double
    /// How many blocks the file has.
    package var blocks: Double

    /// Without limits where nothing is said.
    package init(devices: Double = .infinity, blocks: Double = .infinity) {
      (self.devices, self.blocks) = (devices, blocks)
    }
  }

  /// The values that are possible. An interval by Student's t knows no bounds, and what is said of it ends at these.
  package func possible(in extent: Extent) -> ClosedRange<Double> {
    switch unit {
    case .fraction: 0...1
    case .devices: 0...max(0, extent.devices)
    case .blocks: 0...max(0, extent.blocks)
    default: 0...Double.infinity
    }
  }
}

extension Metric: Hashable {
  package static func == (left: Metric, right: Metric) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
