import BlockTransfer
import TFTPWire

/// What the server takes a device for, by name.
public enum StandingName: String, Hashable, Sendable, BitwiseCopyable {
  case unknown
  case struckOff = "struck off"
  case passive, queued, active, elected, smart, complete
}

/// The state of a server, without the times, as a trace shows it.
public struct ServerState: Hashable, Sendable, BitwiseCopyable {
  /// What it is doing for the group.
  public enum Phase: Hashable, Sendable, BitwiseCopyable {
    case idle
    /// It waits for more devices before the first session (R22).
    case gathering
    /// A session runs (R4).
    case session(active: DeviceID)
    /// It waits for this many devices (R15).
    case check(awaited: Int)
    /// A device was asked to drive the next session, and since it is silent so many others too (R15).
    case election(of: DeviceID, others: Int)
  }

  /// What it is doing for the group.
  public var phase: Phase
  /// Sessions ended so far, `k`.
  public var sessionsEnded: UInt32
  /// Devices that wait for another session.
  public var waiting: Int
  /// Devices that wait for a smart place (R13).
  public var queued: Int
  /// Devices that are smart.
  public var smart: Int
}

extension Server {
  /// The state of the server.
  public var state: ServerState {
    let phase: ServerState.Phase =
      switch self.phase {
      case .idle: .idle
      case .gathering: .gathering
      case .session(let session): .session(active: session.active)
      case .check(let check): .check(awaited: check.awaited)
      case .election: firstElected.map { .election(of: $0, others: elected - 1) } ?? .idle
      }
    return ServerState(
      phase: phase, sessionsEnded: sessionsEnded, waiting: waiting, queued: queued, smart: smartDevices)
  }

  /// What the server takes a device for.
  public func standing(of device: DeviceID) -> StandingName {
    switch self[device].standing {
    case .unknown: .unknown
    case .struckOff: .struckOff
    case .passive(queued: false): .passive
    case .passive(queued: true): .queued
    case .active: .active
    case .elected: .elected
    case .smart: .smart
    case .complete: .complete
    }
  }
}
