import Timebase

/// A queue of events in the order of their keys: a heap of keys, beside a pool of the events themselves.
///
/// A value: a copy is another queue. Scheduling and removing cost O(log pending) and, once it has grown, allocate nothing.
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline var heap = EntryHeap()
  @usableFromInline var pool: ContiguousArray<Event> = []
  @usableFromInline var free: ContiguousArray<Int> = []
  @usableFromInline var lastPlace: UInt64 = 0
  /// The slot of the event that was taken last, while the heap's first place is open.
  @usableFromInline var openSlot = 0

  /// An empty queue.
  public init() {}

  /// The number of events that are pending.
  @inlinable
  public var count: Int { heap.count }

  /// The key of the next event; nil when none is pending. O(1).
  @inlinable
  public var first: EventKey? { heap.count > 0 ? heap.first.key : nil }

  /// Whether some pending event satisfies `predicate`, which sees them in no particular order. O(pending).
  @inlinable
  public func contains(where predicate: (EventKey, Event) -> Bool) -> Bool {
    heap.entries.contains { predicate($0.key, pool[$0.slot]) }
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
  @inlinable
  public mutating func schedule(_ event: Event, at time: Nanoseconds) {
    schedule(event, as: EventKey(time: time, place: takePlaces()))
  }

  /// Schedules an event under a key that the caller made of a place that it took.
  @inlinable
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
  @inlinable
  public mutating func popFirst() -> (key: EventKey, event: Event)? {
    if heap.isOpen { free.append(openSlot) }
    guard let top = heap.popFirst() else { return nil }
    openSlot = top.slot
    return (top.key, pool[openSlot])
  }
}
