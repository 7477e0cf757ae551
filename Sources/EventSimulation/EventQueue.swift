import Timebase

/// When an event happens among all others: by time, then by the order of scheduling, then by `rank`.
///
/// No two events of a queue compare equal. `rank` orders what was scheduled as one: a packet that fans out reaches
/// devices in the order of their numbers (N, "events at one instant").
public struct EventKey: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// The instant.
  public var time: Nanoseconds
  @usableFromInline var order: UInt64

  /// The bits of ``order`` that hold the rank.
  @usableFromInline static let rankBits: UInt64 = 24

  /// The largest rank: 16 777 215.
  public static let largestRank = UInt32((1 << 24) - 1)

  /// The key of what was scheduled as number `sequence` of its queue.
  @inlinable
  public init(time: Nanoseconds, sequence: UInt64, rank: UInt32 = 0) {
    self.time = time
    order = sequence << EventKey.rankBits | UInt64(rank)
  }

  /// Earlier, or scheduled earlier, or of a smaller rank.
  @inlinable
  public static func < (left: EventKey, right: EventKey) -> Bool {
    left.time == right.time ? left.order < right.order : left.time < right.time
  }

  /// After everything at `time`.
  @inlinable
  public static func after(_ time: Nanoseconds) -> EventKey {
    var key = EventKey(time: time, sequence: 0)
    key.order = .max
    return key
  }
}

/// A queue of events in the order of their keys: a 4-ary heap of keys, beside a pool of the events themselves.
///
/// A value: a copy is another queue. Scheduling and removing cost O(log pending) and, once it has grown, allocate nothing.
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline
  struct Entry: Sendable, BitwiseCopyable {
    @usableFromInline var key: EventKey
    @usableFromInline var slot: Int

    @usableFromInline
    init(key: EventKey, slot: Int) {
      self.key = key
      self.slot = slot
    }
  }

  @usableFromInline var heap: ContiguousArray<Entry> = []
  @usableFromInline var pool: ContiguousArray<Event> = []
  @usableFromInline var free: ContiguousArray<Int> = []
  @usableFromInline var nextSequence: UInt64 = 0

  /// An empty queue.
  public init() {}

  /// The number of events that are pending.
  @inlinable
  public var count: Int { heap.count }

  /// The key of the next event; nil when none is pending. O(1).
  @inlinable
  public var first: EventKey? { heap.first?.key }

  /// Takes the next number in the order of scheduling, for events to be scheduled under a key of their own.
  @inlinable
  public mutating func takeSequence() -> UInt64 {
    nextSequence += 1
    return nextSequence
  }

  /// Schedules an event after all that were scheduled for the same instant before.
  @inlinable
  public mutating func schedule(_ event: Event, at time: Nanoseconds) {
    schedule(event, as: EventKey(time: time, sequence: takeSequence()))
  }

  /// Schedules an event under a key that the caller made of a sequence number that it took.
  @inlinable
  public mutating func schedule(_ event: Event, as key: EventKey) {
    let slot: Int
    if let reused = free.popLast() {
      slot = reused
      pool[slot] = event
    } else {
      slot = pool.count
      pool.append(event)
    }
    heap.append(Entry(key: key, slot: slot))
    heap.withUnsafeMutableBufferPointer { Self.siftUp(in: $0, from: $0.count - 1) }
  }

  /// Removes the next event; nil when none is pending.
  @inlinable
  public mutating func popFirst() -> (key: EventKey, event: Event)? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap.withUnsafeMutableBufferPointer { Self.siftDown(last, in: $0) }
    }
    free.append(top.slot)
    return (top.key, pool[top.slot])
  }

  @usableFromInline
  static func siftUp(in heap: UnsafeMutableBufferPointer<Entry>, from start: Int) {
    let entry = heap[start]
    var index = start
    while index > 0 {
      let parent = (index - 1) >> 2
      guard entry.key < heap[parent].key else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = entry
  }

  /// Puts `entry` where the first one was: the hole sinks to a leaf along the smallest children, and the entry rises
  /// from there, which it seldom does far.
  @usableFromInline
  static func siftDown(_ entry: Entry, in heap: UnsafeMutableBufferPointer<Entry>) {
    let count = heap.count
    var index = 0
    while true {
      let first = index * 4 + 1
      guard first < count else { break }
      var smallest = first
      let end = min(first + 4, count)
      var child = first + 1
      while child < end {
        smallest = heap[child].key < heap[smallest].key ? child : smallest
        child += 1
      }
      heap[index] = heap[smallest]
      index = smallest
    }
    heap[index] = entry
    siftUp(in: heap, from: index)
  }
}
