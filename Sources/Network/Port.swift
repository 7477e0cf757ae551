import Timebase

/// A port: it sends one frame at a time, first come, first served (N2, N10). The server's uplink is one, and so is each
/// segment and each device's link.
///
/// Whoever offers a frame learns at once when its last bit leaves. That can be said long before, since the order of
/// frames is that in which they come. A port counts what it takes. Who asks for an instant is told what has left by
/// then: what still waits, or is being sent, does not count yet. So a run that a limit ends counts up to that instant.
public struct Port: Sendable {
  /// A frame from its turn to its departure, or a train of them (`Train.swift`).
  @usableFromInline
  struct Sending: Sendable, BitwiseCopyable {
    @usableFromInline var start: Nanoseconds
    @usableFromInline var end: Nanoseconds
    @usableFromInline var bytes: UInt64
    @usableFromInline var kind: Kind
    /// Whether a packet has left with it: it is a whole packet, or the last fragment of one (N12).
    @usableFromInline var endsPacket: Bool
    /// How many frames, and the time from the departure of one to that of the next.
    @usableFromInline var count: Int
    @usableFromInline var spacing: Nanoseconds

    @inlinable
    init(
      start: Nanoseconds, end: Nanoseconds, bytes: UInt64, kind: Kind, endsPacket: Bool, count: Int = 1,
      spacing: Nanoseconds = .zero
    ) {
      self.start = start
      self.end = end
      self.bytes = bytes
      self.kind = kind
      self.endsPacket = endsPacket
      self.count = count
      self.spacing = spacing
    }

    /// One of the frames, counted from 0.
    func frame(_ frame: Int) -> Sending {
      Sending(
        start: start + spacing * frame, end: end + spacing * frame, bytes: bytes, kind: kind, endsPacket: endsPacket)
    }

    /// When the last of the frames leaves.
    @inlinable var lastEnd: Nanoseconds { count > 1 ? end + spacing * (count - 1) : end }

    /// How many of the frames have not left by `now`.
    func staying(at now: Nanoseconds) -> Int {
      count - Train(first: end, spacing: spacing, count: count).count(by: now)
    }
  }

  /// The kind of a packet.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// DATA to the group; `isRepeated` if its block went there before in the same pass.
    case multicastData(pass: UInt32, isRepeated: Bool)
    /// DATA to one device.
    case unicastData
    /// Any other packet, to the group or to one device.
    case control(toGroup: Bool)

