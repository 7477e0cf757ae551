import Timebase

/// A timeout with its repeats: how long something unanswered has been waited for, and how often it was repeated.
///
/// `retries` counts the repeats after the first sending; one `timeout` after the last of them patience is at its end (R3).
struct Patience: Hashable, Sendable, BitwiseCopyable {
  /// When the next repeat is due, or the end.
  var deadline: Nanoseconds
  /// Repeats so far.
  var repeats: UInt32 = 0

  /// Waits for the answer to what leaves at `sending`.
  init(from sending: Nanoseconds, timeout: Nanoseconds) { deadline = sending + timeout }

  /// Counts one more repeat, sent at `now`, or gives false when they are exhausted.
  mutating func repeats(at now: Nanoseconds, under parameters: ProtocolParameters) -> Bool {
    guard repeats < parameters.retries else { return false }
    repeats += 1
    deadline = now + parameters.timeout
    return true
  }
}
