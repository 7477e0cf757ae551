import Timebase

/// A queue of events in the order of their keys: a heap of keys, beside a pool of the events themselves, and lanes.
///
/// A value: a copy is another queue. Scheduling and removing cost O(log pending) and, once it has grown, allocate nothing. Who
/// schedules in the order of time, or mostly does, can name a ``LaneName``: what comes in order costs O(1) there.
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
  /// A source of events that mostly come in the order of their keys. The order in which events are removed does not depend on it.
  public enum LaneName: Sendable, BitwiseCopyable {
    case first, second, third
  }

  @usableFromInline var heap = EntryHeap()
  @usableFromInline var pool: ContiguousArray<Event> = []
  @usableFromInline var free: ContiguousArray<Int> = []
  @usableFromInline var lastPlace: UInt64 = 0
  /// The slot of the event that was taken last, while the heap's first place is open.
  @usableFromInline var openSlot = 0
  @usableFromInline var lanes = (first: Lane<Event>(), second: Lane<Event>(), third: Lane<Event>())
  /// The first entry of all lanes, and whose it is.
  @usableFromInline var nextInLane = HeapEntry.none
  @usableFromInline var nextLane = LaneName.first

  /// An empty queue.
  public init() {}

  /// The number of events that are pending.
  @inlinable
  public var count: Int { heap.count + lanes.first.count + lanes.second.count + lanes.third.count }

  /// The key of the next event; nil when none is pending. O(1).
  @inlinable
  public var first: EventKey? {
    let entry = HeapEntry(bits: min(heap.first.bits, nextInLane.bits))
    return entry.bits == HeapEntry.none.bits ? nil : entry.key
  }

  /// Whether some pending event satisfies `predicate`, which sees them in no particular order. O(pending).
  @inlinable
  public func contains(where predicate: (EventKey, Event) -> Bool) -> Bool {
    heap.entries.contains { predicate($0.key, pool[$0.slot]) }
      || [lanes.first, lanes.second, lanes.third].contains { $0.all.contains { predicate($0.entry.key, $0.event) } }
  }

  /// The place that would be taken next.
  @inlinable
  public var nextPlace: UInt64 { lastPlace + 1 }

  /// Takes the next `count` places in the order of scheduling, for events to be scheduled under keys of their own; gives the
  /// first of them.
  @inlinable
  public mutating func takePlaces(_ count: UInt64 = 1) -> UInt64 {
    defer { lastPlace += count }
    return lastPlace + 1
  }

  /// Schedules an event after all that were scheduled for the same instant before.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, at time: Nanoseconds) {
    schedule(event, as: EventKey(time: time, place: takePlaces()))
  }

  /// Schedules an event after all that were scheduled for the same instant before: in a lane, if it is the last of that.
  @inlinable
  public mutating func schedule(_ event: Event, at time: Nanoseconds, in lane: LaneName) {
    let key = EventKey(time: time, place: takePlaces())
    let entry = HeapEntry(key: key, slot: 0)
    let isTaken =
      switch lane {
      case .first: Self.append(event, as: entry, to: &lanes.first)
      case .second: Self.append(event, as: entry, to: &lanes.second)
      case .third: Self.append(event, as: entry, to: &lanes.third)
      }
    if !isTaken { return schedule(event, as: key) }
    if entry.bits < nextInLane.bits { (nextInLane, nextLane) = (entry, lane) }
  }

  @inlinable @inline(__always)
  static func append(_ event: Event, as entry: HeapEntry, to lane: inout Lane<Event>) -> Bool {
    guard lane.takes(entry) else { return false }
    lane.append(event, as: entry)
    return true
  }

  /// Schedules an event under a key that the caller made of a place that it took.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, as key: EventKey) {
    let slot: Int
    if heap.isOpen {
      slot = openSlot
      pool[slot] = event
    } else if let reused = free.popLast() {
      slot = reused
      pool[slot] = event
    } else {
      slot = pool.count
      pool.append(event)
    }
    heap.insert(HeapEntry(key: key, slot: slot))
  }

  /// Removes the next event; nil when none is pending.
  @inlinable @inline(__always)
  public mutating func popFirst() -> (key: EventKey, event: Event)? {
    if heap.isOpen { giveUpOpenSlot() }
    if nextInLane.bits < heap.storage[0].bits { return popFirstOfLane() }
    guard let top = heap.popFirst() else { return nil }
    openSlot = top.slot
    return (top.key, pool[openSlot])
  }

  /// Nothing was scheduled since the last event was taken: the heap's first place is not kept open for it any longer.
  @inlinable @inline(never)
  mutating func giveUpOpenSlot() {
    free.append(openSlot)
    heap.close()
  }

  @inlinable @inline(never)
  mutating func popFirstOfLane() -> (key: EventKey, event: Event) {
    let key = nextInLane.key
    let event =
      switch nextLane {
      case .first: lanes.first.popFirst()
      case .second: lanes.second.popFirst()
      case .third: lanes.third.popFirst()
      }
    (nextInLane, nextLane) = (lanes.first.first, .first)
    if lanes.second.first.bits < nextInLane.bits { (nextInLane, nextLane) = (lanes.second.first, .second) }
    if lanes.third.first.bits < nextInLane.bits { (nextInLane, nextLane) = (lanes.third.first, .third) }
    return (key, event)
  }
}
