import TestSupport
import Testing

@testable import Quantities
@testable import RunMetrics
@testable import Presentation
@testable import Scenarios
@testable import Statistics

@Suite struct AxisTests {
  @Test func valuesThatSpanMuchStandOnALogarithmicAxisAndZeroApart() {
    let axis = VariedAxis(key: "protocol.promotion.threshold", values: ["1 MiB", "0 B", "16 KiB", "64 KiB"])
    expect(axis.scale, equals: .logarithmic)
    #expect(axis.hasZeroApart)
    expect(axis.values.map(\.text), equals: ["0 B", "16 KiB", "64 KiB", "1 MiB"])
    expect(axis.positions[1...], equals: [14, 16, 20])
    #expect(axis.positions[0] < 13)
    #expect(axis.positions.allSatisfy { $0.isFinite })
    #expect(axis.label.contains("logarithmic"))
    #expect(axis.commands().contains("'//'"))
  }

  /// The label of the value that a picture is about is not left out beside another.
  @Test func aLabelThatComesFirstIsShown() {
    let values = ["0 B", "16 KiB", "32 KiB", "48 KiB", "64 KiB", "128 KiB", "64 MiB"]
    let axis = VariedAxis(key: "protocol.promotion.threshold", values: values)
    #expect(axis.commands().contains("'48 KiB'") && !axis.commands().contains("'64 KiB'"))
    let first = axis.commands(first: [4])
    #expect(first.contains("'64 KiB'") && !first.contains("'48 KiB'"), "\(first)")
  }

  @Test func oneIsNoPlural() throws {
    let unit = DisplayUnit(name: "devices", size: 1)
    expect([0, 1, 1.2, 2].map(unit.text), equals: ["0 devices", "1 device", "1.2 devices", "2 devices"])
    #expect(DisplayUnit.seconds(upTo: 3).text(1) == "1 s" && DisplayUnit.seconds(upTo: 0.1).text(0.001) == "1 ms")
    let tiny = try Scenario.parse(text: "{file: {size: 1 B}, cohorts: [{count: 1}]}", file: "tiny.yaml").scenario
    #expect(tiny.overview.contains(" 1 byte = 1 B"), "\(tiny.overview)")
  }

  /// What stands below each other is compared: 652.8 ms would look like more than 9.7 s.
  @Test func aColumnHasOneUnit() {
    let estimates = [0.6528, nil, 9.7].map { $0.map { Estimate(mean: $0, low: $0, high: $0) } }
    expect(Metric.completionMean.cells(estimates).map(\.text), equals: ["0.6528 s", "", "9.7 s"])
    expect(Metric.serverBytes.cells([estimates[0], nil]).map(\.text), equals: ["0.6528 B", ""])
    expect(Metric.sessions.cells([nil]).map(\.text), equals: [""])
  }

  @Test(arguments: [["0 %", "0.5 %", "1 %", "1.5 %"], ["1", "2", "3"], ["5 ms", "20 ms"], ["7"]])
  func valuesThatLieCloseStandOnALinearAxis(values: [String]) {
    let axis = VariedAxis(key: "k", values: values)
    expect(axis.scale, equals: .linear)
    #expect(axis.range.lowerBound < axis.range.upperBound)
  }

  @Test(arguments: [["arrival", "largest_gap"], ["1 s", "2 MiB"], ["1000 B", "1 KB"], ["none", "4"]])
  func namesAndMixturesStandInTheOrderOfTheSweep(values: [String]) {
    let axis = VariedAxis(key: "k", values: values)
    expect(axis.scale, equals: .ordinal)
    expect(axis.values.map(\.text), equals: values)
    expect(axis.positions, equals: [0, 1])
  }

