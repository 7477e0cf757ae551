import FoundationEssentials
import Glibc
import Quantities

/// Shows on a terminal how many events of a run were compared or logged so far. In a pipe it is silent.
package final class EventCounter {
  private let isVisible: Bool
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant
  private var isDrawn = false

  /// Starts the clock. In the first second it shows nothing.
  package init() {
    isVisible = ProgressBar.isVisible(
      quiet: false, terminal: StandardError.isTerminal, environment: ProcessInfo.processInfo.environment)
    next = clock.now + .seconds(1)
  }

  deinit { finish() }

  /// Updates the count, at most five times a second.
  package func update(events: UInt64) {
    guard isVisible, events.isMultiple(of: 4096), clock.now >= next else { return }
    next = clock.now + .milliseconds(200)
    StandardError.write("\r\(HumanUnits.scaled(Double(events))) events\u{1B}[K")
    isDrawn = true
  }

  /// Removes the line.
  package func finish() {
    guard isDrawn else { return }
    isDrawn = false
    StandardError.write("\r\u{1B}[K")
  }
}
