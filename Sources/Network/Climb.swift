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
public struct Climb {
  /// What became of a block.
  public enum Fate: Hashable, Sendable {
    /// It was not sent.
    case absent
    /// It was lost on the way to the device.
    case lost
    /// The device received it.
    case received
  }

  private let part: LogPart
  private let lastRun: Int
  /// The run of the block that was asked for last.
  private var run: Int
  private let firstRun: Int
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

  /// What became of a block. It takes least if blocks are asked for in ascending order: O(log runs passed over).
  public mutating func fate(of block: BlockNumber) -> Fate {
    findRun(of: block)
    let logged = part.runs[run]
    guard logged.first <= block, block <= logged.last else { return .absent }
    let packet = logged.start + Int(block - logged.first)
    guard packet >= part.start, packet < part.end else { return .absent }
    return isLost(packet) ? .lost : .received
  }

  /// The last run that does not begin behind the block, or the first run.
  private mutating func findRun(of block: BlockNumber) {
    if part.runs[run].first > block { run = firstRun }
    var step = 1
    while run + step <= lastRun, part.runs[run + step].first <= block {
      run += step
      step *= 2
    }
    while step > 1 {
      step /= 2
      if run + step <= lastRun, part.runs[run + step].first <= block { run += step }
    }
  }

  private func isLost(_ packet: Int) -> Bool {
    var (low, high) = (0, part.lostCount)
    while low < high {
      let middle = (low + high) / 2
      if part.lost[middle] < packet { low = middle + 1 } else { high = middle }
    }
    return low < part.lostCount && part.lost[low] == packet
  }
}

extension Strategy {
  /// A device takes ascent by ascent.
  @inlinable public var takesClimbs: Bool { false }
  /// Never called.
  @inlinable
  public func listen(_ promise: OnlyListens, to climb: Climb, at now: Nanoseconds, receiver: inout Receiver) -> Listened
  {
    Listened(filled: .nothing, isComplete: false)
  }
}
