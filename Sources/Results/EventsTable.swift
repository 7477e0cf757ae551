import Runs
import Timebase

/// Something that the server or a device of a live run wrote down, in the words of the record.
package struct RecordedEvent: Hashable, Sendable {
  /// Who wrote it down.
  package enum Source: String, Hashable, Sendable {
    case server, device
  }

  /// When it happened: in a record since its beginning by its own clock, in results since the run's time 0.
  package var time: Nanoseconds
  /// Who wrote it down.
  package var source: Source
  /// The device that it concerns, from 1; nil if it concerns all, or the device that wrote it down.
  package var device: Int?
  /// What happened, in a word.
  package var name: String
  /// More about it: `key=value` with spaces between them.
  package var detail: String

  /// Describes an event.
  package init(time: Nanoseconds, source: Source, device: Int?, name: String, detail: String) {
    (self.time, self.source, self.device, self.name, self.detail) = (time, source, device, name, detail)
  }
}

/// `events.csv`: what a live run wrote down while it ran.
package enum EventsTable {
  package static let table = Table(
    file: .events,
    rowFor: "each event of a live run, in the order of their times",
    columns: Row<RecordedEvent>.identity + columns
  )

  private static let columns: [Column<Row<RecordedEvent>>] = [
    .time("time_s", "when it happened") { $0.record.time },
    .text("seen_by", "who wrote it down: `server` or `device`") { $0.record.source.rawValue },
    .count("device", .number, "the device that it concerns; empty if it concerns all") { $0.record.device },
    .text("event", "what happened") { $0.record.name },
    .text("detail", "more about it: `key=value`, with spaces between them") { $0.record.detail },
  ]
}