    /// Whether it goes to the group.
    @inlinable public var isToGroup: Bool {
      switch self {
      case .multicastData: true
      case .unicastData: false
      case .control(let toGroup): toGroup
      }
    }
  }

  /// Frames and packets at a port.
  public struct Totals: Hashable, Sendable {
    /// DATA to the group, in packets.
    public var multicastData: UInt64 = 0
    /// DATA to single devices, in packets.
    public var unicastData: UInt64 = 0
    /// All bytes on the wire (N1).
    public var bytes: UInt64 = 0
    /// Those of DATA to the group.
    public var multicastDataBytes: UInt64 = 0
    /// Those of them whose block went to the group before in the same pass.
    public var repeatedDataBytes: UInt64 = 0
    /// Those of DATA to single devices.
    public var unicastDataBytes: UInt64 = 0
    /// Those of control packets to the group.
    public var multicastControlBytes: UInt64 = 0
    /// Frames.
    public var frames: UInt64 = 0

    /// Adds so many equal frames; a number below 0 takes as many away, for which the sums may wrap on the way.
    @inlinable @inline(__always)
    mutating func add(_ frames: Int, bytes: UInt64, kind: Kind, endsPacket: Bool) {
      let frames = UInt64(truncatingIfNeeded: frames)
      let bytes = bytes &* frames
      self.frames &+= frames
      self.bytes &+= bytes
      switch kind {
      case .multicastData(_, let isRepeated):
        if endsPacket { multicastData &+= frames }
        multicastDataBytes &+= bytes
        if isRepeated { repeatedDataBytes &+= bytes }
      case .unicastData:
        if endsPacket { unicastData &+= frames }
        unicastDataBytes &+= bytes
      case .control(let toGroup):
        if toGroup { multicastControlBytes &+= bytes }
      }
    }
  }

  @usableFromInline let bitsPerSecond: UInt64
  /// The rate of frames to the group.
  @usableFromInline let multicastBitsPerSecond: UInt64
  @usableFromInline let hasGroupRate: Bool
  @usableFromInline let queueLimit: Int?
  /// Frames from their turns on, with some that have left.
  @usableFromInline var underWay: ContiguousArray<Sending> = []
  /// The first of them that had not left when the last frame came.
  @usableFromInline var firstWaiting = 0
  /// When there are this many, frames that have left are removed. That is twice what remained the last time, so it
  /// costs O(1) a frame.
  @usableFromInline var mostUnderWay = 64
  @usableFromInline var freeAt = Nanoseconds.zero
  @usableFromInline var busyScheduled = Nanoseconds.zero
  /// All that the port has taken, whether it has left or not.
  @usableFromInline var taken = Totals()
  @usableFromInline var last: (bytes: UInt64, duration: Nanoseconds) = (0, .zero)
  @usableFromInline var lastToGroup: (bytes: UInt64, duration: Nanoseconds) = (0, .zero)
  /// Frames that found the queue full.
  @usableFromInline var dropped: UInt64 = 0
  /// Whether it counts who waits for each frame that comes: there is a limit, or ``mostWaiting`` is asked for.
  @usableFromInline let looksAtQueue: Bool
  /// The most frames that waited at a time.
  @usableFromInline var mostWaiting = 0

  @usableFromInline
  init(
    bitsPerSecond: UInt64, multicastBitsPerSecond: UInt64? = nil, queueLimit: Int?, watchesQueue: Bool = false
  ) {
    self.bitsPerSecond = bitsPerSecond
    hasGroupRate = multicastBitsPerSecond.map { $0 != bitsPerSecond } ?? false
    looksAtQueue = watchesQueue || queueLimit != nil
    self.multicastBitsPerSecond = multicastBitsPerSecond ?? bitsPerSecond
    self.queueLimit = queueLimit
  }

  /// Offers a frame at `now`. Returns when its last bit is sent; nil if the queue is full.
  ///
  /// - Parameter present: the time of the run, if the frame comes later than that. What leaves in between is not counted
  ///   as having left yet.
  @inlinable @inline(__always)
  mutating func offer(
    bytes: UInt64, kind: Kind, endsPacket: Bool = true, at now: Nanoseconds, present: Nanoseconds? = nil
  ) -> Nanoseconds? {
    // What it has sent is counted when somebody asks, or when it is much. An idle port has nothing that waits.
    if underWay.count >= mostUnderWay { settle(at: present ?? now) }
    var waiting = 0
    if looksAtQueue {
      if freeAt <= now { firstWaiting = underWay.count } else { waiting = countWaiting(at: now) }
    }
    if let queueLimit, waiting >= queueLimit {
      dropped += 1
      return nil
    }
    let start = max(now, freeAt)
    let end = start + (hasGroupRate && kind.isToGroup ? groupDuration(bytes: bytes) : duration(bytes: bytes))
    freeAt = end
    busyScheduled = busyScheduled + (end - start)
    underWay.append(Sending(start: start, end: end, bytes: bytes, kind: kind, endsPacket: endsPacket))
    taken.add(1, bytes: bytes, kind: kind, endsPacket: endsPacket)
    if looksAtQueue, start > now { mostWaiting = max(mostWaiting, waiting + 1) }
    return end
  }

  /// What an idle port did in a round that began at 0.
  @usableFromInline
  struct Round: Sendable {
    @usableFromInline let totals: Totals
    @usableFromInline let busy: Nanoseconds
    /// When it was idle again.
    @usableFromInline let idleAt: Nanoseconds
    @usableFromInline let mostWaiting: Int
  }

  /// What the port did, if it was idle at 0 and has sent nothing before.
  @usableFromInline
  func round() -> Round {
    Round(totals: taken, busy: busyScheduled, idleAt: freeAt, mostWaiting: mostWaiting)
  }

  /// Does what an idle port did in `round` again and again, `rounds` times, the first time from `start` on, and is idle
  /// in between. All has left when the next frame is offered.
  @usableFromInline
  mutating func skip(_ rounds: Int, of round: Round, from start: Nanoseconds, every period: Nanoseconds) {
    settle(at: start)
    let count = UInt64(rounds)
    taken.frames += round.totals.frames * count
    taken.bytes += round.totals.bytes * count
    taken.multicastDataBytes += round.totals.multicastDataBytes * count
    taken.multicastData += round.totals.multicastData * count
    busyScheduled = busyScheduled + round.busy * rounds
    freeAt = start + period * (rounds - 1) + round.idleAt
    mostWaiting = max(mostWaiting, round.mostWaiting)
  }

  /// So many bytes of what it did in skipped rounds were of blocks that had gone to the group before in the same pass. A
  /// round does not know: the blocks of a pass that begins again are repeated up to where the pass was before.
  @usableFromInline
  mutating func noteRepeated(_ bytes: UInt64) { taken.repeatedDataBytes += bytes }

  /// An idle port like this one, which has sent nothing.
  @usableFromInline var unused: Port {
    Port(
      bitsPerSecond: bitsPerSecond, multicastBitsPerSecond: multicastBitsPerSecond, queueLimit: queueLimit,
      watchesQueue: looksAtQueue)
  }

  /// What has left the port by `now`, that instant included.
  public func totals(at now: Nanoseconds) -> Totals {
    underWay.reduce(into: taken) { totals, sending in
      totals.add(-sending.staying(at: now), bytes: sending.bytes, kind: sending.kind, endsPacket: sending.endsPacket)
    }
  }

  /// The packets that were offered and have not left by `now`, by kind.
  @usableFromInline
  func kinds(stayingAt now: Nanoseconds) -> [Kind] {
    guard freeAt > now else { return [] }
    return underWay.filter(\.endsPacket).flatMap { repeatElement($0.kind, count: $0.staying(at: now)) }
  }

  /// How long the port has been sending by `now`.
  public func busy(until now: Nanoseconds) -> Nanoseconds {
    underWay.reduce(busyScheduled) { busy, sending in
      guard sending.lastEnd > now else { return busy }
      return (0..<sending.count).map(sending.frame).reduce(busy) { busy, frame in
        busy - max(.zero, frame.end - max(frame.start, now))
      }
    }
  }

  /// How long a frame to one device takes: `ceil(bytes × 8 × 10⁹ / rate)`. Most frames are as long as the one before.
  @inlinable
  mutating func duration(bytes: UInt64) -> Nanoseconds {
    if bytes != last.bytes { last = (bytes, Self.division(bytes: bytes, by: bitsPerSecond)) }
    return last.duration
  }

  /// How long a frame to the group takes.
  @inlinable
  mutating func groupDuration(bytes: UInt64) -> Nanoseconds {
    if bytes != lastToGroup.bytes { lastToGroup = (bytes, Self.division(bytes: bytes, by: multicastBitsPerSecond)) }
    return lastToGroup.duration
  }

  @usableFromInline
  static func division(bytes: UInt64, by bitsPerSecond: UInt64) -> Nanoseconds {
    let (quotient, remainder) = bitsPerSecond.dividingFullWidth((bytes * 8).multipliedFullWidth(by: 1_000_000_000))
    return Nanoseconds(Int64(quotient) + (remainder > 0 ? 1 : 0))
  }

  /// Forgets frames that have left.
  @usableFromInline @inline(never)
  mutating func settle(at now: Nanoseconds) {
    var left = 0
    while left < underWay.count, underWay[left].lastEnd <= now { left += 1 }
    underWay.removeFirst(left)
    firstWaiting = max(0, firstWaiting - left)
    mostUnderWay = max(64, 2 * underWay.count)
  }

  /// How many frames wait at `now`, without the one being sent, at a port that is busy then.
  @usableFromInline
  mutating func countWaiting(at now: Nanoseconds) -> Int {
    if let last = underWay.last, last.count > 1 { takeApart() }
    while underWay[firstWaiting].end <= now { firstWaiting += 1 }
    return underWay.count - firstWaiting - (underWay[firstWaiting].start <= now ? 1 : 0)
  }
}
