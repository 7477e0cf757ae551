import Timebase
import Runs

/// A sample with the time over which its utilisation is computed.
package struct TimelineStep: Hashable, Sendable {
  /// The roles at the step's end.
  let sample: TimelineSample
  /// The time since the sample before, or since time 0.
  let length: Nanoseconds

  /// The steps that the samples of one run end.
  static func steps(of samples: [TimelineSample]) -> some Sequence<TimelineStep> {
    samples.indices.lazy.map { index in
      let previous = index > 0 ? samples[index - 1].time : .zero
      return TimelineStep(sample: samples[index], length: samples[index].time - previous)
    }
  }
}

/// `timeline.csv`: the roles and the uplink through time.
package enum TimelineTable {
  package static let table = Table(
    file: .timeline,
    rowFor: "each time step of each replication, \(end)",
    columns: Row<TimelineStep>.identity + columns
  )

  /// Where it ends, in words.
  static let end = "up to the first at which every device is complete or failed, or to the limit that ended the run"

  private static let columns: [Column<Row<TimelineStep>>] = [
    .time("time_s", "the step's end") { $0.record.sample.time },
    .count("joining_devices", .devices, "devices that join, or are not switched on yet") { $0.record.sample.joining },
    .count("active_devices", .devices, "active devices, and masters (those who drive)") { $0.record.sample.active },
    .count("passive_devices", .devices, "passive devices, and other strategies' devices that listen to the group") {
      $0.record.sample.passive
    },
    .count("smart_devices", .devices, "smart devices, and other strategies' devices that fetch by unicast") {
      $0.record.sample.smart
    },
    .count("complete_devices", .devices, "complete devices") { $0.record.sample.complete },
    .count("failed_devices", .devices, "failed devices") { $0.record.sample.failed },
    .real("uplink_utilisation", .fraction, "the share of the step in which the uplink was sending; empty at time 0") {
      let step = $0.record
      return step.length > .zero ? Double(step.sample.uplinkBusy.count) / Double(step.length.count) : nil
    },
  ]
}
