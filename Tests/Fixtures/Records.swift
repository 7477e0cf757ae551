import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs
@testable import Results

extension ResultFile {
  /// The files that a run with a timeline writes if the scenario has no segments.
  static let ofARun = ofSegments.filter { ![.segments, .segmentsTimeline].contains($0) }
  /// The same if it has some.
  static let ofSegments = allCases.filter { ![.points, .events, .tune, .tuneSummary].contains($0) }
}

extension RunContext {
  /// Four devices in two cohorts and a file of 101 blocks, the last one empty.
  static let lab = RunContext(
    scenario: "lab",
    seed: 42,
    devices: 4,
    cohorts: ["front", "back"],
    file: FileLayout(size: 142_800, blockSize: 1428)!,
    thresholdBytes: 65_536
  )
}

extension RunContext {
  /// The same lab with two segments, of which the front has one.
  static let floors: RunContext = {
    var context = RunContext.lab
    context.segments = ["floor-1", "floor-2"]
    context.cohortSegments = ["floor-2", ""]
    return context
  }()
}

extension RunRecord {
  /// The run of the lab by hand, over the segments of ``RunContext/floors``.
  static func floors(_ replication: Int) -> RunRecord {
    var record = RunRecord.lab(replication)
    record.uplink.frames = 150
    record.uplink.bytes = record.serverBytes
    record.uplink.groupBytes = 150_000
    record.uplink.drops = 1
    // The last completion is at 31 ms and so many more; the uplink sends until after that, the segments end before.
    record.uplink.lastDeparture = .milliseconds(40)
    record.uplink.busy = .milliseconds(10)
    record.uplink.lostFrames = 4
    var floor = PortCounts()
    floor.frames = 140
    floor.bytes = 149_000
    floor.groupBytes = 149_000
    floor.drops = 5
    floor.busy = .microseconds(15_500)
    floor.lastDeparture = .milliseconds(20)
    floor.mostWaiting = 7
    floor.lostOnTheWayUp = 2
    record.segments = [PortCounts(), floor]
    record.timeline[0].sent = SentBytes(multicastData: 100_000, control: 500)
    record.timeline[0].segmentBytes = [0, 90_000]
    record.timeline[1].sent = SentBytes(multicastData: 140_000, unicastData: 3000, control: 1000)
    record.timeline[1].segmentBytes = [0, 149_000]
    return record
  }
}

extension GapReport {
  init(missing: UInt32, bytes: UInt64, gaps: UInt32, largest: UInt32, chains: UInt32 = 0, longest: UInt32 = 0) {
    self = .nothingMissing
    missingPackets = missing
    totalGapBytes = bytes
    self.gaps = gaps
    largestGap = largest
    self.chains = chains
    longestChain = longest
  }
}

extension DeviceRecord {
  /// A device that nothing has happened to.
  static func device(_ number: Int, cohort: Int = 0, join: Nanoseconds = .zero) -> DeviceRecord {
    DeviceRecord(
      device: number,
      cohort: cohort,
      join: join,
      roles: [],
      sessionsHeard: 0,
      missedAtCheck: false,
      multicastBlocks: 0,
      unicastBlocks: 0,
      duplicatePackets: 0,
      offeredPackets: 0,
      lostPackets: 0
    )
  }

  /// A device that was complete some time after its join.
  static func complete(_ number: Int, join: Nanoseconds = .zero, after time: Nanoseconds) -> DeviceRecord {
    var device = device(number, join: join)
    device.roles = [.passive, .complete]
    device.completed = join + time
    return device
  }

  /// A device that found gaps at its first check.
  static func missing(_ number: Int, _ check: GapReport) -> DeviceRecord {
    var device = device(number)
    device.roles = [.passive]
    device.firstCheck = check
    device.missedAtCheck = check.missingPackets > 0
    return device
  }
}

