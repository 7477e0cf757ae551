import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Fixtures
@testable import RunMetrics
@testable import PromotionRun
@testable import Runs
@testable import Results
@testable import Statistics

struct SummaryTests {
  @Test func aConfidenceIntervalIsThatOfStudentsT() throws {
    // Five values with mean 3 and sd √2.5; t(0.975; 4) = 2.776445: half a width of 2.776445 × √(2.5 / 5) = 1.963243.
    let statistics = SampleStatistics([5, 1, 4, 2, 3])
    let interval = try #require(statistics.confidenceInterval)
    #expect(abs(interval.lowerBound - 1.036757) < 1e-6)
    #expect(abs(interval.upperBound - 4.963243) < 1e-6)
    #expect(abs(try #require(statistics.standardDeviation) - 1.581139) < 1e-6)
    expect(statistics.median, equals: 3)
    expect(statistics.minimum, equals: 1)
    expect(statistics.maximum, equals: 5)
  }

  @Test func oneValueHasNoSpreadAndNoneHasNothing() {
    let one = SampleStatistics([7])
    #expect(one.count == 1 && one.mean == 7 && one.median == 7 && one.minimum == 7 && one.maximum == 7)
    #expect(one.confidenceInterval == nil && one.standardDeviation == nil && one.halfWidth == nil)
    let none = SampleStatistics([])
    #expect(none.count == 0 && none.mean == nil && none.median == nil && none.minimum == nil && none.maximum == nil)
  }

  @Test func aMetricCountsTheReplicationsInWhichItHasAValue() throws {
    var context = RunContext.lab
    context.point = 3
    context.varied = [VariedKey(name: "loss.p", value: "1 %")]
    var point = PointAggregate(context)
    let records = [
      RunRecord.run(1, devices: [.complete(1, after: .seconds(1))]), .run(2, devices: [.device(1)]),
      .run(3, devices: [.complete(1, after: .seconds(2))]),
    ]
    for record in records {
      try point.add(RunReport(record, of: context))
    }
    var csv = CSVBuffer()
    let columns = SummaryTable.table(varied: context.varied.map(\.column)).columns
    for row in SummaryRow.rows(of: point.metrics, at: point.context) { csv.append(row, columns: columns) }
    let lines = String(decoding: csv.bytes, as: UTF8.self).split(separator: "\n")
    expect(lines.count, equals: Metric.ofRuns.count)
    #expect(lines.contains("lab,3,0.01,promotion_rate,0,,,,,,,"))
    #expect(
      lines.contains(
        "lab,3,0.01,completed_devices,3,0.666667,-0.767551,2.100884,0.577350,0.000000,1.000000,1.000000"
      )
    )
    let makespan = try #require(lines.first { $0.contains("makespan_s") })
    #expect(makespan.hasPrefix("lab,3,0.01,makespan_s,2,1.500000000,-4.853102368,7.853102368,0.707106781,"))
  }
}
