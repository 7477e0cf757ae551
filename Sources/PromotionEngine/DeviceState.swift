import BlockTransfer
import TFTPWire

/// The state of a device, without the times, as a trace shows it.
public struct DeviceState: Hashable, Sendable, BitwiseCopyable {
  /// What it waits for.
  public enum Activity: Hashable, Sendable, BitwiseCopyable {
    /// It is not switched on yet.
    case off
    /// It asked to join, and has repeated that this many times (R3).
    case joining(repeats: UInt32)
    /// It was accepted, and joins the group (N4).
    case entering
    /// It listens before its first open (R17).
    case listeningFirst
    /// It sends opens (R17).
    case opening
    /// It asked for a window of blocks, and has repeated that this many times (R5, R6).
    case asking(first: BlockNumber, last: BlockNumber, repeats: UInt32)
    /// It waits for a block of an MTFTP session, and has repeated its ACK this many times (R18).
    case awaiting(BlockNumber, repeats: UInt32)
    /// It listens to the group.
    case listening
    /// It listens, and a gap report is due (R10).
    case aboutToReport
    /// It listens. Its gap report has been repeated this many times and is not answered (R10).
    case reporting(repeats: UInt32)
    /// It listens, and sends an open if it hears nothing (R20).
    case aboutToOpen
    /// It asked for blocks by unicast, up to the given one, and has repeated that this many times (R14).
    case fetching(outstanding: Int, through: BlockNumber, repeats: UInt32)
    /// It has sent `ACK(n)`.
    case done
    /// It gave up, or was switched off.
    case failed
  }

  /// Its role.
  public var role: RoleName
  /// What it waits for.
  public var activity: Activity
  /// How many blocks it misses; 0 while it does not know the file.
  public var missing: UInt32
  /// How many gaps these blocks form.
  public var gaps: Int
}

extension Device {
  /// The state of the device.
  public var state: DeviceState {
    DeviceState(role: role, activity: activity, missing: gaps.missing, gaps: gaps.count)
  }

  private var activity: DeviceState.Activity {
    switch doing {
    case .nothing: .off
    case .joining(let patience): .joining(repeats: patience.repeats)
    case .entering: .entering
    case .opening(.listensFirst): .listeningFirst
    case .opening(.opens): .opening
    case .driving(let drive): .asking(first: drive.first, last: drive.last, repeats: drive.patience.repeats)
    case .drivingMTFTP(let drive): .awaiting(drive.next, repeats: drive.patience.repeats)
    case .listening(let listening):
      switch listening.report {
      case .none: .listening
      case .undelayed, .delayed: .aboutToReport
      case .sent(let patience): .reporting(repeats: patience.repeats)
      }
    case .listeningMTFTP(let listening):
      listening.opens != nil ? .opening : listening.reopensAt != nil ? .aboutToOpen : .listening
    case .fetching(let fetch):
      .fetching(outstanding: fetch.outstanding, through: fetch.frontier, repeats: fetch.patience.repeats)
    case .done: .done
    case .failed: .failed
    }
  }
}
