import PromotionRun
import Scenarios
import Runs

/// An event on one side of a comparison: of a run, or from a log.
enum ComparedEvent: Sendable {
  case traced(TracedEvent)
  case logged(LoggedEvent)

  /// The event in words.
  var words: LoggedEvent {
    switch self {
    case .traced(let event): LoggedEvent(event)
    case .logged(let event): event
    }
  }

  /// Whether two runs did the same, and at the same time if `times` count. Words are made only if one of them is a log.
  static func isSame(_ left: ComparedEvent, _ right: ComparedEvent, times: Bool) -> Bool {
    switch (left, right) {
    case (.traced(let left), .traced(var right)):
      if !times { right.time = left.time }
      return left == right
    case (.traced, .logged), (.logged, .traced), (.logged, .logged):
      let left = left.words
      var right = right.words
      if !times { right.time = left.time }
      return left == right
    }
  }
}

/// One side of a comparison: where its events come from, one after the other.
package struct EventSource {
  /// What was run.
  let scenario: Scenario
  /// The replication, from 1.
  let replication: Int
  /// Where it comes from, for a person.
  let title: String
  // Exactly one of the two is set. They are not cases of an enum, because that could not be changed in place.
  private var run: TracedRun?
  private var log: EventLogReader?

  /// The events of a run that runs now.
  init(_ scenario: Scenario, replication: Int, title: String) {
    self.scenario = scenario
    self.replication = replication
    self.title = title
    run = TracedRun(scenario.network, seed: scenario.seed, replication: replication)
  }

  /// The events of a run that was logged.
  init(_ log: EventLogReader, title: String) {
    scenario = log.scenario
    replication = log.replication
    self.title = title
    self.log = log
  }

  /// The next event; nil at the end.
  mutating func next() throws -> ComparedEvent? {
    if run != nil { return run?.next().map(ComparedEvent.traced) }
    return try log?.next().map(ComparedEvent.logged)
  }

  /// How the run ended, once all events were taken.
  func ended() throws -> String {
    if let run { return try run.finish().ended.rawValue }
    return log?.ended ?? "unknown"
  }
}
