import BlockTransfer
import TFTPWire
import Timebase

// Lock-step: while nothing is lost, an active device and its server repeat one round: a window, and the ask for the
// next window.
//
// Why a round can be skipped: the device answers a window that arrives whole and in order with the ask for the next
// window (R5), and the server answers an ask with the window that it asks for (R4). After a round both are as before,
// except that the device misses one window less and asks for the next one, and that the server has heard it. So a
// driver of both that knows that nothing is lost, and that nothing else happens meanwhile, may move them on by any
// number of rounds at once. The last round of a file differs (R7), and is done step by step.

extension Device {
  /// The window that an active device waits for, if this window and the next ones arrive in lock-step.
  package struct LockStep: Hashable, Sendable {
    /// The first block of the window, the first that the device misses.
    package var first: BlockNumber
    /// Blocks of a window.
    package var windowSize: UInt32
    /// How many whole windows can follow this one before a block that the device has, or the end of the file.
    package var rounds: UInt32
  }

  /// The lock-step of a device that drives a session and waits for a whole window; nil for any other device.
  ///
  /// A device that has repeated its ask is none of these: the window puts a grown timeout back (R24), so a deadline
  /// comes nearer.
  package var lockStep: LockStep? {
    guard case .driving(let drive) = doing, !drive.openedEarly, drive.patience.repeats == 0, let file,
      let gap = gaps.firstGap,
      gap.first == drive.first, drive.last - drive.first + 1 == windowSize
    else { return nil }
    let missing = min(gap.last, file.blocks - 1).subtractingReportingOverflow(gap.first - 1)
    guard !missing.overflow, missing.partialValue / windowSize > 0 else { return nil }
    return LockStep(first: drive.first, windowSize: windowSize, rounds: missing.partialValue / windowSize - 1)
  }

  /// Moves a device in ``lockStep`` on by `rounds`: it has received this many windows, and its ask for the next one
  /// left at `askedAt`.
  package mutating func skip(
    rounds: UInt32, of lockStep: LockStep, askedAt: Nanoseconds, under settings: DeviceSettings
  ) {
    guard case .driving(var drive) = doing, rounds > 0, rounds <= lockStep.rounds else { return }
    let blocks = rounds * windowSize
    _ = gaps.fill(drive.first, through: drive.first + (blocks - 1))
    drive.first += blocks
    drive.last += blocks
    drive.askedAt = askedAt
    drive.patience = Patience(from: askedAt, timeout: settings.parameters.timeout)
    doing = .driving(drive)
  }
}

extension Server {
  /// Whether the server answers each ask of an active device in lock-step with its window (R4), and does not end the
  /// session instead (R23).
  package var goesOnInLockStep: Bool { !mayHandOver }

  /// Moves a server on by rounds of lock-step with its active device. They sent these blocks, and the last ask arrived
  /// at `now`.
  package mutating func skipRounds(sending blocks: ClosedRange<BlockNumber>, heardAt now: Nanoseconds) {
    guard case .session(var session) = phase, session.hasBegun else {
      preconditionFailure("a round of lock-step without a session")
    }
    session.heard = now
    phase = .session(session)
    repeatedData?.send(blocks)
  }
}
