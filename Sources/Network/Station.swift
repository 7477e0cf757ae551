import BlockTransfer
import EventSimulation
import RandomStreams
import Timebase

/// A device on the network: the protocol's end, its path and its loss.
@usableFromInline
struct Station<S: Strategy>: Sendable {
  /// How the DATA of the group comes to a device.
  @usableFromInline
  enum Following: Sendable {
    /// Not at all: it does not listen.
    case nothing
    /// By catching up with the log when something looks at it.
    case log(S.OnlyListens)
    /// By an event for each packet.
    case packets

    @inlinable var isLog: Bool { if case .log = self { true } else { false } }
    @inlinable var isNothing: Bool { if case .nothing = self { true } else { false } }
    @inlinable var isPackets: Bool { if case .packets = self { true } else { false } }

    /// Whether both are the same way.
    @inlinable
    func isLike(_ other: Self) -> Bool {
      switch (self, other) {
      case (.nothing, .nothing), (.log, .log), (.packets, .packets): true
      case (.nothing, _), (.log, _), (.packets, _): false
      }
    }
  }

  // The order is that in which events need them, so that an event touches few cache lines: what most events need comes
  // first.
  @usableFromInline var receiver: S.Receiver
  /// Its number, from 1.
  @usableFromInline let number: DeviceID
  @usableFromInline let cohort: Int
  @usableFromInline let latency: Nanoseconds
  /// The index of its branch.
  @usableFromInline let branch: Int
  /// Whether its path has jitter, in both directions.
  @usableFromInline let hasJitter: Bool
  /// Whether what arrives goes through a buffer.
  @usableFromInline let hasBuffer: Bool
  /// How many packets were offered to the loss of its path.
  @usableFromInline var offered: UInt64 = 0
  @usableFromInline var isOn = false
  @usableFromInline var following = Following.nothing
  /// Whether its deadline was left to the next look, and is only a silence, which counts from `heardAt` on.
  @usableFromInline var awaitsSilence = false
  @usableFromInline var timer = EventTimer()
  /// The last DATA of the log that it received, or the start of its silence when it was left to the look.
  @usableFromInline var heardAt = Nanoseconds.zero
  /// The last packet of the log that it received since it follows the log.
  @usableFromInline var lastHeard: Int?
  /// How many packets of the log it has caught up with, or passed over before it followed the log.
  @usableFromInline var position = 0
  /// The first packet of the log that comes over its link in step, while that is in step; see `Run+Links.swift`.
  @usableFromInline var firstInStep = 0
  @usableFromInline var downLoss: LossProcess
  @usableFromInline var upLoss: LossProcess
  /// The server's timer for the device.
  @usableFromInline var senderTimer = EventTimer()
  @usableFromInline var downJitter: Jitter?
  /// When the packet that arrives now would have arrived without jitter.
  @usableFromInline var undisturbed = Nanoseconds.zero
  @usableFromInline var upJitter: Jitter?
  /// Whether a fragment of the packet that came last was lost in the bad state of a chain.
  @usableFromInline var fragmentIsInBurst = false
  /// Of the random delays that it asks for.
  @usableFromInline var delays: RandomStream?
  @usableFromInline var buffer: ReceiveBuffer?
  /// The index of its own link, while that is out of step; -1 otherwise.
  @usableFromInline var ownLink = -1
  /// What the twin of its link had dropped when that came into step last.
  @usableFromInline var droppedBefore: UInt64 = 0
  /// What happens on its way, besides loss.
  @usableFromInline var counts = PathCounts()
  @usableFromInline let join: Nanoseconds
  /// When it is switched off; never, if it stays.
  @usableFromInline let leave: Nanoseconds

  @inlinable @inline(__always)  // made where it will stand, for it is large
  init(_ drawn: DrawnDevice, branch: Int, buffer: ReceiveBuffer?, receiver: S.Receiver) {
    self.receiver = receiver
    number = drawn.number
    cohort = drawn.cohort
    latency = drawn.latency
    self.branch = branch
    hasJitter = drawn.downJitter != nil
    hasBuffer = buffer != nil
    self.buffer = buffer
    downLoss = drawn.downLoss
    upLoss = drawn.upLoss
    downJitter = drawn.downJitter
    upJitter = drawn.upJitter
    delays = drawn.delays
    join = drawn.join
    leave = drawn.leave
  }

  // The questions to a device for each packet. They change nothing, but are mutating, so that a device is read in
  // place. To copy it would take longer than to ask it.

  @inlinable @inline(__always)
  mutating func hearing(by strategy: S, at now: Nanoseconds) -> Hearing<S.OnlyListens> {
    strategy.hearing(of: &receiver, at: now)
  }

  @inlinable @inline(__always)
  mutating func deadline(by strategy: S) -> ReceiverDeadline { strategy.deadline(of: receiver) }

