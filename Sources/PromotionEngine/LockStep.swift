import BlockTransfer
import TFTPWire
import Timebase

// Lock-step: an active device and its server that lose nothing go round and round, a window and the ask for the next one.
//
// Why a round can be skipped: the device's answer to a window that arrives whole and in order is the ask for the window
// that follows (R5), and the server's answer to an ask is the window that it asks for (R4). After a round both are as they were,
// except that the device misses a window less and asks for the next one, and that the server has heard it. So whoever drives
// both, and knows that nothing is lost and nothing else happens meanwhile, may move them on by any number of rounds at once.
// The last round of a file differs (R7), and is left to be gone step by step.

extension Device {
  /// The window that an active device waits for, when it and those after it arrive in lock-step.
  package struct LockStep: Hashable, Sendable {
    /// The first block of the window, the first that the device misses.
    package var first: BlockNumber
    /// Blocks of a window.
    package var windowSize: UInt32
    /// How many whole windows can come after each other, this one not counted, before a block that the device has or the end
    /// of the file.
    package var rounds: UInt32
  }

  /// The lock-step of a device that drives a session and waits for a whole window; nil for any other.
  package var lockStep: LockStep? {
    guard case .driving(let drive) = doing, !drive.openedEarly, let file, let gap = gaps.firstGap,
      gap.first == drive.first, drive.last - drive.first + 1 == windowSize
    else { return nil }
    let missing = min(gap.last, file.blocks - 1).subtractingReportingOverflow(gap.first - 1)
    guard !missing.overflow, missing.partialValue / windowSize > 0 else { return nil }
    return LockStep(first: drive.first, windowSize: windowSize, rounds: missing.partialValue / windowSize - 1)
  }

  /// Moves a device in ``lockStep`` on by `rounds`: it has received so many windows, and the ask for the one after them left
  /// at `askedAt`.
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
  /// Moves a server on by rounds of lock-step with its active device, the last of whose asks arrived at `now`.
  package mutating func skipRounds(heardAt now: Nanoseconds) {
    guard case .session(var session) = phase, session.hasBegun else {
      preconditionFailure("a round of lock-step without a session")
    }
    session.heard = now
    phase = .session(session)
  }
}
