import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Fixtures
@testable import Presentation
@testable import PromotionRun
@testable import Runs
@testable import Results

struct RunSummaryTests {
  private func summary(_ records: [RunRecord], context: RunContext = .lab) throws -> RunSummary {
    var point = PointAggregate(context)
    for record in records {
      try point.add(RunReport(record, of: context))
    }
    return RunSummary(point)
  }

  @Test func replicationsAreAveragedWithHalfWidths() throws {
    let summary = try summary((1...3).map(RunRecord.lab))
    try Golden.expect(summary.text, in: "summary/three-replications.txt")
    try Golden.expect(summary.json, in: "summary/three-replications.json")
  }

  @Test func aSingleReplicationHasNoHalfWidths() throws {
    let summary = try summary([.lab(1)])
    #expect(!summary.text.contains("±"))
    try Golden.expect(summary.text, in: "summary/one-replication.txt")
  }

  @Test func theBusiestSegmentAndDropsAreNamed() throws {
    var record = RunRecord.floors(1)
    var device = DeviceRecord.complete(1, after: .milliseconds(10))
    device.path.overruns = 3
    record.devices = DeviceRecords([device])
    let summary = try summary([.floors(1), record], context: .floors)
    try Golden.expect(summary.text, in: "summary/floors.txt")
    try Golden.expect(summary.json, in: "summary/floors.json")
    #expect(try !self.summary([.lab(1)]).text.contains("busiest"))
  }

  @Test func runsThatALimitEndedAreCalledOut() throws {
    var context = RunContext.lab
    context.cohorts = ["all"]
    let records: [RunRecord] = [
      .run(1, ended: .timeLimit, devices: [.device(1)]), .run(2, ended: .eventLimit, devices: [.device(1)]),
      .run(3, devices: [.complete(1, after: .milliseconds(5))]),
    ]
    let summary = try summary(records, context: context)
    try Golden.expect(summary.text, in: "summary/ended-by-limits.txt")
    try Golden.expect(summary.json, in: "summary/ended-by-limits.json")
  }
}
