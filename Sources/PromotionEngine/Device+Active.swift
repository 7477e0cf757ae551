import BlockTransfer
import TFTPWire
import Timebase

/// What the active device knows of the window that it asked for last (R5).
struct Drive: Hashable, Sendable, BitwiseCopyable {
  /// The window's first block: the first that was missing when the device asked.
  var first: BlockNumber
  /// The window's last block.
  var last: BlockNumber
  /// Whether an early ask opened it.
  var openedEarly: Bool
  /// When the ask leaves.
  var askedAt: Nanoseconds
  /// The silence after which the device asks again (R6).
  var patience: Patience
}

// The active device: R5 (asking), R6 (asking again), R7 (the end). `ACK(f−1)` asks for the blocks from `f` on.
extension Device {
  /// R5: drives a session for the group, from its first missing block on.
  mutating func beginDriving(
    at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    effects.append(.entered(.active))
    ask(early: false, leavesAt: now.later(by: settings.answerDelay), repeats: 0, under: settings, into: &effects)
  }

  /// R5, R7: a block arrived. The last block of the window makes the device ask, and so does the first hole in it.
  ///
  /// - Parameter expected: the first missing block before this one arrived, the next in order.
  mutating func driveOn(
    _ drive: Drive, received block: BlockNumber, isNew: Bool, expected: BlockNumber, at now: Nanoseconds,
    under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    let answersAt = now.later(by: settings.answerDelay)
    guard let missing = gaps.first else {
      return sendFinalAcknowledgment(leavesAt: answersAt, into: &effects)
    }
    var drive = drive
    if isNew {
      drive.patience = Patience(from: max(drive.askedAt, now), timeout: settings.parameters.timeout)
    }
    doing = .driving(drive)

    let asks: Bool
    let early = block < drive.last
    if early {
      asks = windowSize > 1 && !drive.openedEarly && block > expected
    } else {
      asks = block == drive.last && (!drive.openedEarly || missing > drive.first)
    }
    guard asks else { return }
    ask(early: early, leavesAt: answersAt, repeats: drive.patience.repeats, under: settings, into: &effects)
  }

  /// R6: no block that it missed arrived for a timeout.
  mutating func askAgain(
    _ drive: Drive, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var patience = drive.patience
    if gaps.first == drive.first {
      guard patience.repeats(at: now, under: settings.parameters) else { return fail(into: &effects) }
    } else {
      patience.repeats = 0
    }
    ask(early: false, leavesAt: now, repeats: patience.repeats, under: settings, into: &effects)
  }

  private mutating func ask(
    early: Bool, leavesAt: Nanoseconds, repeats: UInt32, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard let file, let first = gaps.first else { return }
    let (last, overflows) = first.addingReportingOverflow(windowSize - 1)
    doing = .driving(
      Drive(
        first: first, last: overflows ? file.blocks : min(last, file.blocks), openedEarly: early, askedAt: leavesAt,
        patience: Patience(from: leavesAt, after: repeats, under: settings.parameters)))
    effects.append(.send(.acknowledgment(first - 1), leavesAt: leavesAt))
  }
}
