import Quantities

/// The progress of a run or a sweep, and how a line of a terminal shows it.
package struct RunProgress: Hashable, Sendable {
  /// Replications that are written.
  package var done: Int
  /// All replications.
  package var total: Int
  /// Events executed in the replications that are written.
  package var events: UInt64
  /// Seconds since the start.
  package var elapsed: Double
  /// Replications that existed at the start. They do not count for the rate.
  package var found = 0
  /// What is counted.
  package var noun = "replications"
  /// A further note. It is the first part to be left out if the line is too narrow.
  package var note: String?

  /// The progress of a run.
  package init(done: Int, total: Int, events: UInt64, elapsed: Double) {
    self.done = done
    self.total = total
    self.events = events
    self.elapsed = elapsed
  }

  /// The line for a terminal `width` columns wide: a bar, the count, the rates and the time left, as far as they fit.
  package func line(width: Int, colour: Bool = false) -> String {
    let count = "\(done)/\(total)"
    let texts = [
      [count] + rates + [note, timeLeft], [count, rates.first, note, timeLeft], [count, note, timeLeft],
      [count, timeLeft],
      [count],
    ].map { $0.compactMap(\.self).joined(separator: "  ") }
    guard let text = texts.first(where: { $0.count + Self.gap + Self.narrowestBar < width }) else {
      return count.count < width ? count : ""
    }
    let bar = min(Self.widestBar, width - text.count - Self.gap - 1)
    let filled = total > 0 ? bar * min(done, total) / total : 0
    let full = String(repeating: "█", count: filled)
    let rest = String(repeating: "░", count: bar - filled)
    return (colour ? "\u{1B}[32m\(full)\u{1B}[0m" : full) + rest + "  " + text
  }

  private static let narrowestBar = 8
  private static let widestBar = 40
  /// The columns between the bar and the text.
  private static let gap = 2

  private var rates: [String] {
    guard done > found, elapsed > 0 else { return [] }
    let rate = HumanUnits.scaled(Double(done - found) / elapsed) + " \(noun)/s"
    return events > 0 ? [rate, HumanUnits.scaled(Double(events) / elapsed) + " events/s"] : [rate]
  }

  private var timeLeft: String {
    if done >= total { return "took " + HumanUnits.clock(elapsed) }
    guard done > found else { return "running for " + HumanUnits.clock(elapsed) }
    return HumanUnits.clock(elapsed / Double(done - found) * Double(total - done)) + " left"
  }
}