extension ResultsWriter {
  /// Draws a run up and writes it.
  func append(_ record: RunRecord, to point: inout PointAggregate) throws {
    try append(RunReport(record, of: point.context), to: &point)
  }
}

extension RunRecord {
  /// A run of which the test says what matters.
  static func run(
    _ replication: Int = 1,
    ended: RunEnd = .complete,
    devices: [DeviceRecord] = [],
    sessions: [SessionRecord] = [],
    gapSizes: [GapSizeCount] = [],
    timeline: [TimelineSample] = []
  ) -> RunRecord {
    RunRecord(
      replication: replication,
      ended: ended,
      devices: DeviceRecords(devices),
      sessions: sessions,
      gapSizes: gapSizes,
      sessionOneLoss: [],
      multicastDataPackets: 0,
      unicastDataPackets: 0,
      serverBytes: 0,
      timeline: timeline,
      events: 0
    )
  }

  /// A run of the lab by hand: device 1 drives, 2 is promoted, 3 gets all, 4 is off before it could join.
  static func lab(_ replication: Int) -> RunRecord {
    let shift = Nanoseconds.milliseconds(Int64(replication))
    var active = DeviceRecord.complete(1, after: .milliseconds(20) + shift)
    active.roles = [.active, .complete]
    active.sessionsHeard = 1
    active.multicastBlocks = 101
    active.duplicatePackets = 1
    active.offeredPackets = 104
    active.lostPackets = 2
    var smart = DeviceRecord.complete(2, join: .milliseconds(1), after: .milliseconds(30) + shift)
    smart.roles = [.passive, .smart, .complete]
    smart.sessionsHeard = 1
    smart.firstCheck = GapReport(missing: 3, bytes: 4284, gaps: 2, largest: 2, chains: 1, longest: 2)
    smart.missedAtCheck = true
    smart.promoted = .milliseconds(25) + shift
    smart.multicastBlocks = 98
    smart.unicastBlocks = 3
    smart.offeredPackets = 108
    smart.lostPackets = 5
    var passive = DeviceRecord.complete(3, join: .milliseconds(2), after: .milliseconds(19) + shift)
    passive.cohort = 1
    passive.sessionsHeard = 1
    passive.firstCheck = .nothingMissing
    passive.multicastBlocks = 101
    passive.offeredPackets = 105
    var failed = DeviceRecord.device(4, cohort: 1, join: .seconds(3))
    failed.roles = [.failed]
    failed.left = true
    let session = SessionRecord(
      session: 1,
      activeDevice: 1,
      begin: .microseconds(541),
      end: .milliseconds(21) + shift,
      ended: .complete,
      dataPackets: 104,
      repeatedPackets: 3,
      firstSet: 2,
      secondSet: 1,
      promoted: 1,
      waiting: 0
    )
    return RunRecord(
      replication: replication,
      ended: .complete,
      devices: [active, smart, passive, failed],
      sessions: [session],
      gapSizes: [
        GapSizeCount(session: 1, blocks: 1, count: 1), GapSizeCount(session: 1, blocks: 2, count: 1),
      ],
      sessionOneLoss: [
        SessionOneLoss(device: 1, received: 102, lost: 2), SessionOneLoss(device: 2, received: 100, lost: 4),
        SessionOneLoss(device: 3, received: 104, lost: 0),
      ],
      multicastDataPackets: 104,
      unicastDataPackets: 3,
      serverBytes: 155_000 + UInt64(replication),
      timeline: [
        TimelineSample(
          time: .milliseconds(10),
          joining: 1,
          active: 1,
          passive: 2,
          smart: 0,
          complete: 0,
          failed: 0,
          uplinkBusy: .microseconds(900)
        ),
        TimelineSample(
          time: .milliseconds(20),
          joining: 1,
          active: 1,
          passive: 2,
          smart: 0,
          complete: 0,
          failed: 0,
          uplinkBusy: .microseconds(333)
        ),
      ],
      events: 1000
    )
  }
}
