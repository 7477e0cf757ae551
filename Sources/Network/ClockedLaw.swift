import Timebase

/// A law of loss that goes by the time at which a packet arrives (N13), or has a part that does.
///
/// The times that it is told never go back.
@usableFromInline
protocol ClockedLaw: Sendable {
  /// Offers one packet that arrives at `time`; true when it is lost.
  mutating func loses(at time: Nanoseconds) -> Bool
  /// What becomes of the next packets, from one that arrives at `time` on.
  mutating func outlook(at time: Nanoseconds) -> LossOutlook
  /// Offers packets by the last outlook, at least one.
  mutating func skip(_ frames: UInt64)
  /// Whether the packet that was lost last, or is lost by the last outlook, is lost in the bad state of a chain.
  var lossIsInBurst: Bool { get }
  /// Whether a part of it is a trace that ended, and a packet was offered after that.
  var hasOutlivedTrace: Bool { get }
  /// Offers the packets of a part of the log: see ``LogPart/offer(from:in:until:to:knowing:latency:)``. Each law has this
  /// loop by itself, so a burst costs no call through a table.
  mutating func offer(
    _ part: inout LogPart, from position: inout Int, in firstRun: Int, until end: Int, knowing known: inout KnownFate,
    latency: Nanoseconds)
}

extension ClockedLaw {
  @usableFromInline
  mutating func offer(
    _ part: inout LogPart, from position: inout Int, in firstRun: Int, until end: Int, knowing known: inout KnownFate,
    latency: Nanoseconds
  ) {
    part.offer(from: &position, in: firstRun, until: end, to: &self, knowing: &known, latency: latency)
  }

  @usableFromInline var lossIsInBurst: Bool { false }
  @usableFromInline var hasOutlivedTrace: Bool { false }
}

/// What becomes of the next packets on a path, as far as it is known.
@usableFromInline
struct LossOutlook: Hashable, Sendable, BitwiseCopyable {
  /// How many packets have the same fate; 0 if even the next one's is open.
  @usableFromInline var frames: UInt64
  /// They have it if they arrive before.
  @usableFromInline var until: Nanoseconds
  /// Whether they are lost.
  @usableFromInline var areLost: Bool

  @usableFromInline
  init(frames: UInt64, until: Nanoseconds, areLost: Bool = false) {
    (self.frames, self.until, self.areLost) = (frames, until, areLost)
  }
}

/// What a law that goes by time has said last. As long as that holds, it is neither asked nor told.
@usableFromInline
struct KnownFate: Sendable {
  /// The fate of the next packets.
  @usableFromInline var outlook = LossOutlook(frames: 0, until: .zero)
  /// How many packets with this fate were offered that the law has not been told of.
  @usableFromInline var untold: UInt64 = 0

  init() {}

  /// Whether the law must be asked of a packet that arrives at `time`.
  @inlinable @inline(__always)
  func isOver(at time: Nanoseconds) -> Bool { outlook.frames == 0 || outlook.until <= time }

  @usableFromInline
  mutating func ask(_ law: inout some ClockedLaw, at time: Nanoseconds) {
    if untold > 0 { law.skip(untold) }
    (outlook, untold) = (law.outlook(at: time), 0)
  }

  /// Offers packets by the last outlook.
  @inlinable @inline(__always)
  mutating func skip(_ frames: UInt64) {
    precondition(frames <= outlook.frames, "\(frames) packets are skipped of \(outlook.frames)")
    outlook.frames -= frames
    untold += frames
  }
}

/// A law that goes by time.
@usableFromInline
struct LossByClock: Sendable {
  @usableFromInline var law: any ClockedLaw
  @usableFromInline var known = KnownFate()

  init(_ law: some ClockedLaw) { self.law = law }

  /// Offers one packet that arrives at `time`; true when it is lost.
  @inlinable @inline(__always)
  mutating func loses(at time: Nanoseconds) -> Bool {
    guard outlook(at: time).frames > 0 else { return law.loses(at: time) }
    known.skip(1)
    return known.outlook.areLost
  }

  /// What becomes of the next packets, from one that arrives at `time` on.
  @inlinable @inline(__always)
  mutating func outlook(at time: Nanoseconds) -> LossOutlook {
    if known.isOver(at: time) { ask(at: time) }
    return known.outlook
  }

  @usableFromInline
  mutating func ask(at time: Nanoseconds) { known.ask(&law, at: time) }

  /// Offers packets of a part of the log.
  mutating func offer(
    _ part: inout LogPart, from position: inout Int, in firstRun: Int, until end: Int, latency: Nanoseconds
  ) {
    law.offer(&part, from: &position, in: firstRun, until: end, knowing: &known, latency: latency)
  }
}

extension LossProcess {
  /// What becomes of the next packets, from one that arrives at `time` on. To ask draws nothing that a packet would
  /// draw.
  ///
  /// A law that goes by number never says what comes after its next draw.
  @inlinable @inline(__always)
  mutating func outlook(at time: Nanoseconds) -> LossOutlook {
    if hasClock, let outlook = clock?.outlook(at: time) { return outlook }
    return LossOutlook(frames: passing, until: .never)
  }

  /// How many packets pass for sure, if they arrive from `time` on and before `until`.
  @inlinable @inline(__always)
  mutating func sureToPass(at time: Nanoseconds) -> (frames: UInt64, until: Nanoseconds) {
    let outlook = outlook(at: time)
    return (outlook.areLost ? 0 : outlook.frames, outlook.until)
  }

  /// How many packets of a train pass for sure.
  @usableFromInline
  mutating func sureToPass(of train: Train) -> Int {
    let sure = sureToPass(at: train.first)
    let alike = sure.until == .never ? train.count : train.count(by: sure.until - Nanoseconds(1))
    return min(alike, Int(clamping: sure.frames))
  }

  /// Offers packets that pass: at most ``passing``. With a clock it offers packets by the last answer of
  /// ``outlook(at:)``, whatever their fate.
  @inlinable @inline(__always)
  mutating func skip(_ count: UInt64) {
    if hasClock {
      clock?.known.skip(count)
      return
    }
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

  /// Whether the packet that was lost last, or is lost by the last outlook, is lost in the bad state of a chain.
  @usableFromInline var lossIsInBurst: Bool {
    hasClock ? clock?.law.lossIsInBurst ?? false : losesInBurst
  }
}
