import Network
import PromotionEngine
import TFTPWire
import Timebase

/// The outcome of one device.
public struct DeviceRecord: Hashable, Sendable {
  /// The device's number, from 1.
  public var device: Int
  /// Its cohort's index.
  public var cohort: Int
  /// When it was switched on, or would have been.
  public var join: Nanoseconds
  /// Its roles from the first after `joining` on.
  public var roles: [DeviceRole]
  /// How many sessions it heard a DATA of.
  public var sessionsHeard: Int
  /// Its gaps at its first check; nil if it had none.
  public var firstCheck: GapReport?
  /// Whether it ever missed a block at a check.
  public var missedAtCheck: Bool
  /// When it was first promoted to smart.
  public var promoted: Nanoseconds?
  /// When its last missing block arrived.
  public var completed: Nanoseconds?
  /// Blocks that were missing and came by multicast.
  public var multicastBlocks: UInt64
  /// Blocks that were missing and came by unicast.
  public var unicastBlocks: UInt64
  /// DATA that arrived with a block it had.
  public var duplicatePackets: UInt64
  /// Packets offered to its downward loss process (N5).
  public var offeredPackets: UInt64
  /// Those of them that were lost.
  public var lostPackets: UInt64
  /// Whether it was switched off (N8) before it was complete, and before it failed by itself.
  public var left = false
  /// What else happened to packets on their way to it.
  public var path = PathCounts()
  /// Which of its figures are known; the others have no meaning.
  public var known = Knowledge.everything

  /// Puts a record together.
  package init(
    device: Int, cohort: Int, join: Nanoseconds, roles: [DeviceRole], sessionsHeard: Int, firstCheck: GapReport? = nil,
    missedAtCheck: Bool, promoted: Nanoseconds? = nil, completed: Nanoseconds? = nil, multicastBlocks: UInt64,
    unicastBlocks: UInt64, duplicatePackets: UInt64, offeredPackets: UInt64, lostPackets: UInt64, left: Bool = false,
    path: PathCounts = PathCounts()
  ) {
    self.device = device
    self.cohort = cohort
    self.join = join
    self.roles = roles
    self.sessionsHeard = sessionsHeard
    self.firstCheck = firstCheck
    self.missedAtCheck = missedAtCheck
    self.promoted = promoted
    self.completed = completed
    self.multicastBlocks = multicastBlocks
    self.unicastBlocks = unicastBlocks
    self.duplicatePackets = duplicatePackets
    self.offeredPackets = offeredPackets
    self.lostPackets = lostPackets
    self.left = left
    self.path = path
  }
}

/// One multicast pass.
public struct SessionRecord: Hashable, Sendable {
  /// Counted from 1.
  public var session: Int
  /// The device that drove it, from 1; nil if the server sends by itself.
  public var activeDevice: Int?
  /// When its active device's first ACK (MTFTP: open) arrived, or the server began by itself; nil if neither was.
  public var begin: Nanoseconds?
  /// When it ended; nil if a limit ended the run first.
  public var end: Nanoseconds?
  /// How it ended; nil if a limit ended the run first.
  public var ended: SessionEnd?
  /// Multicast DATA of the session that left the uplink.
  public var dataPackets: UInt64
  /// Those of them whose block the session had sent before.
  public var repeatedPackets: UInt64
  /// Passive devices that listened when its first DATA arrived, or joined during it.
  public var firstSet: Int
  /// Passive devices that missed a block when it ended.
  public var secondSet: Int
  /// Devices that became smart between its end and the next session's end.
  public var promoted: Int
  /// The second set minus those.
  public var waiting: Int

  /// Puts a record together.
  package init(
    session: Int, activeDevice: Int? = nil, begin: Nanoseconds? = nil, end: Nanoseconds? = nil,
    ended: SessionEnd? = nil, dataPackets: UInt64, repeatedPackets: UInt64, firstSet: Int, secondSet: Int,
    promoted: Int, waiting: Int
  ) {
    self.session = session
    self.activeDevice = activeDevice
    self.begin = begin
    self.end = end
    self.ended = ended
    self.dataPackets = dataPackets
    self.repeatedPackets = repeatedPackets
    self.firstSet = firstSet
    self.secondSet = secondSet
    self.promoted = promoted
    self.waiting = waiting
  }
}

/// How often a gap size was seen at first checks.
public struct GapSizeCount: Hashable, Sendable {
  /// How many sessions had begun by then.
  public var session: Int
  /// The gap's size.
  public var blocks: UInt32
  /// How many gaps had it.
  public var count: UInt64

  /// Puts a record together.
  package init(
    session: Int, blocks: UInt32, count: UInt64
  ) {
    self.session = session
    self.blocks = blocks
    self.count = count
  }
}

