import Timebase

/// A queue of events in the order of their keys: a heap of keys, beside a pool of the events themselves.
///
/// A value: a copy is another queue. Scheduling and removing cost O(log pending) and, once it has grown, allocate nothing.
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline var heap = KeyHeap()
  @usableFromInline var pool: ContiguousArray<Event> = []
  @usableFromInline var free: ContiguousArray<Int> = []
  @usableFromInline var lastSequence: UInt64 = 0

  /// An empty queue.
  public init() {}

  /// The number of events that are pending.
  @inlinable
  public var count: Int { heap.entries.count }

  /// The key of the next event; nil when none is pending. O(1).
  @inlinable
  public var first: EventKey? { heap.entries.first?.key }

  /// Whether some pending event satisfies `predicate`, which sees them in no particular order. O(pending).
  @inlinable
  public func contains(where predicate: (EventKey, Event) -> Bool) -> Bool {
    heap.entries.contains { predicate($0.key, pool[$0.slot]) }
  }

  /// Takes the next number in the order of scheduling, for events to be scheduled under a key of their own.
  @inlinable
  public mutating func takeSequence() -> UInt64 {
    lastSequence += 1
    return lastSequence
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
    heap.insert(KeyHeap.Entry(key: key, slot: slot))
  }

  /// Removes the next event; nil when none is pending.
  @inlinable
  public mutating func popFirst() -> (key: EventKey, event: Event)? {
    guard let top = heap.popFirst() else { return nil }
    free.append(top.slot)
    return (top.key, pool[top.slot])
  }
}
