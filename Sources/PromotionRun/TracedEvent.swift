import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase

/// One thing that happened in a run, and the state after it.
///
/// Two runs that do the same have equal events. Settings that travel in a packet (the threshold in an OACK) are not
/// part of it, nor are deadlines. They count when they have an effect.
public struct TracedEvent: Hashable, Sendable {
  /// Whom it happened to.
  public enum Subject: Hashable, Sendable {
    case server
    /// The server's uplink (N2).
    case uplink
    case device(DeviceID)
  }

  /// What happened.
  public enum Happening: Hashable, Sendable {
    case switchedOn, switchedOff
    /// A deadline of the device came, or of the server for the group.
    case deadline
    /// A deadline of the server for a device's smart place came (R13).
    case placeDeadline(DeviceID)
    /// A message came from a device to the server.
    case arrived(Message, from: DeviceID)
    /// A message of a device was lost on its way: on its own path (N5), or on a segment (N10).
    case lost(Message, from: DeviceID, onSegment: String?)
    /// A message came to the device.
    case received(Message, Addressing)
    /// A message was lost on its way to the device (N5).
    case missed(Message, Addressing)
    /// A message came to the device, whose buffer had no room for it (N11).
    case overran(Message, Addressing)
    /// A message, or the DATA from its block through `last`, arrived at the uplink: for a device, or for the group if
    /// that is 0.
    case sent(Message, last: BlockNumber, to: DeviceID, Fates)
  }

  /// What became of the packets that arrived at the uplink together.
  public struct Fates: Hashable, Sendable {
    /// How many found the queue full.
    public var dropped: UInt64 = 0
    /// How many were lost before the fan-out.
    public var lost: UInt64 = 0
    /// Where they did not pass a port below the uplink (N10), in the order in which that happened first.
    public var stops: [Stop] = []
  }

  /// Packets that did not pass a port below the uplink.
  public struct Stop: Hashable, Sendable {
    /// The port.
    public enum Place: Hashable, Sendable {
      /// A segment, by its name.
      case segment(String)
      /// The links of devices.
      case links
    }

    /// Where.
    public var place: Place
    /// Why.
    public var cause: StopCause
    /// How many packets; at links, counted for each device.
    public var packets: UInt64
  }

  /// The state of the subject after it.
  public enum State: Hashable, Sendable {
    /// The server, and its view of the device that the event was about, if any.
    case server(ServerState, StandingName?)
    case device(DeviceState)
    /// The uplink shows no state.
    case none
  }

  /// When it happened.
  public var time: Nanoseconds
  /// Whom it happened to.
  public var subject: Subject
  /// What happened.
  public var happening: Happening
  /// The state after it.
  public var state: State
}

extension Message {
  /// The message without the settings of the scenario.
  var withoutSettings: Message {
    guard case .acceptance(var acceptance) = self, let file = FileLayout(size: 0, blockSize: 1) else { return self }
    acceptance.file = file
    acceptance.windowSize = 1
    acceptance.options = []
    acceptance.timeoutSeconds = 0
    acceptance.promotion?.threshold = 0
    acceptance.promotion?.continuity = 0
    return .acceptance(acceptance)
  }
}
