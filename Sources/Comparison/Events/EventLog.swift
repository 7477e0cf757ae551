import Experiments
import FoundationEssentials
import Glibc
import PromotionRun
import Results
import Scenarios

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

  /// Runs one replication of a scenario and passes on its log, piece by piece.
  ///
  /// - Returns: how many events there were.
  /// - Throws: `InvariantBreach`, or what `write` throws.
  @discardableResult
  package static func write(
    _ scenario: Scenario, replication: Int, progress: (UInt64) -> Void = { _ in }, to write: ([UInt8]) throws -> Void
  ) throws -> UInt64 {
    var text = "\(signature)\nprogram \(Program.version)\nreplication \(replication)\n"
    for line in scenario.canonicalYAML().split(separator: "\n") { text += "| \(line)\n" }
    var run = TracedRun(scenario.network, seed: scenario.seed, replication: replication)
    var number: UInt64 = 0
    while let event = run.next() {
      number += 1
      progress(number)
      text += LoggedEvent(event).line(number: number)
      if text.utf8.count >= 1 << 16 {
        try write(Array(text.utf8))
        text = ""
      }
    }
    let ended = try run.finish().ended
    try write(Array((text + "end\t\(number)\t\(ended.rawValue)\n").utf8))
    return number
  }

  /// The same, into a file. The file is complete or absent: it is written beside its place and renamed.
  ///
  /// - Throws: `InvariantBreach` or ``ResultsError``.
  @discardableResult
  package static func write(
    _ scenario: Scenario, replication: Int, progress: (UInt64) -> Void = { _ in }, toFile path: String
  ) throws -> UInt64 {
    let url = URL(filePath: path)
    let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial").path
    unlink(partial)
    let file = try OutputFile(creating: partial)
    let interruption = Interruption { unlink(partial) }
    defer {
      unlink(partial)
      interruption.end()
    }
    let events = try write(scenario, replication: replication, progress: progress) { try file.append($0) }
    _ = try file.close()
    guard rename(partial, path) == 0 else { throw ResultsError.last("rename to", path) }
    return events
  }
}
