import BlockTransfer
import Timebase

/// A stretch of what the group was sent, and its outcome at a device that only listens.
public struct Stretch {
  @usableFromInline let part: LogPart
  @usableFromInline let firstRun: Int
  @usableFromInline let latency: Nanoseconds
  @usableFromInline let reading: Reading
  /// The device.
  public let device: DeviceID
  /// The blocks of it that the device missed, and has now.
  public let filled: GapMap.Filled

  @inlinable
  init(
    _ part: LogPart, firstRun: Int, device: DeviceID, latency: Nanoseconds, reading: Reading, filled: GapMap.Filled
  ) {
    self.reading = reading
    self.part = part
    self.firstRun = firstRun
    self.device = device
    self.latency = latency
    self.filled = filled
  }

  /// The pass that sent it.
  @inlinable public var pass: UInt32 { part.runs[firstRun].pass }
  /// How many packets were offered to the loss of the device's path.
  @inlinable public var offered: Int { part.end - part.start }
  /// How many of them were lost there.
  @inlinable public var lost: Int { part.isOverrun ? 0 : part.lostCount }
  /// Whether one of the lost ones, counted from 0, was lost in the bad state of a chain. Only observers that want it
  /// are told (``Observer/wantsBursts``).
  @inlinable public func isInBurst(_ lost: Int) -> Bool { part.bursts >> UInt64(lost) & 1 == 1 }
  /// How many of them did not fit into the device's buffer.
  @inlinable public var overruns: Int { part.isOverrun ? part.lostCount : 0 }

  /// Calls `body` for each packet, in the order of arrival, with its block, when the device read it, and whether it was lost
  /// or did not fit into the buffer. O(packets).
  public func forEachPacket(_ body: (_ block: BlockNumber, _ read: Nanoseconds, _ isLost: Bool) -> Void) {
    var (run, nextLost) = (firstRun, 0)
    for packet in part.start..<part.end {
      run = part.run(of: packet, from: run)
      let isLost = nextLost < part.lostCount && part.lost[nextLost] == packet
      if isLost { nextLost += 1 }
      let arrival = part.runs[run].departure(at: packet - part.runs[run].start) + latency
      body(part.block(of: packet, in: run), reading.time(of: packet, arrivingAt: arrival), isLost)
    }
  }
}
