import FoundationEssentials
import Glibc
import Quantities

/// Shows on a terminal how many events a long walk through a run has seen; in a pipe it is silent.
package final class EventCounter {
  private let isVisible: Bool
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant
  private var isDrawn = false

  /// Starts to count time; the first second shows nothing.
  package init() {
    isVisible = ProgressBar.isVisible(
      quiet: false, terminal: StandardError.isTerminal, environment: ProcessInfo.processInfo.environment)
    next = clock.now + .seconds(1)
  }

  deinit { finish() }

  /// Draws the count anew, at most five times a second.
  package func update(events: UInt64) {
    guard isVisible, events.isMultiple(of: 4096), clock.now >= next else { return }
    next = clock.now + .milliseconds(200)
    StandardError.write("\r\(HumanUnits.scaled(Double(events))) events\u{1B}[K")
    isDrawn = true
  }

  /// Takes the line away.
  package func finish() {
    guard isDrawn else { return }
    isDrawn = false
    StandardError.write("\r\u{1B}[K")
  }
}
