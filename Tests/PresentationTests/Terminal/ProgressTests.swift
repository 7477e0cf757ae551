import TestSupport
import Testing

@testable import Presentation
@testable import Quantities

struct ProgressTests {
  @Test func aLineShowsTheBarTheRatesAndTheTimeLeft() {
    let progress = RunProgress(done: 25, total: 100, events: 50_000_000, elapsed: 20)
    expect(
      progress.line(width: 100),
      equals: "██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25/100  1.25 replications/s  2.50 M events/s  1:00 left")
  }

  /// Runs that were there at the start took no time.
  @Test func theRateIsThatOfWhatWasDoneSinceTheStart() {
    var progress = RunProgress(done: 60, total: 100, events: 30_000_000, elapsed: 20)
    progress.found = 50
    progress.noun = "runs"
    progress.note = "widest ±3.20 % makespan_s"
    expect(
      progress.line(width: 110),
      equals:
        "███████████████████░░░░░░░░░░░░░░  60/100  0.50 runs/s  1.50 M events/s  widest ±3.20 % makespan_s  1:20 left")
    #expect(progress.line(width: 60).contains("widest"))
    #expect(!progress.line(width: 40).contains("widest"))
    for width in 1...150 { #expect(progress.line(width: width).count < width) }
  }

  @Test func beforeTheFirstReplicationThereIsNoRate() {
    expect(
      RunProgress(done: 0, total: 8, events: 0, elapsed: 65).line(width: 40),
      equals: "░░░░░░░░░░░░░░░░  0/8  running for 1:05")
  }

  @Test func atTheEndItSaysHowLongItTook() {
    expect(
      RunProgress(done: 8, total: 8, events: 0, elapsed: 3725).line(width: 30), equals: "██████████  8/8  took 1:02:05")
  }

  @Test(arguments: 1...200)
  func aLineFitsTheTerminal(width: Int) {
    for done in [0, 1, 999, 1000] {
      let line = RunProgress(done: done, total: 1000, events: 123_456_789, elapsed: 77.7).line(width: width)
      #expect(line.count < width)
    }
  }

  @Test func colourIsOnlyInTheBar() {
    let progress = RunProgress(done: 4, total: 8, events: 0, elapsed: 1)
    let coloured = progress.line(width: 30, colour: true)
    #expect(coloured.contains("\u{1B}[32m"))
    let plain = coloured.replacing("\u{1B}[32m", with: "").replacing("\u{1B}[0m", with: "")
    expect(plain, equals: progress.line(width: 30))
  }

  @Test(arguments: [
    (false, true, "xterm", true), (true, true, "xterm", false), (false, false, "xterm", false),
    (false, true, "dumb", false),
  ])
  func theBarIsShownOnATerminalOnly(quiet: Bool, terminal: Bool, type: String, shown: Bool) {
    expect(ProgressBar.isVisible(quiet: quiet, terminal: terminal, environment: ["TERM": type]), equals: shown)
  }

  @Test func noColorIsHeeded() {
    #expect(ProgressBar.isColoured(environment: ["TERM": "xterm"]))
    #expect(ProgressBar.isColoured(environment: ["TERM": "xterm", "NO_COLOR": ""]))
    #expect(!ProgressBar.isColoured(environment: ["TERM": "xterm", "NO_COLOR": "1"]))
    #expect(!ProgressBar.isColoured(environment: ["TERM": "dumb"]))
  }

  @Test(arguments: [
    (0, "0.00"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (999.4, "999"), (999.6, "1.00 k"),
    (12_345_678, "12.3 M"), (1e9, "1.00 G"),
  ])
  func aRateHasThreeDigits(value: Double, text: String) {
    expect(HumanUnits.scaled(value), equals: text)
  }

  @Test(arguments: [(0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1_610_612_736, "1.50 GiB")])
  func bytesHaveABinaryUnit(value: Double, text: String) {
    expect(HumanUnits.text(value, in: HumanUnits.byteScale(of: value)), equals: text)
  }

  @Test(arguments: [
    (999, "999"), (1234, "1234"), (12_345, "12\u{202F}345"), (1_234_567, "1\u{202F}234\u{202F}567"),
    (-123_456, "−123\u{202F}456"),
  ])
  func digitsAreGroupedByThree(value: Double, text: String) {
    expect(HumanUnits.grouped(value, decimals: 0), equals: text)
  }
}
