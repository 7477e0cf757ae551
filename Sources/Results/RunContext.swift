import BlockTransfer
import RunMetrics
import Runs

/// What the rows of one point have in common: everything of a scenario that the outputs show.
package struct RunContext: Hashable, Sendable {
  /// The scenario's name.
  package var scenario: String
  /// The point of the sweep, from 0; a plain run is point 0.
  package var point: Int
  /// The keys that are varied, in the order in which they are varied; none in a plain run.
  package var varied: [VariedKey]
  /// The seed of all replications.
  package var seed: UInt64
  /// How many devices there are.
  package var devices: Int
  /// The names of the cohorts, by index.
  package var cohorts: [String]
  /// The names of the segments, by index (N10).
  package var segments: [String]
  /// The name of the segment that each cohort is on, by the index of the cohort; empty for the uplink itself.
  package var cohortSegments: [String]
  /// The boot image and its blocks.
  package var file: FileLayout
  /// The pre-selected amount in bytes; 0 promotes no device.
  package var thresholdBytes: UInt64
  /// How the file gets to the devices.
  package var strategy: StrategyName
  /// Whether it was run on real wires, so that it has no seed.
  package var isLive = false

  /// Describes a point; a plain run leaves `point` and `varied` out.
  package init(
    scenario: String,
    point: Int = 0,
    varied: [VariedKey] = [],
    seed: UInt64,
    devices: Int,
    cohorts: [String],
    segments: [String] = [],
    cohortSegments: [String]? = nil,
    file: FileLayout,
    thresholdBytes: UInt64,
    strategy: StrategyName = .promotion
  ) {
    self.scenario = scenario
    self.point = point
    self.varied = varied
    self.seed = seed
    self.devices = devices
    self.cohorts = cohorts
    self.segments = segments
    self.cohortSegments = cohortSegments ?? cohorts.map { _ in "" }
    self.file = file
    self.thresholdBytes = thresholdBytes
    self.strategy = strategy
  }
}

extension RunContext {
  /// How much there is of what metrics count.
  package var extent: Metric.Extent { Metric.Extent(devices: Double(devices), blocks: Double(file.blocks)) }
}