/// How many devices were in each role at one instant.
public struct TimelineSample: Hashable, Sendable {
  /// The instant.
  public var time: Nanoseconds
  /// Devices that are joining, including those not yet switched on.
  public var joining: Int
  /// Devices that are active.
  public var active: Int
  /// Devices that are passive.
  public var passive: Int
  /// Devices that are smart.
  public var smart: Int
  /// Devices that are complete.
  public var complete: Int
  /// Devices that are failed.
  public var failed: Int
  /// How many nanoseconds the uplink was sending since the sample before (or time 0).
  public var uplinkBusy: Nanoseconds
  /// The bytes that have left the uplink since time 0.
  public var sent = SentBytes()
  /// The bytes that have left each segment since time 0, in the order of the configuration (N10).
  public var segmentBytes: [UInt64] = []

  /// Puts a record together.
  package init(
    time: Nanoseconds, joining: Int, active: Int, passive: Int, smart: Int, complete: Int, failed: Int,
    uplinkBusy: Nanoseconds, sent: SentBytes = SentBytes(), segmentBytes: [UInt64] = []
  ) {
    self.time = time
    self.joining = joining
    self.active = active
    self.passive = passive
    self.smart = smart
    self.complete = complete
    self.failed = failed
    self.uplinkBusy = uplinkBusy
    self.sent = sent
    self.segmentBytes = segmentBytes
  }
}

/// The DATA of session 1 that one device was offered, for the test of uniform loss (N9).
public struct SessionOneLoss: Hashable, Sendable {
  /// The device, from 1.
  public var device: Int
  /// Multicast DATA that arrived.
  public var received: UInt64
  /// Multicast DATA that was lost.
  public var lost: UInt64

  /// Puts a record together.
  package init(
    device: Int, received: UInt64, lost: UInt64
  ) {
    self.device = device
    self.received = received
    self.lost = lost
  }
}

/// The full report of a run.
public struct RunRecord: Sendable {
  /// The replication, from 1.
  public var replication: Int
  /// How the file got to the devices.
  public var strategy = StrategyName.promotion
  /// Why it ended.
  public var ended: RunEnd
  /// Every device, in the order of their numbers. It keeps the state of the devices, but no records.
  public var devices: DeviceRecords
  /// Every session, in the order of their beginnings.
  public var sessions: [SessionRecord]
  /// Gap sizes at first checks, by session, then by size.
  public var gapSizes: [GapSizeCount]
  /// The active device and those that listened to session 1 from its first DATA on, by device.
  public var sessionOneLoss: [SessionOneLoss]
  /// Multicast DATA that left the uplink.
  public var multicastDataPackets: UInt64
  /// Unicast DATA that left the uplink.
  public var unicastDataPackets: UInt64
  /// Bytes on the wire (N1) that left the uplink.
  public var serverBytes: UInt64
  /// A sample for each step of the timeline, if there is one.
  public var timeline: [TimelineSample]
  /// Events that were executed (the unit of the limit).
  public var events: UInt64
  /// The counts of the uplink as a port.
  public var uplink = PortCounts()
  /// The counts of each segment, in the order of the configuration (N10).
  public var segments: [PortCounts] = []
  /// The gaps of each device at its first check, in the order of the checks, if asked for.
  public var firstGaps: [DeviceGaps] = []
  /// The roles that each device entered and when, device by device, if asked for.
  public var roleChanges: [RoleChange] = []
  /// Devices to which packets were offered after the end of a trace of loss that is not repeated (N14).
  public var outlivedTraces = 0
  /// Packets that the devices sent.
  public var devicePackets: UInt64 = 0
  /// Which of its figures are known; the others have no meaning.
  public var known = Knowledge.everything

  /// Puts a record together.
  package init(
    replication: Int, strategy: StrategyName = .promotion, ended: RunEnd, devices: DeviceRecords,
    sessions: [SessionRecord], gapSizes: [GapSizeCount], sessionOneLoss: [SessionOneLoss], multicastDataPackets: UInt64,
    unicastDataPackets: UInt64, serverBytes: UInt64, timeline: [TimelineSample], events: UInt64,
    uplink: PortCounts = PortCounts(), segments: [PortCounts] = [], firstGaps: [DeviceGaps] = [],
    outlivedTraces: Int = 0,
    devicePackets: UInt64 = 0
  ) {
    self.replication = replication
    self.strategy = strategy
    self.ended = ended
    self.devices = devices
    self.sessions = sessions
    self.gapSizes = gapSizes
    self.sessionOneLoss = sessionOneLoss
    self.multicastDataPackets = multicastDataPackets
    self.unicastDataPackets = unicastDataPackets
    self.serverBytes = serverBytes
    self.timeline = timeline
    self.events = events
    self.uplink = uplink
    self.segments = segments
    self.firstGaps = firstGaps
    self.outlivedTraces = outlivedTraces
    self.devicePackets = devicePackets
  }
}
