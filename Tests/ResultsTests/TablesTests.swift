import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import Fixtures
@testable import RunMetrics
@testable import Network
@testable import PromotionRun
@testable import Runs
@testable import Results

/// The sentences of `docs/outputs.md` that the tables alone decide.
struct TablesTests {
  /// What stands in a column of `runs.csv`.
  private func run(_ column: String, _ record: RunRecord) throws -> String {
    try field(
      column,
      of: Row(context: .lab, replication: record.replication, record: RunFigures(record)),
      RunsTable.table
    )
  }

  private func field<Record>(_ name: String, of row: Record, _ table: Table<Record>) throws -> String {
    let column = try #require(table.columns.first { $0.name == name })
    switch column.value(row) {
    case .empty: return ""
    case .text(let text): return text
    case .number(let number): return number.description
    case .floating(let number): return number.description
    }
  }

  @Test func columnsStandInTheOrderOfTheDesign() {
    expect(
      RunsTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, seed, devices, blocks, threshold_bytes, completed_devices, failed_devices, \
        second_set_devices, promoted_devices, promotion_rate, active_devices, sessions, abandoned_sessions, \
        multicast_data_packets, unicast_data_packets, server_bytes, makespan_s, completion_mean_s, completion_p50_s, \
        completion_p95_s, completion_p99_s, gap_bytes_mean, gap_bytes_p95, gap_blocks_mean, gap_blocks_max, gaps_mean, \
        longest_chain_max, loss_uniformity_p, ended, left_devices, queue_drops, overruns, \
        handed_over_sessions, outlived_traces, device_packets
        """)
    expect(
      DevicesTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, device, cohort, join_s, roles, sessions_heard, missing_packets, gap_bytes, gaps, \
        largest_gap_blocks, chains, longest_chain_gaps, promoted_s, completed_s, multicast_blocks, unicast_blocks, \
        duplicate_packets, offered_packets, lost_packets, segment, link_drops, overruns, fragments_lost
        """)
    expect(
      SessionsTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, session, active_device, begin_s, end_s, ended, data_packets, repeated_packets, \
        first_set_devices, second_set_devices, promoted_devices, waiting_devices
        """)
    expect(
      GapsTable.table.columns.map(\.name).joined(separator: ", "),
      equals: "scenario, point, replication, session, gap_blocks, count")
    expect(
      SummaryTable.table(varied: ["k1", "k2"]).columns.map(\.name).joined(separator: ", "),
      equals: "scenario, point, k1, k2, metric, replications, mean, ci95_low, ci95_high, sd, min, median, max")
    expect(
      TimelineTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, time_s, joining_devices, active_devices, passive_devices, smart_devices, \
        complete_devices, failed_devices, uplink_utilisation
        """)
    expect(
      CohortsTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, cohort, devices, completed_devices, failed_devices, left_devices, \
        second_set_devices, promoted_devices, promotion_rate, completion_mean_s, completion_p50_s, completion_p95_s, \
        completion_p99_s, gap_bytes_mean, gap_bytes_p95, gap_blocks_mean, gap_blocks_max, gaps_mean, \
        longest_chain_max, overruns
        """)
    expect(
      SegmentsTable.table.columns.map(\.name).joined(separator: ", "),
      equals: """
        scenario, point, replication, segment, frames, bytes, group_bytes, drops, busy_share, queue_max, lost_frames, \
        lost_up_packets
        """)
    expect(
      SegmentsTimelineTable.table.columns.map(\.name).joined(separator: ", "),
      equals: "scenario, point, replication, time_s, segment, bytes, mbit_s")
    expect(
      SummaryTable.ofCohorts(varied: ["k1"]).columns.map(\.name).joined(separator: ", "),
      equals: "scenario, point, k1, cohort, metric, replications, mean, ci95_low, ci95_high, sd, min, median, max")
  }

  @Test func theSummarysMetricsAreTheNumericResultsOfARun() {
    expect(RunsTable.table.columns.dropFirst(7).map(\.name).filter { $0 != "ended" }, equals: Metric.ofRuns.map(\.name))
    expect(CohortsTable.table.columns.dropFirst(4).map(\.name), equals: Metric.ofCohorts.map(\.name))
  }

  @Test func percentilesInterpolateLinearlyBetweenOrderStatistics() throws {
    // 10, 20, 30, 40 s: the median is half-way from the 2nd to the 3rd, p95 lies 0.85 from the 3rd to the 4th.
    let record = RunRecord.run(
      devices: [3, 1, 4, 2].map { DeviceRecord.complete(Int($0), after: .seconds(10 * $0)) }
    )
    try expect(run("completion_mean_s", record), equals: "25.000000000")
    try expect(run("completion_p50_s", record), equals: "25.000000000")
    try expect(run("completion_p95_s", record), equals: "38.500000000")
    try expect(run("completion_p99_s", record), equals: "39.700000000")
  }

  @Test func completionCountsFromTheJoinAndTheMakespanFromTimeZero() throws {
    let record = RunRecord.run(devices: [
      .complete(1, join: .seconds(5), after: .seconds(2)), .complete(2, after: .seconds(1)), .device(3),
    ])
    try expect(run("completion_mean_s", record), equals: "1.500000000")
    try expect(run("makespan_s", record), equals: "7.000000000")
    try expect(run("completed_devices", record), equals: "2")
  }

  @Test(arguments: ["makespan_s", "completion_mean_s", "completion_p50_s", "completion_p95_s", "completion_p99_s"])
  func timesAreEmptyWhenNoDeviceIsComplete(column: String) throws {
    try expect(run(column, .run(devices: [.device(1)])), equals: "")
  }

  @Test(arguments: [
    "gap_bytes_mean", "gap_bytes_p95", "gap_blocks_mean", "gap_blocks_max", "gaps_mean", "longest_chain_max",
  ])
  func figuresOfAFirstCheckAreEmptyWhenNobodyChecked(column: String) throws {
    try expect(run(column, .run(devices: [.complete(1, after: .seconds(1))])), equals: "")
  }

  @Test func theLongestChainIsZeroWhenSomebodyCheckedAndSawNone() throws {
    let record = RunRecord.run(devices: [.missing(1, .nothingMissing)])
    try expect(run("longest_chain_max", record), equals: "0")
    try expect(run("gap_bytes_mean", record), equals: "")
  }

  @Test func gapBytesAreThoseOfDevicesThatMissedABlockAtTheirFirstCheck() throws {
    let record = RunRecord.run(devices: [
      .missing(1, GapReport(missing: 1, bytes: 1000, gaps: 1, largest: 1)),
      .missing(2, .nothingMissing),
      .missing(3, GapReport(missing: 4, bytes: 2000, gaps: 4, largest: 1, chains: 1, longest: 3)),
    ])
    try expect(run("gap_bytes_mean", record), equals: "1500.000000")
    try expect(run("gap_bytes_p95", record), equals: "1950.000000")
    try expect(run("gaps_mean", record), equals: "2.500000")
    try expect(run("longest_chain_max", record), equals: "3")
  }

  @Test func aMissingEmptyLastBlockIsAGapOfNoBytes() throws {
    let record = RunRecord.run(devices: [.missing(1, GapReport(missing: 1, bytes: 0, gaps: 1, largest: 1))])
    try expect(run("gap_bytes_mean", record), equals: "0.000000")
  }

  @Test func gapBlocksAreOverAllGapsOfAllFirstChecks() throws {
    let record = RunRecord.run(devices: [
      .missing(1, GapReport(missing: 15, bytes: 1, gaps: 7, largest: 9)), .missing(2, .nothingMissing),
      .missing(3, GapReport(missing: 1, bytes: 1, gaps: 1, largest: 1)),
    ])
    try expect(run("gap_blocks_mean", record), equals: "2.000000")
    try expect(run("gap_blocks_max", record), equals: "9")
  }

  @Test func thePromotionRateIsThePromotedOverAllThatEverMissedABlockAtACheck() throws {
    var promoted = DeviceRecord.missing(1, GapReport(missing: 1, bytes: 1, gaps: 1, largest: 1))
    promoted.promoted = .seconds(1)
    // Missed a block at a later check only.
    var later = DeviceRecord.missing(2, .nothingMissing)
    later.missedAtCheck = true
    let third = DeviceRecord.missing(3, GapReport(missing: 1, bytes: 1, gaps: 1, largest: 1))
    let record = RunRecord.run(devices: [promoted, later, third])
    try expect(run("second_set_devices", record), equals: "3")
    try expect(run("promoted_devices", record), equals: "1")
    try expect(run("promotion_rate", record), equals: "0.333333")
    try expect(run("promotion_rate", .run(devices: [.complete(1, after: .seconds(1))])), equals: "")
  }

  @Test func activeDevicesAreThoseThatEverWereFailedThoseThatEndedSo() throws {
    var died = DeviceRecord.device(1)
    died.roles = [.active, .failed]
    var elected = DeviceRecord.device(2)
    elected.roles = [.passive, .active, .complete]
    var rejoined = DeviceRecord.device(3)
    rejoined.roles = [.passive]
    var left = died
    left.left = true
    let record = RunRecord.run(devices: [died, elected, rejoined, left, left])
    try expect(run("active_devices", record), equals: "4")
    try expect(run("failed_devices", record), equals: "1")
    try expect(run("left_devices", record), equals: "2")
  }

  @Test func aCohortHasTheFiguresOfItsOwnDevices() throws {
    let record = RunRecord.lab(1)
    let rows = Array(Row(context: .lab, replication: 1, record: RunFigures(record)).cohorts)
    func cohorts(_ column: String) throws -> [String] { try rows.map { try field(column, of: $0, CohortsTable.table) } }
    try expect(cohorts("cohort"), equals: ["front", "back"])
    try expect(cohorts("devices"), equals: ["2", "2"])
    try expect(cohorts("completed_devices"), equals: ["2", "1"])
    try expect(cohorts("left_devices"), equals: ["0", "1"])
    try expect(cohorts("promotion_rate"), equals: ["1.000000", ""])
    // Device 1 takes 21 ms and device 2 31 ms; device 3 alone of the others is complete, after 20 ms.
    try expect(cohorts("completion_mean_s"), equals: ["0.026000000", "0.020000000"])
    try expect(cohorts("completion_p95_s"), equals: ["0.030500000", "0.020000000"])
    try expect(cohorts("gap_bytes_mean"), equals: ["4284.000000", ""])
    try expect(cohorts("gap_blocks_mean"), equals: ["1.500000", ""])
    try expect(cohorts("longest_chain_max"), equals: ["2", "0"])
  }

  @Test func queueDropsAreThoseOfAllPortsAndOverrunsThoseOfAllBuffers() throws {
    var record = RunRecord.floors(1)
    try expect(run("queue_drops", record), equals: "6")
    try expect(run("overruns", record), equals: "0")
    var devices = [DeviceRecord.device(1), .device(2), .device(3, cohort: 1)]
    devices[0].path.linkDrops = 10
    devices[1].path.overruns = 3
    devices[2].path.overruns = 4
    record.devices = DeviceRecords(devices)
    try expect(run("queue_drops", record), equals: "16")
    try expect(run("overruns", record), equals: "7")
    let cohorts = Row(context: .floors, replication: 1, record: RunFigures(record)).cohorts
    try expect(cohorts.map { try field("overruns", of: $0, CohortsTable.table) }, equals: ["3", "4"])
    let rows = devices.map { Row(context: .floors, replication: 1, record: $0) }
    try expect(rows.map { try field("segment", of: $0, DevicesTable.table) }, equals: ["floor-2", "floor-2", ""])
    try expect(rows.map { try field("link_drops", of: $0, DevicesTable.table) }, equals: ["10", "0", "0"])
  }

  /// The lab's last completion is after 32 ms; the uplink sends its last frame after 40 ms.
  @Test func aSegmentIsBusyForAShareOfTheTimeUntilTheLastCompletionOrItsOwnLastFrame() throws {
    let record = RunRecord.floors(1)
    expect(RunFigures(record).makespan, equals: .milliseconds(32))
    let rows = SegmentFigures.figures(of: record, makespan: .milliseconds(32)).map {
      Row(context: .floors, replication: 1, record: $0)
    }
    try expect(
      rows.map { try field("segment", of: $0, SegmentsTable.table) }, equals: ["uplink", "floor-1", "floor-2"])
    try expect(
      rows.map { try field("busy_share", of: $0, SegmentsTable.table) }, equals: ["0.250000", "0.000000", "0.484375"])
    #expect(SegmentFigures.figures(of: .lab(1), makespan: nil).isEmpty)
    let nothing = SegmentFigures(segment: 0, counts: PortCounts(), span: .zero)
    try expect(
      field("busy_share", of: Row(context: .floors, replication: 1, record: nothing), SegmentsTable.table), equals: "")
  }

  @Test func lossIsTestedForUniformityOverSessionOne() throws {
    var record = RunRecord.run()
    try expect(run("loss_uniformity_p", record), equals: "")
    // χ² of (10, 90) and (20, 80) is 4000/1020 = 3.921569; the upper tail with one degree of freedom is 0.047670.
    record.sessionOneLoss = [
      SessionOneLoss(device: 1, received: 90, lost: 10), SessionOneLoss(device: 2, received: 80, lost: 20),
    ]
    try expect(run("loss_uniformity_p", record), equals: "0.047670")
    record.sessionOneLoss = [
      SessionOneLoss(device: 1, received: 9, lost: 0), SessionOneLoss(device: 2, received: 9, lost: 0),
    ]
    try expect(run("loss_uniformity_p", record), equals: "")
  }

  @Test func rolesAreJoinedAndTheSixFiguresOfTheFirstCheckAreEmptyWithoutOne() throws {
    func device(_ column: String, _ record: DeviceRecord) throws -> String {
      try field(column, of: Row(context: .lab, replication: 1, record: record), DevicesTable.table)
    }
    var smart = DeviceRecord.device(1)
    smart.roles = [.passive, .smart, .complete]
    try expect(device("roles", smart), equals: "passive>smart>complete")
    smart.roles = [.failed]
    try expect(device("roles", smart), equals: "failed")
    for column in ["missing_packets", "gap_bytes", "gaps", "largest_gap_blocks", "chains", "longest_chain_gaps"] {
      try expect(device(column, smart), equals: "")
      try expect(device(column, .missing(1, .nothingMissing)), equals: "0")
    }
    try expect(device("promoted_s", smart), equals: "")
    try expect(device("completed_s", smart), equals: "")
  }

  @Test func aSessionWithoutAnEndHasNoFiguresOfItsEnd() throws {
    func session(_ column: String, _ record: SessionRecord) throws -> String {
      try field(column, of: Row(context: .lab, replication: 1, record: record), SessionsTable.table)
    }
    var record = SessionRecord(
      session: 1,
      activeDevice: 1,
      begin: nil,
      end: .seconds(6),
      ended: .abandoned,
      dataPackets: 0,
      repeatedPackets: 0,
      firstSet: 0,
      secondSet: 2,
      promoted: 1,
      waiting: 1
    )
    try expect(session("begin_s", record), equals: "")
    try expect(session("ended", record), equals: "abandoned")
    try expect(session("second_set_devices", record), equals: "2")
    record.ended = .complete
    try expect(session("ended", record), equals: "complete")
    record.ended = .handedOver
    try expect(session("ended", record), equals: "handed_over")
    (record.end, record.ended) = (nil, nil)
    for column in ["end_s", "ended", "second_set_devices", "promoted_devices", "waiting_devices"] {
      try expect(session(column, record), equals: "")
    }
    try expect(session("first_set_devices", record), equals: "0")
  }

  @Test func utilisationIsOverTheTimeSinceTheSampleBefore() throws {
    func sample(at time: Nanoseconds, busy: Nanoseconds) -> TimelineSample {
      TimelineSample(
        time: time,
        joining: 0,
        active: 0,
        passive: 0,
        smart: 0,
        complete: 0,
        failed: 0,
        uplinkBusy: busy
      )
    }
    let steps = TimelineStep.steps(of: [
      sample(at: .zero, busy: .zero), sample(at: .seconds(4), busy: .seconds(1)),
      sample(at: .seconds(6), busy: .seconds(1)),
    ])
    let values = try steps.map {
      try field("uplink_utilisation", of: Row(context: .lab, replication: 1, record: $0), TimelineTable.table)
    }
    expect(values, equals: ["", "0.250000", "0.500000"])
  }
}
