import Timebase

/// Frames of one length, each of them a packet, that come to a port or leave it at even distances.
@usableFromInline
struct Train: Hashable, Sendable, BitwiseCopyable {
  /// When the first one comes, or has left.
  @usableFromInline var first: Nanoseconds
  /// The time from one to the next.
  @usableFromInline var spacing: Nanoseconds
  @usableFromInline var count: Int

  @inlinable
  init(first: Nanoseconds, spacing: Nanoseconds, count: Int) {
    self.first = first
    self.spacing = spacing
    self.count = count
  }

  /// When the last one comes, or has left.
  @inlinable var last: Nanoseconds { time(of: count - 1) }

  /// When one of them comes, or has left, counted from 0.
  @inlinable
  func time(of frame: Int) -> Nanoseconds { first + spacing * frame }

  /// How many of them have come, or have left, by `time`, that instant included.
  @usableFromInline
  func count(by time: Nanoseconds) -> Int {
    guard first <= time else { return 0 }
    return spacing > .zero ? min(count, Int((time - first).count / spacing.count) + 1) : count
  }
}

// A train of frames passes a port in one step.
//
// Frame `i` of a train that finds a port idle comes at `a + i p` and takes `s`. By Lindley's recursion it has left at
// `a + s + i m`, where `m` is the larger one of `p` and `s`: either it finds the port idle, or all before it leave back to
// back. So a train remains one. If `s > p`, of the `i` frames before it those wait that begin after `a + i p`: all but
// the first `⌊i p / m⌋ + 1`. With room for `q` it is dropped if these are `q` or more, so the first that may be is number
// `⌊q m / (m - p)⌋ + 1`.
//
// A port that is busy when the train comes sends it back to back, if the train comes as fast as that. If all of it comes
// at one instant, each frame finds one more that waits. If it does not, who waits is not said then.
extension Port {
  /// How the first frames of a train leave the port, as many as surely pass evenly.
  @usableFromInline
  mutating func passage(of train: Train, bytes: UInt64, kind: Kind) -> Train {
    let service = hasGroupRate && kind.isToGroup ? groupDuration(bytes: bytes) : duration(bytes: bytes)
    let begin = max(train.first, freeAt)
    var passage = Train(first: begin + service, spacing: max(train.spacing, service), count: train.count)
    if begin > train.first {
      if train.spacing > service || looksAtQueue && train.spacing > .zero {
        passage.count = 0
      } else if let queueLimit {
        passage.count = min(passage.count, max(0, queueLimit - countWaiting(at: train.first)))
      }
    } else if let queueLimit, queueLimit < train.count - 1, train.spacing < service {
      let first = queueLimit * Int(service.count) / Int((service - train.spacing).count) + 1
      passage.count = min(passage.count, first)
    }
    return passage
  }

  /// Sends the frames of a train that leave the port so.
  @usableFromInline
  mutating func take(_ train: Train, leavingAs passage: Train, bytes: UInt64, kind: Kind, present: Nanoseconds) {
    if underWay.count >= mostUnderWay { settle(at: present) }
    let begin = max(train.first, freeAt)
    let service = passage.first - begin
    if looksAtQueue, begin > train.first {
      mostWaiting = max(mostWaiting, countWaiting(at: train.first) + passage.count)
    } else {
      firstWaiting = underWay.count
      if looksAtQueue, train.spacing < service {
        let last = passage.count - 1
        let begun = last * Int(train.spacing.count) / Int(service.count)
        mostWaiting = max(mostWaiting, last - begun)
      }
    }
    underWay.append(
      Sending(
        start: begin, end: passage.first, bytes: bytes, kind: kind, endsPacket: true, count: passage.count,
        spacing: passage.spacing))
    taken.add(passage.count, bytes: bytes, kind: kind, endsPacket: true)
    freeAt = passage.last
    busyScheduled = busyScheduled + service * passage.count
  }

  /// The frames of the last train stand one by one again, for another one asks who of them waits.
  @usableFromInline @inline(never)
  mutating func takeApart() {
    guard let train = underWay.popLast() else { return }
    for frame in 0..<train.count { underWay.append(train.frame(frame)) }
  }
}
