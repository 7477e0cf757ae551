import Experiments
import PromotionRun
import Results
import Scenarios
import Runs

/// A run's events in a text file, one line each, to compare another version of the program with it.
///
/// The file begins with `gapsim-log 1`, the program's version, the replication, and the scenario, each of its lines
/// after `| `. Then come the events, with five fields separated by tabs: number, time in seconds, whom it happened to,
/// what happened, and the state after it. The last line is `end`, the number of events, and how the run ended. The same
/// scenario and replication give the same bytes.
package enum EventLog {
  /// The first line of every log that this program writes and reads.
  static let signature = "gapsim-log 1"
  /// The beginning of the first line of a log of any version.
  static let anySignature = "gapsim-log "
  /// What the line begins with that says which events a filtered log has; a whole one has no such line.
  static let filterMark = "filter "

  /// Runs one replication of a scenario and hands its log on, piece by piece.
  ///
  /// - Parameter filter: which events are written. They keep their numbers in the run.
  /// - Returns: how many events there were.
  /// - Throws: `InvariantBreach`, or what `write` throws.
  @discardableResult
  package static func write(
    _ scenario: Scenario, replication: Int, filter: EventFilter = EventFilter(),
    progress: (UInt64) -> Void = { _ in }, to write: ([UInt8]) throws -> Void
  ) throws -> UInt64 {
    var text = "\(signature)\nprogram \(Program.version)\nreplication \(replication)\n"
    if let words = filter.words { text += filterMark + words + "\n" }
    for line in scenario.canonicalYAML().split(separator: "\n") { text += "| \(line)\n" }
    var run = TracedRun(scenario.network, seed: scenario.seed, replication: replication)
    var filter = filter
    var number: UInt64 = 0
    while let event = run.next() {
      if filter.isOver(at: event.time) {
        try write(Array((text + "end\t\(number)\tuntil\n").utf8))
        return number
      }
      number += 1
      progress(number)
      if filter.passes(event) { text += LoggedEvent(event).line(number: number) }
      if text.utf8.count >= 1 << 16 {
        try write(Array(text.utf8))
        text = ""
      }
    }
    let ended = try run.finish().ended
    try write(Array((text + "end\t\(number)\t\(ended.rawValue)\n").utf8))
    return number
  }

  /// The same into a file, which is complete or absent.
  ///
  /// - Throws: `InvariantBreach` or ``ResultsError``.
  @discardableResult
  package static func write(
    _ scenario: Scenario, replication: Int, filter: EventFilter = EventFilter(),
    progress: (UInt64) -> Void = { _ in }, toFile path: String
  ) throws -> UInt64 {
    try StreamedFile.write(path) { append in
      try write(scenario, replication: replication, filter: filter, progress: progress, to: append)
    }
  }
}
