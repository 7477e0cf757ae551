import Quantities

/// The progress of a tuning, and how a line of a terminal shows it.
package struct TuneProgress: Sendable {
  /// Replications of the candidate with the most.
  package internal(set) var replications: Int
  /// Candidates that are not eliminated.
  package var alive: Int
  /// All candidates; 0 while they are being found.
  package var candidates: Int
  /// Runs of a threshold in a replication.
  package var runs: Int
  /// Events executed.
  package var events: UInt64
  /// How many replications this phase takes at most, as far as is known.
  package internal(set) var atMost: Int?
  /// The most runs in total.
  package var budget: Int?
  /// How long it will take; nil if that is not long, or not known yet.
  package internal(set) var forecast: Forecast?
  /// Which answer is being found, of how many; nil if there is one.
  package var scope: (number: Int, of: Int)?
  /// Whether nothing is left to do.
  package var isOver = false

  package init(replications: Int, alive: Int, candidates: Int, runs: Int, events: UInt64) {
    self.replications = replications
    self.alive = alive
    self.candidates = candidates
    self.runs = runs
    self.events = events
  }

  /// The line for a terminal `width` columns wide, as much of it as fits.
  ///
  /// - Parameter elapsed: Seconds since the start.
  package func line(width: Int, elapsed: Double) -> String {
    var parts = [
      (scope.map { "answer \($0.number) of \($0.of): " } ?? "")
        + (candidates == 0 ? "looking for the gaps that occur" : "\(alive) of \(candidates) candidates in question"),
      "replication \(replications)" + (atMost.map { " of at most \($0)" } ?? ""),
      "\(runs)" + (budget.map { "/\($0)" } ?? "") + " runs",
    ]
    if elapsed > 0 { parts.append(HumanUnits.scaled(Double(events) / elapsed) + " events/s") }
    parts.append((isOver ? "took " : "running for ") + HumanUnits.clock(elapsed))
    while parts.count > 1, parts.joined(separator: "  ").count >= width { parts.removeLast() }
    let line = parts.joined(separator: "  ")
    return line.count < width ? line : ""
  }
}
