import TestSupport
import Testing

@testable import RunMetrics

struct MetricTests {
  @Test func noTwoMetricsHaveANameInCommon() {
    expect(Set(Metric.ofRuns.map(\.name)).count, equals: Metric.ofRuns.count)
    expect(Set(Metric.ofCohorts.map(\.name)).count, equals: Metric.ofCohorts.count)
    expect(Set(Metric.ofRuns.map(\.alias)).count, equals: Metric.ofRuns.count)
  }

  @Test func cohortsHaveWhatAGroupOfDevicesHasAndTheirNumber() {
    expect(Set(Metric.ofCohorts), equals: Set(Metric.ofRuns.filter(\.isOfCohorts)).union([.devices]))
  }

  /// What is paid gets worse one way: times, bytes on the uplink, and devices that end without the file.
  @Test func whatIsPaidGetsWorseOneWay() {
    #expect(Metric.ofRuns.allSatisfy { $0.unit != .seconds || $0.direction == .largerIsWorse })
    #expect([Metric.serverBytes, .failed, .left, .abandonedSessions].allSatisfy { $0.direction == .largerIsWorse })
    expect(Metric.completed.direction, equals: .smallerIsWorse)
    #expect([Metric.promoted, .sessions, .gapBytesMean, .lossUniformity].allSatisfy { $0.direction == .neutral })
  }

  @Test func aTimeMayBeCalledWithoutItsUnit() {
    #expect(Metric.makespan.alias == "makespan" && Metric.completionP95.alias == "completion_p95")
    #expect(Metric.sessions.alias == "sessions" && Metric.serverBytes.alias == "server_bytes")
  }

  @Test func timesHaveNineDecimalsAndAllElseSix() {
    #expect(Metric.ofRuns.allSatisfy { $0.decimals == ($0.unit == .seconds ? 9 : 6) })
    #expect(Metric.makespan.resolution == 1e-9 && Metric.promotionRate.resolution == 1e-6)
    expect(Metric.serverBytes.resolution, equals: 1)
  }

  @Test func noMetricIsBelowZeroAndCountsEndWhereThereIsNoMore() {
    let extent = Metric.Extent(devices: 60, blocks: 5875)
    #expect(Metric.ofRuns.allSatisfy { $0.possible(in: extent).lowerBound == 0 })
    #expect(Metric.completed.possible(in: extent) == 0...60 && Metric.waiting.possible(in: extent) == 0...60)
    expect(Metric.gapBlocksMax.possible(in: extent), equals: 0...5875)
    expect(Metric.promotionRate.possible(in: extent), equals: 0...1)
    expect(Metric.makespan.possible(in: extent).upperBound, equals: .infinity)
    expect(Metric.failed.possible(in: Metric.Extent()).upperBound, equals: .infinity)
  }

  @Test func aMetricIsFoundByItsName() {
    #expect(Metric.ofRuns.allSatisfy { Metric.named($0.name) == $0 })
    #expect(Metric.named("makespan") == nil && Metric.named("waiting_devices") == nil)
  }
}
