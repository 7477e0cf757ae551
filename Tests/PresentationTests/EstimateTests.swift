import Statistics
import TestSupport
import Testing

@testable import Presentation
@testable import RunMetrics

@Suite struct EstimateTests {
  private static let one = DisplayUnit(name: "", size: 1)
  private static let lab = Metric.Extent(devices: 60, blocks: 100)

  private static func estimate(_ mean: Double, _ half: Double, _ metric: Metric) -> Estimate {
    Estimate(mean: mean, low: mean - half, high: mean + half, of: metric, in: lab)
  }

  @Test func anIntervalWithinWhatIsPossibleIsItsHalf() {
    let estimate = Self.estimate(58.7, 0.22, .completed)
    #expect(!estimate.isCut && estimate.text(in: Self.one) == "58.70 ± 0.22")
    expect(estimate.interval(in: Self.one), equals: "± 0.22")
  }

  @Test func anIntervalBeyondWhatIsPossibleHasItsEnds() {
    let complete = Self.estimate(59.9, 0.21, .completed)
    #expect(complete.isCut && complete.low == 59.69 && complete.high == 60)
    expect(complete.text(in: Self.one), equals: "59.90 [59.69, 60.00]")
    expect(complete.interval(in: Self.one), equals: "59.7–60")
    expect(Self.estimate(0.1, 0.21, .failed).text(in: Self.one), equals: "0.10 [0.00, 0.31]")
    expect(Self.estimate(2, 3, .makespan).low, equals: 0)
    expect(Self.estimate(0.9, 0.2, .promotionRate).high, equals: 1)
  }

  @Test func nothingIsCutFromANumberWithoutAnInterval() {
    let estimate = Estimate(mean: 60, low: nil, high: nil, of: .completed, in: Self.lab)
    #expect(!estimate.isCut && estimate.text(in: Self.one) == "60" && estimate.interval(in: Self.one) == nil)
  }

  /// Of forged results. The ends stay in their order.
  @Test func aMeanThatIsNotPossibleEndsItsInterval() {
    let estimate = Self.estimate(70, 5, .completed)
    #expect(estimate.low == 65 && estimate.high == 70)
    expect(Self.estimate(-3, 1, .makespan).low, equals: -3)
  }

  @Test func theTerminalSaysTheSame() {
    let failed = SampleStatistics([0, 0, 0, 1])
    expect(MeanText.figure(failed, of: .failed, in: Self.lab), equals: "0.2 [0.0, 1.0]")
    expect(MeanText.figure(SampleStatistics([2]), of: .makespan, in: Self.lab), equals: "2.000 s")
    expect(MeanText.figure(SampleStatistics([]), of: .failed, in: Self.lab), equals: "–")
  }

  @Test func whatIsNotThereIsNotExplained() {
    expect(Estimate.legend(["60", "1"]), equals: "means")
    expect(Estimate.legend(["60 ± 1", "1"]), equals: "means ± half of the 95 % confidence interval")
    #expect(Estimate.legend(["60 ± 1", "1 [0, 2]"]).hasSuffix(", or [its ends] where it ends at what is possible"))
  }
}
