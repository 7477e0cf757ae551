import Experiments
import FoundationEssentials
import Glibc

/// Shows progress on a terminal; in a pipe, or when told to be quiet, it is silent.
///
/// It reads a clock, and nothing of it reaches a result.
package final class ProgressBar {
  private static let period = Duration.milliseconds(100)

  private let total: Int
  private let noun: String
  private let visible: Bool
  private let colour: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var next: ContinuousClock.Instant
  private var drawn = false

  /// Starts the clock; `noun` says what is counted.
  package init(total: Int, noun: String = "replications", quiet: Bool) {
    let environment = ProcessInfo.processInfo.environment
    self.total = total
    self.noun = noun
    visible = Self.isVisible(quiet: quiet, terminal: StandardError.isTerminal, environment: environment)
    colour = Self.isColoured(environment: environment)
    start = clock.now
    next = start
  }

  deinit { finish() }

  /// Whether anything is shown. A dumb terminal cannot redraw a line.
  static func isVisible(quiet: Bool, terminal: Bool, environment: [String: String]) -> Bool {
    terminal && !quiet && environment["TERM"] != "dumb"
  }

  /// Whether the user wants colours. NO_COLOR counts if it is set and not empty.
  static func isColoured(environment: [String: String]) -> Bool {
    environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }

  /// Redraws the line, at most ten times a second, and at the end.
  package func update(done: Int, events: UInt64) {
    update(done: done, of: total, found: 0, events: events, note: { nil })
  }

  /// The same, if the total is known only on the way. It calls `note` when it draws the line.
  package func update(done: Int, of total: Int, found: Int, events: UInt64, note: () -> String?) {
    draw(isLast: done == total) { width, elapsed in
      var progress = RunProgress(done: done, total: total, events: events, elapsed: elapsed)
      progress.found = found
      progress.noun = noun
      progress.note = note()
      return progress.line(width: width, colour: colour)
    }
  }

  /// Redraws the line of a tuning, equally often.
  package func update(_ progress: TuneProgress) {
    draw(isLast: progress.isOver) { width, elapsed in progress.line(width: width, elapsed: elapsed) }
  }

  private func draw(isLast: Bool, line: (_ width: Int, _ elapsed: Double) -> String) {
    guard visible else { return }
    let now = clock.now
    guard now >= next || isLast else { return }
    next = now + Self.period
    StandardError.write("\r" + line(Self.width, (now - start) / .seconds(1)) + "\u{1B}[K")
    drawn = true
  }

  /// Leaves the line as it is, and the cursor below it.
  package func finish() {
    guard drawn else { return }
    drawn = false
    StandardError.write("\n")
  }

  private static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
