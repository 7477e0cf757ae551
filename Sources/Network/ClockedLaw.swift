import Timebase

/// A law of loss that goes by the time at which a packet arrives (N13), or has a part that does.
///
/// The times that it is told never go back.
@usableFromInline
protocol ClockedLaw: Sendable {
  /// Offers one packet that arrives at `time`; true when it is lost.
  mutating func loses(at time: Nanoseconds) -> Bool
  /// How many packets pass for sure, if they arrive from `time` on and before `until`.
  mutating func sureToPass(at time: Nanoseconds) -> (frames: UInt64, until: Nanoseconds)
  /// Offers packets that pass for sure by the last answer.
  mutating func skip(_ frames: UInt64)
  /// Whether a part of it is a trace that ended, and a packet was offered after that.
  var hasOutlivedTrace: Bool { get }
}

extension ClockedLaw {
  @usableFromInline var hasOutlivedTrace: Bool { false }
}

extension LossProcess {
  /// How many packets pass for sure, if they arrive from `time` on and before `until`. To ask draws nothing that a packet
  /// would draw.
  ///
  /// A law that goes by number never says how many pass after its next draw, so it may be none.
  @inlinable @inline(__always)
  mutating func sureToPass(at time: Nanoseconds) -> (frames: UInt64, until: Nanoseconds) {
    hasClock ? withClock { $0.sureToPass(at: time) } : (passing, .never)
  }

  /// Offers packets that pass: at most ``passing``, or what the last answer of ``sureToPass(at:)`` allows.
  @inlinable @inline(__always)
  mutating func skip(_ count: UInt64) {
    if hasClock { return withClock { $0.skip(count) } }
    precondition(count <= passing, "\(count) packets are skipped of \(passing)")
    passing -= count
  }

  /// How many rounds pass for sure, of so many packets each, the first and the last of which arrive at these instants in
  /// the first round.
  @inlinable @inline(__always)
  mutating func sureRounds(of packets: Int, from first: Nanoseconds, to last: Nanoseconds, every round: Nanoseconds)
    -> UInt64
  {
    let sure = sureToPass(at: first)
    let rounds = sure.frames / UInt64(packets)
    if sure.until == .never { return rounds }
    return last < sure.until ? min(rounds, UInt64((sure.until - last).count - 1) / UInt64(round.count) + 1) : 0
  }

  /// Changes the law in place.
  @usableFromInline
  mutating func withClock<Result>(_ body: (inout any ClockedLaw) -> Result) -> Result {
    guard case .clock(var clock) = law else { preconditionFailure("a law without a clock has none") }
    law = .never  // else the change would copy it
    defer { law = .clock(clock) }
    return body(&clock)
  }
}
