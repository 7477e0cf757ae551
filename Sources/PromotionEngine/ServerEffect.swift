import BlockTransfer
import TFTPWire
import Timebase

/// What the server wants done after an input.
public enum ServerEffect: Hashable, Sendable, BitwiseCopyable {
  /// Send a message to one device.
  case unicast(Message, to: DeviceID, leavesAt: Nanoseconds)
  /// Send a message to the group.
  case multicast(Message, leavesAt: Nanoseconds)
  /// Send DATA `first…last` to the group (R4).
  case multicastData(first: BlockNumber, last: BlockNumber, leavesAt: Nanoseconds)
  /// ``Server/deadline(of:)`` of this device was set.
  case watch(DeviceID)
  /// The wait for the first session is over (R22).
  case started
  /// A session has its active device (R2, R15, R17).
  case sessionOpened(active: DeviceID)
  /// The active device's first packet of the session arrived: its first ACK (MTFTP: its open).
  case sessionBegan
  /// The session ended.
  case sessionEnded(SessionEnd)
}

/// How a session ended.
public enum SessionEnd: String, Hashable, Sendable, BitwiseCopyable {
  /// Its active device has everything (R7, R18).
  case complete
  /// The server did not hear its active device any more (R8).
  case abandoned
  /// Its active device lost so much that another one has to drive (R23).
  case handedOver = "handed_over"
}

/// How a server is configured, and how fast it answers.
public struct ServerSettings: Hashable, Sendable {
  /// The protocol.
  public var parameters: ProtocolParameters
  /// The file that it serves.
  public var file: FileLayout
  /// The time from an arrival to the sending of its answer (N4); 0 on a real socket. The answer's timers count from its
  /// sending.
  public var answerDelay: Nanoseconds
  /// The highest number of a device that is heard. What the server keeps grows with the highest number that it has heard.
  public var mostDevices: Int

  /// Makes the settings from their parts.
  public init(
    parameters: ProtocolParameters, file: FileLayout, answerDelay: Nanoseconds = .zero, mostDevices: Int = 65_536
  ) {
    self.parameters = parameters
    self.file = file
    self.answerDelay = answerDelay
    self.mostDevices = mostDevices
  }
}
