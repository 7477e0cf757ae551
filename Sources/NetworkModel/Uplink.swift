import DequeModule
import PromotionEngine
import Timebase

/// The server's uplink: one packet at a time, first come, first served (N2).
///
/// Counts what has left it; what still waits or is being sent at an instant is not counted yet, so that a run that a
/// limit ends counts up to there.
struct Uplink: Sendable {
  /// A packet from its turn to its leaving.
  private struct Sending: Sendable, BitwiseCopyable {
    var start: Nanoseconds
    var end: Nanoseconds
    var bytes: UInt64
    var kind: Kind
  }

  /// What a packet counts as.
  enum Kind: Sendable, BitwiseCopyable {
    case multicastData(session: UInt32, isRepeated: Bool), unicastData, control
  }

  /// What has left the uplink.
  struct Totals: Hashable, Sendable {
    var multicastData: UInt64 = 0
    var unicastData: UInt64 = 0
    var bytes: UInt64 = 0
    var multicastDataBytes: UInt64 = 0
    var unicastDataBytes: UInt64 = 0
  }

  private let bitsPerSecond: UInt64
  private let queueLimit: Int?
  private var underWay: Deque<Sending> = []
  private var freeAt = Nanoseconds.zero
  private var busyScheduled = Nanoseconds.zero
  private var totals = Totals()
  /// Packets that found the queue full.
  private(set) var dropped: UInt64 = 0

  init(bitsPerSecond: UInt64, queueLimit: Int?) {
    self.bitsPerSecond = bitsPerSecond
    self.queueLimit = queueLimit
  }

  /// Offers a packet at `now`; gives when its last bit is sent, or nil when the queue is full.
  mutating func offer(bytes: UInt64, kind: Kind, at now: Nanoseconds) -> Nanoseconds? {
    settle(at: now)
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

  /// What has left the uplink by `now`, that instant included.
  mutating func totals(at now: Nanoseconds) -> Totals {
    settle(at: now)
    return totals
  }

  /// The multicast DATA that was offered by now and has not left yet.
  var multicastDataUnderWay: [(session: UInt32, isRepeated: Bool)] {
    underWay.compactMap {
      if case .multicastData(let session, let isRepeated) = $0.kind { (session, isRepeated) } else { nil }
    }
  }

  /// How long the uplink has been sending by `now`.
  func busy(until now: Nanoseconds) -> Nanoseconds {
    underWay.reduce(busyScheduled) { busy, sending in
      busy - max(.zero, sending.end - max(sending.start, now))
    }
  }

  /// `ceil(bytes × 8 × 10⁹ / rate)`.
  private func duration(bytes: UInt64) -> Nanoseconds {
    let (quotient, remainder) = bitsPerSecond.dividingFullWidth((bytes * 8).multipliedFullWidth(by: 1_000_000_000))
    return Nanoseconds(Int64(quotient) + (remainder > 0 ? 1 : 0))
  }

  private mutating func settle(at now: Nanoseconds) {
    while let sending = underWay.first, sending.end <= now {
      totals.bytes += sending.bytes
      switch sending.kind {
      case .multicastData:
        totals.multicastData += 1
        totals.multicastDataBytes += sending.bytes
      case .unicastData:
        totals.unicastData += 1
        totals.unicastDataBytes += sending.bytes
      case .control: break
      }
      underWay.removeFirst()
    }
  }

  /// The packets that wait, of those that have not left; the one being sent is not among them.
  private func waiting(at now: Nanoseconds) -> Int {
    underWay.count - (underWay.first.map { $0.start <= now } ?? false ? 1 : 0)
  }
}