  /// Labels that have no room beside each other are turned; those that have none even so are left out.
  @Test(arguments: [(5, 5, false), (15, 15, true), (200, 24, true)])
  func labelsThatWouldTouchAreTurnedBeforeTheyAreLeftOut(values: Int, shown: Int, isTurned: Bool) {
    let axis = VariedAxis(key: "k", values: (1...values).map { "\($0)000000" })
    expect(axis.commands().matches(of: #/'([0-9]+)'/#).count, equals: shown)
    expect(axis.commands().contains("rotate"), equals: isTurned)
  }

  @Test(arguments: [1.0...300, 0.001...5_000_000, 3...7, 0.5...36_000])
  func aLogarithmicAxisHasWordsForAsManyPowersAsThereIsRoomFor(range: ClosedRange<Double>) {
    for name in ["x", "y"] {
      let commands = Axis(label: "a", range: range, isLogarithmic: true).commands(name)
      let words = commands.matches(of: #/'([0-9.\u{202F}]+)' [0-9.e-]+[,)]/#).map(\.1)
      #expect((1...13).contains(words.count), "\(commands)")
      #expect(words.reduce(0) { $0 + $1.count } <= 91)
    }
  }

  /// There is no device 0, no gap of half a block and no fifth of a device.
  @Test(arguments: [
    (0.5...200.5, false, ["50", "100", "150", "200"]), (0...1.05, false, ["0", "1"]),
    (0...3.2, false, ["0", "1", "2", "3"]),
    (0.5...4.5, true, ["1", "2"]), (0.5...1.5, true, ["1"]),
  ])
  func whatHasNoPartsHasWholeTics(range: ClosedRange<Double>, isLogarithmic: Bool, words: [String]) {
    expect(Self.words(Axis(label: "a", range: range, isLogarithmic: isLogarithmic, isWhole: true)), equals: words)
  }

  @Test func largeNumbersAreGroupedAndHaveNoExponent() {
    expect(
      Self.words(Axis(label: "a", range: 0...1_503_841)),
      equals: ["0"] + (1...7).map { HumanUnits.grouped(Double($0) * 200_000, decimals: 0) })
    #expect(Self.words(Axis(label: "a", range: 0...9_000)).isEmpty, "gnuplot chooses")
  }

  /// The words at the tics of an axis.
  private static func words(_ axis: Axis) -> [String] {
    axis.commands("x").matches(of: #/'([0-9.\u{202F}]+)' [0-9.e-]+[,)]/#).map { String($0.1) }
  }

  @Test func aPerCentSignInALabelIsNoFormatOfGnuplots() {
    #expect(VariedAxis(key: "k", values: ["1 %", "2 %"]).commands().contains("'1 %%' 0.01"))
  }

  @Test(
    arguments: [
      ([], 0...1), ([0], 0...1), ([5], 4.75...5.25), ([0, 10], 0...10.5), ([90, 100], 89.2...100.8),
      ([-1, 1], -1.16...1.16),
    ] as [([Double], ClosedRange<Double>)])
  func aRangeBeginsAtZeroUnlessItsValuesAreFarAway(values: [Double], range: ClosedRange<Double>) {
    #expect(abs(Axis.range(of: values).lowerBound - range.lowerBound) < 1e-9)
    #expect(abs(Axis.range(of: values).upperBound - range.upperBound) < 1e-9)
  }

  /// What a table may hold, and what comes of it by sums and differences.
  static let extremes = [
    0, -0.0, Double.leastNonzeroMagnitude, -Double.leastNonzeroMagnitude, 1e-300, 1, 1e27, -1e27, 1e300, 1e308, -1e308,
    .greatestFiniteMagnitude, .infinity,
    -.infinity,
    .nan,
  ]

  @Test(arguments: extremes) func noNumberTrapsWhatDrawsIt(first: Double) throws {
    for second in Self.extremes {
      for range in [
        Axis.range(first, second), Axis.range(of: [first, second]), Axis.range(of: [first, second], fromZero: true),
        Axis.logarithmicRange(of: [first, second]),
      ] {
        #expect(range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound)
        for isLogarithmic in [false, true] {
          let commands = Axis(label: "x", range: range, isLogarithmic: isLogarithmic).commands("x")
          #expect(!commands.contains("NaN"))
        }
      }
      for unit in [DisplayUnit.bytes(upTo: first), .seconds(upTo: first), DisplayUnit(name: "", size: 1)] {
        #expect(!Estimate(mean: first, low: second, high: first).text(in: unit).isEmpty)
        #expect(!Estimate(mean: first, low: first, high: second).text(in: unit).isEmpty)
        #expect(!unit.text(second).isEmpty && !DisplayUnit.figure(second).isEmpty)
      }
      _ = ThresholdAxis([first, second].map { max(0, $0.isFinite ? $0 : 1) }).commands
      _ = SampleStatistics([first, second, first])
    }
    _ = Shade.color(at: first)
    _ = Shade.ink(on: first)
    #expect(!GnuplotScript.number(first).isEmpty && !Metric.gapBytesMean.displayUnit(for: first).name.isEmpty)
  }

  @Test func unitsLeaveShortNumbers() {
    expect(DisplayUnit.bytes(upTo: 48 * 1_048_576).text(48 * 1_048_576), equals: "48 MiB")
    #expect(DisplayUnit.size(4_000_000) == "4 MB" && DisplayUnit.size(65_536) == "64 KiB")
    #expect(DisplayUnit.size(123_456) == "120.6 KiB" && DisplayUnit.size(0) == "0 B")
    expect(DisplayUnit.seconds(upTo: 0.25).text(0.25), equals: "250 ms")
    expect(DisplayUnit.seconds(upTo: 400).text(391.88), equals: "391.9 s")
    expect(DisplayUnit.seconds(upTo: 7200).text(7200), equals: "120 min")
  }

  @Test func anIntervalHasTwoDigitsAndItsMeanAsManyDecimals() {
    let unit = DisplayUnit(name: "", size: 1)
    expect(Estimate(mean: 402.5341, low: 392.294, high: 412.774).text(in: unit), equals: "403 ± 10")
    expect(Estimate(mean: 99.3214, low: 99.2, high: 99.44).text(in: unit), equals: "99.32 ± 0.12")
    expect(Estimate(mean: 3, low: 3, high: 3).text(in: unit), equals: "3")
  }
}
