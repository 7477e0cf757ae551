import BlockTransfer
import TFTPWire
import Timebase

/// What a device wants done after an input.
public enum DeviceEffect: Hashable, Sendable, BitwiseCopyable {
  /// Send a message to the server, no earlier than `leavesAt`.
  case send(Message, leavesAt: Nanoseconds)
  /// Draw the delay of a gap report from 0 to the report window and hand it to ``Device/delayReport(by:)`` (R10).
  case drawReportDelay
  /// The device's role changed.
  case entered(RoleName)
  /// The device checked its gaps (R9, R19). They are as they stand now, with these figures.
  case checked(GapReport)
}

/// How a device is configured, and how fast it answers.
public struct DeviceSettings: Hashable, Sendable {
  /// The protocol; a device that negotiates proposes it.
  public var parameters: ProtocolParameters
  /// The file: RFC 2090 negotiates it, MTFTP has it configured (R17).
  public var file: FileLayout?
  /// The time from an arrival to the sending of its answer (N4); 0 on a real socket. The answer's timers count from its
  /// sending.
  public var answerDelay: Nanoseconds
  /// The time from the OACK of a group until the device hears the group (N4); 0 where the driver joins the group before
  /// it hands the OACK over. MTFTP knows its group from the start.
  public var groupJoinDelay: Nanoseconds

  /// Makes the settings from their parts.
  public init(
    parameters: ProtocolParameters, file: FileLayout?, answerDelay: Nanoseconds = .zero,
    groupJoinDelay: Nanoseconds = .zero
  ) {
    self.parameters = parameters
    self.file = file
    self.answerDelay = answerDelay
    self.groupJoinDelay = groupJoinDelay
  }
}
