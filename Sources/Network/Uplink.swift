import DequeModule
import Timebase

/// The server's uplink: one packet at a time, first come, first served (N2).
///
/// It counts what has left. What still waits, or is being sent, at an instant does not count yet. So a run that a limit
/// ends counts up to that instant.
public struct Uplink: Sendable {
  /// A packet from its turn to its departure.
  @usableFromInline
  struct Sending: Sendable, BitwiseCopyable {
    @usableFromInline var start: Nanoseconds
    @usableFromInline var end: Nanoseconds
    @usableFromInline var bytes: UInt64
    @usableFromInline var kind: Kind

    @inlinable
    init(start: Nanoseconds, end: Nanoseconds, bytes: UInt64, kind: Kind) {
      self.start = start
      self.end = end
      self.bytes = bytes
      self.kind = kind
    }
  }

  /// The kind of a packet.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// DATA to the group; `isRepeated` if its block went there before in the same pass.
    case multicastData(pass: UInt32, isRepeated: Bool)
    /// DATA to one device.
    case unicastData
    /// Any other packet.
    case control
  }

  /// The bytes that have left the uplink.
  public struct Totals: Hashable, Sendable {
    /// DATA to the group, in packets.
    public var multicastData: UInt64 = 0
    /// DATA to single devices, in packets.
    public var unicastData: UInt64 = 0
    /// All bytes on the wire (N1).
    public var bytes: UInt64 = 0
    /// Those of DATA to the group.
    public var multicastDataBytes: UInt64 = 0
    /// Those of DATA to single devices.
    public var unicastDataBytes: UInt64 = 0

    mutating func add(bytes: UInt64, kind: Kind) {
      self.bytes += bytes
      switch kind {
      case .multicastData:
        multicastData += 1
        multicastDataBytes += bytes
      case .unicastData:
        unicastData += 1
        unicastDataBytes += bytes
      case .control: break
      }
    }
  }

  @usableFromInline let bitsPerSecond: UInt64
  @usableFromInline let queueLimit: Int?
  /// Packets from their turns on, with some that have left.
  @usableFromInline var underWay: Deque<Sending> = []
  /// When there are this many, packets that have left are removed. That is twice what remained the last time, so it
  /// costs O(1) a packet.
  @usableFromInline var mostUnderWay = 64
  @usableFromInline var freeAt = Nanoseconds.zero
  @usableFromInline var busyScheduled = Nanoseconds.zero
  @usableFromInline var totals = Totals()
  @usableFromInline var last: (bytes: UInt64, duration: Nanoseconds) = (0, .zero)
  /// Packets that found the queue full.
  @usableFromInline var dropped: UInt64 = 0

  @usableFromInline
  init(bitsPerSecond: UInt64, queueLimit: Int?) {
    self.bitsPerSecond = bitsPerSecond
    self.queueLimit = queueLimit
  }

  /// Offers a packet at `now`. Returns when its last bit is sent; nil if the queue is full.
  @inlinable @inline(__always)
  mutating func offer(bytes: UInt64, kind: Kind, at now: Nanoseconds) -> Nanoseconds? {
    if queueLimit != nil || underWay.count >= mostUnderWay { settle(at: now) }
    if let queueLimit, waiting(at: now) >= queueLimit {
      dropped += 1
      return nil
    }
    let start = max(now, freeAt)
    let end = start + duration(bytes: bytes)
    freeAt = end
    busyScheduled = busyScheduled + (end - start)
    underWay.append(Sending(start: start, end: end, bytes: bytes, kind: kind))
    return end
  }

  /// Whether the uplink is idle at `now` and takes this many packets at once.
  @usableFromInline
  func takes(_ packets: Int, at now: Nanoseconds) -> Bool {
    freeAt <= now && packets - 2 < queueLimit ?? .max
  }

  /// Sends `packets` packets of multicast DATA at once, `rounds` times, the first of them at `start`, and is idle in
  /// between. All have left when the next packet is offered.
  @usableFromInline
  mutating func skip(
    _ rounds: Int, of packets: Int, bytes: UInt64, from start: Nanoseconds, every period: Nanoseconds
  ) {
    settle(at: start)
    totals.bytes += bytes * UInt64(rounds * packets)
    totals.multicastDataBytes += bytes * UInt64(rounds * packets)
    totals.multicastData += UInt64(rounds * packets)
    busyScheduled = busyScheduled + duration(bytes: bytes) * (rounds * packets)
    freeAt = start + period * (rounds - 1) + duration(bytes: bytes) * packets
  }

  /// The bytes that have left the uplink by `now`, that instant included.
  public mutating func totals(at now: Nanoseconds) -> Totals {
    settle(at: now)
    return totals
  }

  /// All that the uplink has taken, whether it has left or not.
  @usableFromInline
  var taken: Totals { underWay.reduce(into: totals) { $0.add(bytes: $1.bytes, kind: $1.kind) } }

  /// The packets that were offered by now and have not left yet, by kind.
  @usableFromInline
  var kindsUnderWay: [Kind] { underWay.map(\.kind) }

  /// How long the uplink has been sending by `now`.
  public func busy(until now: Nanoseconds) -> Nanoseconds {
    underWay.reduce(busyScheduled) { busy, sending in
      busy - max(.zero, sending.end - max(sending.start, now))
    }
  }

  /// `ceil(bytes × 8 × 10⁹ / rate)`; most packets are as long as the one before.
  @inlinable
  mutating func duration(bytes: UInt64) -> Nanoseconds {
    if bytes != last.bytes { last = (bytes, division(bytes: bytes)) }
    return last.duration
  }

  @usableFromInline
  func division(bytes: UInt64) -> Nanoseconds {
    let (quotient, remainder) = bitsPerSecond.dividingFullWidth((bytes * 8).multipliedFullWidth(by: 1_000_000_000))
    return Nanoseconds(Int64(quotient) + (remainder > 0 ? 1 : 0))
  }

  /// Counts packets that have left, and removes them.
  @usableFromInline @inline(never)
  mutating func settle(at now: Nanoseconds) {
    var left = 0
    while left < underWay.count, underWay[left].end <= now {
      totals.add(bytes: underWay[left].bytes, kind: underWay[left].kind)
      left += 1
    }
    underWay.removeFirst(left)
    mostUnderWay = max(64, 2 * underWay.count)
  }

  /// How many packets wait, of those that have not left, without the one being sent.
  @usableFromInline
  func waiting(at now: Nanoseconds) -> Int {
    underWay.count - (underWay.first.map { $0.start <= now } ?? false ? 1 : 0)
  }
}
