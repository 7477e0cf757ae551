import Timebase

/// A timeout with its repeats: how long an unanswered packet has waited, and how often it was repeated.
///
/// `retries` counts the repeats after the first sending. Patience ends one `timeout` after the last of them (R3).
struct Patience: Hashable, Sendable, BitwiseCopyable {
  /// When the next repeat is due, or the end.
  var deadline: Nanoseconds
  /// Repeats so far.
  var repeats: UInt32 = 0

  /// Waits for the answer to a packet that leaves at `sending`.
  init(from sending: Nanoseconds, timeout: Nanoseconds) { deadline = sending + timeout }

  /// Counts one more repeat, sent at `now`; false when the repeats are exhausted.
  mutating func repeats(at now: Nanoseconds, under parameters: ProtocolParameters) -> Bool {
    guard repeats < parameters.retries else { return false }
    repeats += 1
    deadline = now + parameters.timeout
    return true
  }
}
