import Results
import Timebase

/// A record of a server or a device: the scenario of its protocol, and what it wrote down.
package struct Recording: Hashable, Sendable {
  /// Something that happened, at a time of the record's own clock.
  package struct Event: Hashable, Sendable {
    /// Since the beginning of the record.
    package var time: Nanoseconds
    /// The device that it concerns, from 1; nil if it concerns all, or the device that wrote it down.
    package var device: Int?
    /// What happened.
    package var event: LiveEvent

    /// Describes something that happened.
    package init(time: Nanoseconds, device: Int? = nil, event: LiveEvent) {
      (self.time, self.device, self.event) = (time, device, event)
    }
  }

  /// What it is a record of.
  package let header: RecordHeader
  /// The scenario whose protocol ran, in its canonical form.
  package let scenario: String
  /// What happened, in the order in which it was written down.
  package let events: [Event]

  /// A record. Nil without a first event that says what it is of.
  package init?(scenario: String, events: [Event]) {
    guard case .begins(let header)? = events.first?.event else { return nil }
    self.header = header
    self.scenario = scenario
    self.events = events
  }

  /// Whether its writer ended it. The record of one that was killed ends anywhere.
  package var isWhole: Bool {
    if case .over? = events.last?.event { true } else { false }
  }
}

extension Recording.Event {
  /// One line of a journal: time in nanoseconds, device or `-`, event, details.
  var line: String { "\(time.count) \(device.map(String.init) ?? "-") \(event.name) \(event.detail)" }

  /// Reads a line; nil if it is none.
  init?(line: String) {
    let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 4, let time = Int64(words[0]) else { return nil }
    self.init(time: Nanoseconds(time), device: String(words[1]), name: String(words[2]), detail: String(words[3]))
  }

  /// The most devices of a record, and the longest record. Larger numbers are mistakes of the file.
  private static let mostDevices = 1 << 20
  private static let longest = Nanoseconds.seconds(3600 * 24 * 365)

  /// Reads an event from its parts; nil if it is none. A device of no number is `-` or empty.
  init?(time: Nanoseconds, device: String, name: String, detail: String) {
    guard time >= .zero, time <= Self.longest, let event = LiveEvent(name: name, detail: detail) else { return nil }
    let number = Int(device)
    guard number.map({ (1...Self.mostDevices).contains($0) }) ?? ["-", ""].contains(device) else { return nil }
    self.init(time: time, device: number, event: event)
  }
}
