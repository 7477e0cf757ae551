/// How far a tuning is, and how a line of a terminal shows it.
package struct TuneProgress: Hashable, Sendable {
  /// Replications of the candidate that has most.
  var replications: Int
  /// Candidates that are not eliminated.
  var alive: Int
  /// All candidates; 0 while they are sought.
  var candidates: Int
  /// Runs of a threshold in a replication.
  var runs: Int
  /// Events executed.
  var events: UInt64
  /// How many replications this phase takes at most, as far as is known.
  var atMost: Int?
  /// How many runs there may be in all.
  var budget: Int?
  /// Whether nothing is left to do.
  var isOver = false

  init(replications: Int, alive: Int, candidates: Int, runs: Int, events: UInt64) {
    self.replications = replications
    self.alive = alive
    self.candidates = candidates
    self.runs = runs
    self.events = events
  }

  /// The line for a terminal `width` columns wide, as much of it as fits.
  ///
  /// - Parameter elapsed: Seconds since the start.
  func line(width: Int, elapsed: Double) -> String {
    var parts = [
      candidates == 0 ? "looking for the gaps that occur" : "\(alive) of \(candidates) thresholds alive",
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
