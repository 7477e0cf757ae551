import Timebase

/// What a port counted in a run (N10).
public struct PortCounts: Hashable, Sendable {
  /// Frames that left it.
  public var frames: UInt64 = 0
  /// Their bytes on the wire (N1).
  public var bytes: UInt64 = 0
  /// Those of frames to the group.
  public var groupBytes: UInt64 = 0
  /// Frames that found the queue full.
  public var drops: UInt64 = 0
  /// How long it was sending.
  public var busy = Nanoseconds.zero
  /// When its last frame left, or will leave; 0 if it sent none. Not later than the instant of the counts.
  public var lastDeparture = Nanoseconds.zero
  /// The most frames that waited at a time.
  public var mostWaiting = 0
  /// Frames that were lost before its fan-out.
  public var lostFrames: UInt64 = 0
  /// Packets that were lost there on their way up.
  public var lostOnTheWayUp: UInt64 = 0

  /// Nothing.
  public init() {}

  init(of port: Port, lostFrames: UInt64, lostOnTheWayUp: UInt64, at now: Nanoseconds) {
    busy = port.busy(until: now)
    lastDeparture = min(port.freeAt, now)
    let totals = port.totals(at: now)
    frames = totals.frames
    bytes = totals.bytes
    groupBytes = totals.multicastDataBytes + totals.multicastControlBytes
    drops = port.dropped
    mostWaiting = port.mostWaiting
    self.lostFrames = lostFrames
    self.lostOnTheWayUp = lostOnTheWayUp
  }
}

/// What left the server in a whole run, and what ports counted.
public struct FinalCounts: Hashable, Sendable {
  /// What left the uplink.
  public var totals: Port.Totals
  /// The uplink as a port.
  public var uplink: PortCounts
  /// Each segment, in the order of the configuration (N10).
  public var segments: [PortCounts]
}

extension Run {
  /// What left the server by `end`.
  @usableFromInline
  func finalCounts(at end: Nanoseconds) -> FinalCounts {
    FinalCounts(
      totals: uplink.totals(at: end),
      uplink: PortCounts(of: uplink, lostFrames: framesLostBeforeFanOut, lostOnTheWayUp: 0, at: end),
      segments: tree.segmentCounts(at: end))
  }
}
