/// The difference of two runs: the first event that is not the same in both, with the events around it.
package struct EventDifference: Hashable, Sendable {
  /// One of the two runs from the difference on.
  package struct Side: Hashable, Sendable {
    /// Where it comes from.
    package var title: String
    /// Its first different event, and a few after it; fewer, or none, if the run is over.
    package var events: [LoggedEvent] = []
    /// How it ended, if that was seen.
    package var ended: String?
  }

  /// Someone's state before the event, in both, and after it on each side.
  package struct State: Hashable, Sendable {
    package var subject: String
    package var before: String
    package var left: String
    package var right: String
  }

  /// The replication.
  package var replication: Int
  /// The keys with different values in the two scenarios.
  package var settings: [SettingDifference]
  /// How many events are the same.
  package var common: UInt64 = 0
  /// The last few of them.
  package var before: [LoggedEvent] = []
  /// The two runs from the difference on; empty if there is none.
  package var left: Side
  package var right: Side
  /// The states of the server and of those that the event concerns.
  package var states: [State] = []

  /// Whether the runs differ.
  package var isFound: Bool { !left.events.isEmpty || !right.events.isEmpty }
}

extension EventDifference {
  /// How many events are shown before and after.
  private static let shown = 4

  /// Compares two runs event by event, side by side, up to the first difference.
  ///
  /// Without `times` only what happens, and in which order, counts. Memory does not grow with the runs: it has the two
  /// simulations, a few events, and the last state of each device.
  /// - Throws: ``ComparisonError`` or an `InvariantBreach`.
  package static func find(
    _ left: consuming EventSource, _ right: consuming EventSource, times: Bool = true,
    progress: (UInt64) -> Void = { _ in }
  ) throws -> EventDifference {
    guard left.replication == right.replication else {
      throw ComparisonError(
        "\(left.title) has replication \(left.replication), and \(right.title) has \(right.replication); "
          + "compare the same one")
    }
    var found = EventDifference(
      replication: left.replication, settings: left.scenario.differences(from: right.scenario),
      left: Side(title: left.title), right: Side(title: right.title))
    var recent = RecentEvents(capacity: shown)
    while true {
      let (leftEvent, rightEvent) = (try left.next(), try right.next())
      guard let one = leftEvent, let other = rightEvent, ComparedEvent.isSame(one, other, times: times) else {
        found.left.events = try follow(leftEvent, in: &left)
        found.right.events = try follow(rightEvent, in: &right)
        break
      }
      found.common += 1
      progress(found.common)
      recent.append(one)
    }
    if found.left.events.count <= shown { found.left.ended = try left.ended() }
    if found.right.events.count <= shown { found.right.ended = try right.ended() }
    found.before = recent.events.map(\.words)
    found.states = recent.states(at: found.left.events.first, found.right.events.first)
    return found
  }

  private static func follow(_ first: ComparedEvent?, in source: inout EventSource) throws -> [LoggedEvent] {
    guard let first else { return [] }
    var events = [first.words]
    while events.count <= shown, let next = try source.next() { events.append(next.words) }
    return events
  }
}

/// The last few events, and the last event of each subject.
private struct RecentEvents {
  let capacity: Int
  private(set) var events: [ComparedEvent] = []
  /// By subject. It is only looked up, never iterated.
  private var last: [Subject: ComparedEvent] = [:]

  /// The subject of an event, as cheaply as possible.
  private enum Subject: Hashable {
    case traced(TracedSubject)
    case logged(String)
  }

  init(capacity: Int) { self.capacity = capacity }

  mutating func append(_ event: ComparedEvent) {
    if events.count == capacity { events.removeFirst() }
    events.append(event)
    switch event {
    case .traced(let traced): last[.traced(traced.subject)] = event
    case .logged(let logged): last[.logged(logged.subject)] = event
    }
  }

  private func state(of subject: String) -> String? {
    let event = last[.logged(subject)] ?? TracedSubject(words: subject).flatMap { last[.traced($0)] }
    return event.map(\.words.ownState)
  }

  /// The states of the server, and of the subjects of the two events.
  func states(at left: LoggedEvent?, _ right: LoggedEvent?) -> [EventDifference.State] {
    let events = [left, right].compactMap(\.self)
    var subjects: [String] = []
    for subject in (events.isEmpty ? [] : ["server"]) + events.flatMap(\.everybody)
    where subject != "uplink" && !subjects.contains(subject) { subjects.append(subject) }
    return subjects.map { subject in
      let before = state(of: subject) ?? "nothing has happened to it"
      return EventDifference.State(
        subject: subject, before: before, left: left?.subject == subject ? left?.state ?? before : before,
        right: right?.subject == subject ? right?.state ?? before : before)
    }
  }
}
