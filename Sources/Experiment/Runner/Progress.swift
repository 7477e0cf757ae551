/// How far a run is, and how a line of a terminal shows it.
package struct Progress: Hashable, Sendable {
  /// Replications that are written.
  package var done: Int
  /// All replications.
  package var total: Int
  /// Events executed in the replications that are written.
  package var events: UInt64
  /// Seconds since the start.
  package var elapsed: Double

  /// Says how far a run is.
  package init(done: Int, total: Int, events: UInt64, elapsed: Double) {
    self.done = done
    self.total = total
    self.events = events
    self.elapsed = elapsed
  }

  /// The line for a terminal `width` columns wide: a bar, the count, the rates and the time left, as far as they fit.
  package func line(width: Int, colour: Bool = false) -> String {
    let words = ["\(done)/\(total)"] + rates + [timeLeft]
    var text = ""
    for word in words where text.count + word.count + 2 < width { text += (text.isEmpty ? "" : "  ") + word }
    let bar = min(40, width - text.count - 4)
    guard bar >= 8 else { return text }
    let filled = total > 0 ? bar * min(done, total) / total : 0
    let full = String(repeating: "█", count: filled)
    let rest = String(repeating: "░", count: bar - filled)
    return (colour ? "\u{1B}[32m\(full)\u{1B}[0m" : full) + rest + "  " + text
  }

  private var rates: [String] {
    guard done > 0, elapsed > 0 else { return [] }
    return [
      HumanUnits.scaled(Double(done) / elapsed) + " replications/s",
      HumanUnits.scaled(Double(events) / elapsed) + " events/s",
    ]
  }

  private var timeLeft: String {
    if done >= total { return "took " + HumanUnits.clock(elapsed) }
    guard done > 0 else { return "running for " + HumanUnits.clock(elapsed) }
    return HumanUnits.clock(elapsed / Double(done) * Double(total - done)) + " left"
  }
}
