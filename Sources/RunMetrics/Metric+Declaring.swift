import Quantities
import Timebase

// How a metric is declared: by what its values are, and by what they are made from.
extension Metric {
  /// A whole number of things, of all devices and of each cohort.
  package static func count<Integer: BinaryInteger & SendableMetatype>(
    _ name: String, _ unit: MetricUnit, worse direction: Direction = .neutral, title: String, short: String? = nil,
    _ documentation: String, _ value: @escaping @Sendable (GroupFigures) -> Integer?
  ) -> Metric {
    Metric(
      name: name, unit: unit, direction: direction, title: title, short: short ?? title, documentation: documentation,
      resolution: 1, source: .group { value($0).map { FixedPoint(Int128($0)) } })
  }

  /// A whole number of things in a run.
  static func countOfRun<Integer: BinaryInteger & SendableMetatype>(
    _ name: String, _ unit: MetricUnit, worse direction: Direction = .neutral, title: String, short: String? = nil,
    _ documentation: String, _ value: @escaping @Sendable (RunFigures) -> Integer?
  ) -> Metric {
    Metric(
      name: name, unit: unit, direction: direction, title: title, short: short ?? title, documentation: documentation,
      resolution: 1, source: .run { value($0).map { FixedPoint(Int128($0)) } })
  }

  /// A time of all devices and of each cohort, derived in nanoseconds and rounded to whole ones. More of it is worse.
  package static func time(
    _ name: String, title: String, short: String? = nil, _ documentation: String,
    nanoseconds value: @escaping @Sendable (GroupFigures) -> Double?
  ) -> Metric {
    Metric(
      name: name, unit: .seconds, direction: .largerIsWorse, title: title, short: short ?? title,
      documentation: documentation, resolution: 1e-9,
      source: .group { value($0).map { FixedPoint(Nanoseconds(Int64($0.rounded(.toNearestOrEven)))) } })
  }

  /// A time of a run. More of it is worse.
  static func timeOfRun(
    _ name: String, title: String, short: String? = nil, _ documentation: String,
    _ value: @escaping @Sendable (RunFigures) -> Nanoseconds?
  ) -> Metric {
    Metric(
      name: name, unit: .seconds, direction: .largerIsWorse, title: title, short: short ?? title,
      documentation: documentation, resolution: 1e-9, source: .run { value($0).map { FixedPoint($0) } })
  }

  /// A derived number of all devices and of each cohort, six decimals.
  package static func real(
    _ name: String, _ unit: MetricUnit, title: String, short: String? = nil, _ documentation: String,
    _ value: @escaping @Sendable (GroupFigures) -> Double?
  ) -> Metric {
    Metric(
      name: name, unit: unit, direction: .neutral, title: title, short: short ?? title, documentation: documentation,
      resolution: 1e-6, source: .group { value($0).flatMap { FixedPoint(real: $0) } })
  }

  /// A derived number of a run, six decimals.
  static func realOfRun(
    _ name: String, _ unit: MetricUnit, title: String, short: String? = nil, _ documentation: String,
    _ value: @escaping @Sendable (RunFigures) -> Double?
  ) -> Metric {
    Metric(
      name: name, unit: unit, direction: .neutral, title: title, short: short ?? title, documentation: documentation,
      resolution: 1e-6, source: .run { value($0).flatMap { FixedPoint(real: $0) } })
  }
}
