import BlockTransfer
import TFTPWire
import Timebase

/// What a device wants done after an input.
public enum DeviceEffect: Hashable, Sendable, BitwiseCopyable {
  /// Send a message to the server, no earlier than `leavesAt`.
  case send(Message, leavesAt: Nanoseconds)
  /// Draw the delay of a gap report from 0 to the report window and hand it to ``Device/delayReport(by:)`` (R10).
  case drawReportDelay
  /// The device's role is another one.
  case entered(RoleName)
  /// The device checked its gaps, which are as they stand now (R9, R19): with these figures.
  case checked(GapReport)
}

/// How a device is configured, and how fast it answers.
public struct DeviceSettings: Hashable, Sendable {
  /// The protocol; a device that negotiates proposes it.
  public var parameters: ProtocolParameters
  /// MTFTP configures the file, which RFC 2090 negotiates (R17).
  public var file: FileLayout?
  /// From an arrival to the sending of its answer, from which the answer's timers run (N4); 0 on a real socket.
  public var answerDelay: Nanoseconds

  /// Puts the settings together.
  public init(parameters: ProtocolParameters, file: FileLayout?, answerDelay: Nanoseconds = .zero) {
    self.parameters = parameters
    self.file = file
    self.answerDelay = answerDelay
  }
}
