import Timebase

/// How long an end waits for an answer, and how often it asks again.
public struct TransferPatience: Hashable, Sendable {
  /// How long a packet waits for its answer before it is repeated.
  public var timeout: Nanoseconds
  /// Repeats after the first sending (R6).
  public var retries: Int
  /// Multiplies the timeout with each repeat; 1 leaves it as it is (R24).
  public var backoff: Int
  /// The longest that a timeout grows (R24).
  public var maxTimeout: Nanoseconds

  /// Repeats at even distances, unless a backoff is given.
  public init(
    timeout: Nanoseconds, retries: Int, backoff: Int = 1, maxTimeout: Nanoseconds = .seconds(64)
  ) {
    self.timeout = timeout
    self.retries = retries
    self.backoff = backoff
    self.maxTimeout = maxTimeout
  }

  /// The timeout after this many repeats.
  func timeout(after repeats: Int) -> Nanoseconds {
    guard backoff > 1 else { return timeout }
    let most = max(timeout, maxTimeout)
    var grown = timeout.count
    for _ in 0..<repeats {
      let (next, overflows) = grown.multipliedReportingOverflow(by: Int64(backoff))
      guard !overflows, next < most.count else { return most }
      grown = next
    }
    return Nanoseconds(grown)
  }
}

/// An answer that is waited for.
struct Waiting: Hashable, Sendable, BitwiseCopyable {
  /// When the next repeat is due, or the end.
  private(set) var deadline: Nanoseconds
  /// Repeats so far.
  private var repeats: UInt32 = 0

  /// Waits for the answer to a packet that leaves at `sending`.
  init(from sending: Nanoseconds, with patience: TransferPatience) { deadline = sending.later(by: patience.timeout) }

  /// Another packet leaves, before what was waited for has come.
  mutating func goesOn(from sending: Nanoseconds, with patience: TransferPatience) {
    deadline = max(deadline, sending.later(by: patience.timeout(after: Int(repeats))))
  }

  /// Counts one more repeat, sent at `now`; false when the repeats are exhausted.
  mutating func repeats(at now: Nanoseconds, with patience: TransferPatience) -> Bool {
    guard Int(repeats) < patience.retries else { return false }
    repeats += 1
    deadline = now.later(by: patience.timeout(after: Int(repeats)))
    return true
  }
}
