import Network
import Timebase
import Runs

/// What a port counted in a run: the uplink, or a segment (N10).
package struct SegmentFigures: Hashable, Sendable {
  /// The segment's index; nil for the uplink.
  let segment: Int?
  /// What it counted.
  let counts: PortCounts
  /// The time that its share is taken of: until the last completion, or until its own last frame if that left later.
  let span: Nanoseconds

  /// The share of that time in which it was sending; nil if it sent nothing and no device is complete.
  var busyShare: Double? { span > .zero ? Double(counts.busy.count) / Double(span.count) : nil }

  /// The uplink, and then the segments of a run in the order of the scenario; nothing if it has no segments.
  static func figures(of record: RunRecord, makespan: Nanoseconds?) -> [SegmentFigures] {
    guard !record.segments.isEmpty else { return [] }
    return ([record.uplink] + record.segments).enumerated().map { index, counts in
      SegmentFigures(
        segment: index > 0 ? index - 1 : nil, counts: counts, span: max(makespan ?? .zero, counts.lastDeparture))
    }
  }
}

/// `segments.csv`: what each port counted. It is written for scenarios with segments only.
package enum SegmentsTable {
  /// The name of the server's own port.
  package static let uplinkName = "uplink"

  package static let table = Table(
    file: .segments,
    rowFor: "the uplink, and each segment, of each replication; only for scenarios with `segments`",
    columns: Row<SegmentFigures>.identity + columns
  )

  static func name(of segment: Int?, in context: RunContext) -> String {
    segment.map { context.segments[$0] } ?? uplinkName
  }

  /// The columns that a run's summary shows.
  static let busyShare = Column<Row<SegmentFigures>>.real(
    "busy_share", .fraction,
    "the share of the time in which it was sending, from 0 to the last completion, or to its own last frame if that left later; empty if there is neither"
  ) { $0.record.busyShare }
  static let mostWaiting = Column<Row<SegmentFigures>>.count(
    "queue_max", .frames, "the most frames that waited at a time, the one being sent not counted"
  ) { $0.record.counts.mostWaiting }

  private static let columns: [Column<Row<SegmentFigures>>] = [
    .text("segment", "the name of the segment; `uplink` for the server's own port") {
      name(of: $0.record.segment, in: $0.context)
    },
    .count("frames", .frames, "frames that left it") { $0.record.counts.frames },
    .count("bytes", .bytes, "their bytes on the wire (N1)") { $0.record.counts.bytes },
    .count("group_bytes", .bytes, "those of frames to the group") { $0.record.counts.groupBytes },
    .count("drops", .frames, "frames that found its queue full") { $0.record.counts.drops },
    busyShare, mostWaiting,
    .count(
      "lost_frames", .frames,
      "frames that were lost before its fan-out: by the segment's `loss`, or by `server.shared_loss` at the uplink"
    ) { $0.record.counts.lostFrames },
    .count("lost_up_packets", .packets, "packets of devices that its `loss` took on their way to the server") {
      $0.record.counts.lostOnTheWayUp
    },
  ]
}

/// What left a port in one step of the timeline.
package struct SegmentStep: Hashable, Sendable {
  /// The segment's index; nil for the uplink.
  let segment: Int?
  /// The step's end.
  let time: Nanoseconds
  /// The time since the sample before, or since time 0.
  let length: Nanoseconds
  /// The bytes on the wire that left it in that time.
  let bytes: UInt64

  /// The mean rate over the step in Mbit/s; nil at time 0.
  var megabitsPerSecond: Double? {
    length > .zero ? Double(bytes) * 8000 / Double(length.count) : nil
  }

  /// The uplink and the segments at each sample of a run, by time; nothing if it has no segments.
  static func steps(of samples: [TimelineSample]) -> some Sequence<SegmentStep> {
    samples.indices.lazy.flatMap { index -> [SegmentStep] in
      guard !samples[index].segmentBytes.isEmpty else { return [] }
      let previous = index > 0 ? samples[index - 1] : nil
      let (now, before) = (samples[index].portBytes, previous?.portBytes)
      return now.indices.map { port in
        SegmentStep(
          segment: port > 0 ? port - 1 : nil, time: samples[index].time,
          length: samples[index].time - (previous?.time ?? .zero), bytes: now[port] - (before?[port] ?? 0))
      }
    }
  }
}

extension TimelineSample {
  /// The bytes that have left the uplink, and then each segment.
  package var portBytes: [UInt64] { [sent.multicastData + sent.unicastData + sent.control] + segmentBytes }
}

/// `segments_timeline.csv`: what left each port through time. It is written for scenarios with segments and a timeline.
package enum SegmentsTimelineTable {
  package static let table = Table(
    file: .segmentsTimeline,
    rowFor:
      "the uplink, and each segment, at each time step of each replication, \(TimelineTable.end); with `--timeline`, for "
      + "scenarios with `segments`",
    columns: Row<SegmentStep>.identity + columns
  )

  private static let columns: [Column<Row<SegmentStep>>] = [
    .time("time_s", "the step's end") { $0.record.time },
    .text("segment", "the name of the segment; `uplink` for the server's own port") {
      SegmentsTable.name(of: $0.record.segment, in: $0.context)
    },
    .count("bytes", .bytes, "the bytes on the wire that left it since the step before") { $0.record.bytes },
    .real("mbit_s", .megabitsPerSecond, "the mean rate of the step, in 10⁶ bits a second; empty at time 0") {
      $0.record.megabitsPerSecond
    },
  ]
}
