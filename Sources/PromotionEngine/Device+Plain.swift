import TFTPWire
import Timebase

// RFC 2090 alone (R14's last sentence): a device that does not know the option `promotion`, or whose server does not. It
// waits until it is elected (R15), and answers that with its first ask, or with `ACK(n)` if it misses nothing (R7).
//
// It has no report that would tell it whether the server is still there, and bring it back if it is struck off (R8a).
// So it does in a silence what it did when it joined (R3), the only thing that RFC 2090 lets it say: it sends its
// request. The server's answer registers nobody twice.
extension Device {
  /// The silence that is over was the last of so many in a row. The device sends its request again; when `retries` + 1
  /// of these have no answer, and the group is silent as well, it fails. Missing nothing, it ends its transfer as RFC
  /// 2090 lets any client.
  mutating func outlast(
    _ silences: UInt32, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    if gaps.isEmpty { return sendFinalAcknowledgment(leavesAt: now, into: &effects) }
    guard Int(silences) - 1 <= settings.parameters.retries else { return fail(into: &effects) }
    sendRequest(leavesAt: now, under: settings, into: &effects)
  }

  /// The answer to a request of a device that was accepted before. It may drive a session if the server had struck it
  /// off (R2).
  mutating func hearAgain(
    _ acceptance: Acceptance, _ listening: Listening, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    if acceptance.isActive { return beginDriving(at: now, under: settings, into: &effects) }
    var listening = listening
    listening.silences = 0
    doing = .listening(listening)
  }
}
