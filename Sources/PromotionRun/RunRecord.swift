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
  public var roles: [RoleName]
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
}

/// One multicast pass.
public struct SessionRecord: Hashable, Sendable {
  /// Counted from 1.
  public var session: Int
  /// The device that drove it, from 1.
  public var activeDevice: Int
  /// When its active device's first ACK (MTFTP: open) arrived; nil if none ever did.
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
}

/// How often a gap size was seen at first checks.
public struct GapSizeCount: Hashable, Sendable {
  /// How many sessions had begun by then.
  public var session: Int
  /// The gap's size.
  public var blocks: UInt32
  /// How many gaps had it.
  public var count: UInt64
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
}

/// The DATA of session 1 that one device was offered, for the test of uniform loss (N9).
public struct SessionOneLoss: Hashable, Sendable {
  /// The device, from 1.
  public var device: Int
  /// Multicast DATA that arrived.
  public var received: UInt64
  /// Multicast DATA that was lost.
  public var lost: UInt64
}

/// The full report of a run.
public struct RunRecord: Sendable {
  /// The replication, from 1.
  public var replication: Int
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
  /// Devices to which packets were offered after the end of a trace of loss that is not repeated (N14).
  public var outlivedTraces = 0
}