  @inlinable @inline(__always)
  mutating func lockStep(by strategy: S, with sender: S.Sender) -> LockStep<S.Rounds>? {
    strategy.lockStep(of: receiver, device: number, with: sender)
  }

  /// A device that only listens takes one block, which arrives now.
  @inlinable @inline(__always)
  mutating func listen(by strategy: S, _ promise: S.OnlyListens, to block: BlockNumber, at now: EventKey) -> Listened {
    timer.see(now.sequence)
    return strategy.listen(
      promise, to: block, through: block, except: UnsafeBufferPointer(start: nil, count: 0), at: now.time,
      receiver: &receiver)
  }

  /// When its buffer is empty, if nothing more comes.
  @inlinable @inline(__always)
  mutating func bufferEmptyAt() -> Nanoseconds { buffer?.emptyAt ?? .zero }

  /// What a datagram with this payload needs in its buffer.
  @inlinable @inline(__always)
  mutating func need(ofPayload bytes: UInt64) -> ReceiveBuffer.Need {
    buffer?.need(ofPayload: bytes) ?? ReceiveBuffer.Need(bytes: bytes, service: .zero, room: .never)
  }

  /// A datagram with this payload arrives at its buffer. Returns when it is read; nil if it does not fit.
  @inlinable @inline(__always)
  mutating func takeIntoBuffer(payload bytes: UInt64, at now: Nanoseconds) -> Nanoseconds? {
    guard let read = buffer?.take(payload: bytes, at: now) else {
      counts.overruns += 1
      return nil
    }
    counts.unread += 1
    return read
  }

  /// Offers one packet that arrives now to the loss of its path; true when it is lost.
  @inlinable @inline(__always)
  mutating func loses(at now: Nanoseconds) -> Bool {
    offered += 1
    if downLoss.passing > 0 { return downLoss.loses(at: now) }
    return downLoss.loses(at: hasJitter ? undisturbed : now)
  }

  /// Whether a trace of its path, one way or the other, ended before the run did.
  @usableFromInline var hasOutlivedTrace: Bool { downLoss.hasOutlivedTrace || upLoss.hasOutlivedTrace }

  /// Offers a datagram of several frames, which arrives now: each frame steps (N12). True when one is lost.
  @usableFromInline
  mutating func loses(at now: Nanoseconds, frames distances: ContiguousArray<Nanoseconds>) -> Bool {
    offered += 1
    let last = hasJitter ? undisturbed : now
    var isLost = false
    fragmentIsInBurst = false
    for distance in distances where downLoss.loses(at: last - distance) {
      counts.fragmentsLost += 1
      isLost = true
      if downLoss.lossIsInBurst { fragmentIsInBurst = true }
    }
    return isLost
  }

  /// Whether the packet that was lost last was lost in the bad state of a chain.
  @usableFromInline
  mutating func lossIsInBurst(ofFrames pattern: UInt32) -> Bool {
    pattern == 0 ? downLoss.lossIsInBurst : fragmentIsInBurst
  }

  /// A message that it sent comes to the end of its path now; true when it was lost there.
  @inlinable @inline(__always)
  mutating func losesOnTheWayUp(at now: Nanoseconds) -> Bool {
    upLoss.loses(at: hasJitter ? upJitter?.arrived() ?? now : now)
  }

  /// Offers packets of the log to the loss of its path, up to the `end`-th or until many are lost.
  @inlinable @inline(__always)
  mutating func offer(_ part: inout LogPart, from run: Int, until end: Int, notesBursts: Bool) {
    part.offer(from: &position, in: run, until: end, to: &downLoss, latency: latency, notesBursts: notesBursts)
  }
}

extension Station {
  /// Offers packets of the log that may be several frames each; see ``offer(_:from:until:notesBursts:)``.
  @usableFromInline
  mutating func offerFragments(_ part: inout LogPart, from run: Int, until end: Int, patterns: FramePatterns) {
    counts.fragmentsLost += part.offerFragments(
      from: &position, in: run, until: end, to: &downLoss, latency: latency, patterns: patterns)
  }
}

/// What happened to packets on their way to a device, besides loss.
public struct PathCounts: Hashable, Sendable, BitwiseCopyable {
  /// Frames that its link dropped (N10).
  public var linkDrops: UInt64 = 0
  /// Datagrams that did not fit into its buffer (N11).
  public var overruns: UInt64 = 0
  /// Frames that its loss took of datagrams of several frames (N12).
  public var fragmentsLost: UInt64 = 0
  /// Datagrams that came into its buffer and were not read.
  public var unread: UInt64 = 0

  /// Nothing.
  public init() {}
}

extension TimeModel {
  func value(from stream: inout RandomStream) -> Nanoseconds {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawNanoseconds(from: &stream)
    }
  }
}
