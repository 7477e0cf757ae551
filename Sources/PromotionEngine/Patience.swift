import Timebase

/// A timeout with its repeats: how long an unanswered packet has waited, and how often it was repeated.
///
/// `retries` counts the repeats after the first sending. Patience ends one timeout after the last of them (R3). With a
/// `backoff` each timeout is longer than the one before (R24).
package struct Patience: Hashable, Sendable, BitwiseCopyable {
  /// When the next repeat is due, or the end.
  package var deadline: Nanoseconds
  /// Repeats so far.
  package var repeats: UInt32 = 0

  /// Waits for the answer to a packet that leaves at `sending`.
  package init(from sending: Nanoseconds, timeout: Nanoseconds) { deadline = sending.later(by: timeout) }

  /// Goes on waiting, after this many repeats, for the answer to a packet that leaves at `sending`.
  package init(from sending: Nanoseconds, after repeats: UInt32, under parameters: ProtocolParameters) {
    deadline = sending.later(by: parameters.timeout(after: repeats))
    self.repeats = repeats
  }

  /// Counts one more repeat, sent at `now`; false when the repeats are exhausted.
  package mutating func repeats(at now: Nanoseconds, under parameters: ProtocolParameters) -> Bool {
    guard repeats < parameters.retries else { return false }
    repeats += 1
    deadline = now.later(by: parameters.timeout(after: repeats))
    return true
  }
}

// R24: timeouts that grow.
extension ProtocolParameters {
  /// How long a request waits for its answer when it has been repeated this many times (R24).
  @inline(__always)
  package func timeout(after repeats: UInt32) -> Nanoseconds {
    backoff <= 1 || repeats == 0 ? timeout : grownTimeout(after: repeats)
  }

  /// `timeout` × `backoff` to the power of `repeats`, at most ``maxTimeout`` but never less than `timeout`.
  private func grownTimeout(after repeats: UInt32) -> Nanoseconds {
    let most = max(timeout, maxTimeout)
    var grown = timeout.count
    for _ in 0..<repeats where grown > 0 {
      let (next, overflows) = grown.multipliedReportingOverflow(by: Int64(backoff))
      guard !overflows, next < most.count else { return most }
      grown = next
    }
    return Nanoseconds(grown)
  }

  /// How long an end waits for an answer, repeats included: the sum of all timeouts of one request. It can be beyond
  /// what ``Timebase/Nanoseconds`` hold.
  package var patience: Int128 {
    guard backoff > 1 else { return Int128(timeout.count) * (Int128(retries) + 1) }
    let most = max(timeout, maxTimeout)
    var sum: Int128 = 0
    var repeats = 0
    while repeats <= retries {
      let next = timeout(after: UInt32(repeats))
      // From the longest one on all are alike.
      guard next < most else { return sum + Int128(most.count) * (Int128(retries) + 1 - Int128(repeats)) }
      sum += Int128(next.count)
      repeats += 1
    }
    return sum
  }
}
