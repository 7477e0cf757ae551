import Foundation
import Glibc

/// Shows on a terminal how many events a long walk through a run has seen; in a pipe it is silent.
package final class EventCounter {
  private let isVisible: Bool
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant
  private var isDrawn = false

  /// Starts to count time; the first second shows nothing.
  package init() {
    isVisible = ProgressBar.isVisible(
      quiet: false, terminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    next = clock.now + .seconds(1)
  }

  deinit { finish() }

  /// Draws the count anew, at most five times a second.
  package func update(events: UInt64) {
    guard isVisible, events.isMultiple(of: 4096), clock.now >= next else { return }
    next = clock.now + .milliseconds(200)
    write("\r\(HumanUnits.scaled(Double(events))) events\u{1B}[K")
    isDrawn = true
  }

  /// Takes the line away.
  package func finish() {
    guard isDrawn else { return }
    isDrawn = false
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
