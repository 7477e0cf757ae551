import BlockTransfer
import Timebase

/// Packets of one pass in ascending order of their blocks, some of which are left out, and which of them a device received.
///
/// **Takes climbs** is a capability beside ``Hearing/onlyListens(_:)``. A device that follows the log takes an ascent in
/// one call. In a pass over what somebody misses nearly every packet begins an ascent, and nearly none concerns a given
/// device, so that costs a call for each packet. A device that takes climbs is handed many ascents at once, and looks up
/// what it misses: that costs as much as it misses and loses.
///
/// Why this changes nothing: such a device notes blocks, and nothing else, whatever their order (``Hearing``). So it may
/// begin with what it misses instead of with what came. It is handed the same packets, with the same losses, as in
/// single calls.
public struct Climb: ReceivedBlocks {
  private let part: LogPart
  private let firstRun: Int
  private let lastRun: Int
  /// The run of the block that was asked for last.
  private var run: Int
  /// The first lost packet that may be one of those that are asked for next, as an index of `part.lost`.
  private var nextLost = 0
  /// The first block that was sent to the device.
  public let first: BlockNumber
  /// The last block that it received.
  public let last: BlockNumber

  @usableFromInline
  init(_ part: LogPart, from firstRun: Int, through lastRun: Int, last: BlockNumber) {
    self.part = part
    self.firstRun = firstRun
    self.lastRun = lastRun
    self.last = last
    run = firstRun
    first = part.block(of: part.start, in: firstRun)
  }

  /// The first stretch of blocks in `from…through` that the device received. O(log runs passed over).
  public mutating func next(from: BlockNumber, through: BlockNumber) -> ClosedRange<BlockNumber>? {
    skipRuns(before: from)
    while run <= lastRun {
      let logged = part.runs[run]
      guard logged.first <= through else { return nil }
      // The part may begin and end within a run.
      let start = max(logged.start + Int(max(from, logged.first) - logged.first), part.start)
      let end = min(logged.start + Int(min(through, logged.last) - logged.first) + 1, part.end)
      if let packets = received(in: start, end) {
        return part.block(of: packets.lowerBound, in: run)...part.block(of: packets.upperBound, in: run)
      }
      if through < logged.last { return nil }
      run += 1
    }
    return nil
  }

  /// Goes on to the first run that does not end before the block. Mostly that is this one or the next.
  private mutating func skipRuns(before block: BlockNumber) {
    guard endsRun(before: block) else { return }
    run += 1
    guard endsRun(before: block) else { return }
    var step = 1
    while run + step <= lastRun, part.runs[run + step].last < block {
      run += step
      step *= 2
    }
    while step > 1 {
      step /= 2
      if run + step <= lastRun, part.runs[run + step].last < block { run += step }
    }
    run += 1
  }

  private func endsRun(before block: BlockNumber) -> Bool { run <= lastRun && part.runs[run].last < block }

  /// The first packets of those from `start` to the one before `end` that are not lost.
  private mutating func received(in start: Int, _ end: Int) -> ClosedRange<Int>? {
    var packet = start
    while nextLost < part.lostCount, part.lost[nextLost] < end {
      if part.lost[nextLost] > packet { return packet...part.lost[nextLost] - 1 }
      if part.lost[nextLost] == packet { packet += 1 }
      nextLost += 1
    }
    return packet < end ? packet...end - 1 : nil
  }
}

extension Strategy {
  /// A device takes ascent by ascent.
  @inlinable public var takesClimbs: Bool { false }
  /// Never called.
  @inlinable
  public func listen(
    _ promise: OnlyListens, to received: inout some ReceivedBlocks, at now: Nanoseconds, receiver: inout Receiver
  ) -> Listened {
    Listened(filled: .nothing, isComplete: false)
  }
}
