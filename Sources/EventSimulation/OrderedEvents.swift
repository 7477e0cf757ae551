import Timebase

/// Events of one source that come in the order of their keys: first in, first out.
///
/// What leaves an uplink that is served first come, first served, or takes the same time for everybody, comes in that
/// order. To add or to remove an event costs O(1), and, once the ring has grown, allocates nothing. A source with events
/// of one kind needs less for each than an ``EventQueue``, which has events of all kinds.
public struct OrderedEvents<Event: Sendable>: Sendable {
  @usableFromInline
  struct KeyedEvent: Sendable {
    @usableFromInline var key: EventKey
    @usableFromInline var event: Event

    @inlinable
    init(key: EventKey, event: Event) {
      self.key = key
      self.event = event
    }
  }

  /// A ring: the first event is at `start`, those behind it follow, and behind the end of the array comes its beginning.
  /// Its size is a power of two.
  @usableFromInline var ring: ContiguousArray<KeyedEvent> = []
  @usableFromInline var start = 0
  @usableFromInline var pending = 0
  @usableFromInline var firstKey = EventKey.afterAll
  /// Of no meaning if there is none.
  @usableFromInline var last = EventKey.afterAll

  /// No event is pending.
  public init() {}

  /// Whether no event is pending.
  @inlinable public var isEmpty: Bool { pending == 0 }

  /// The key of the first event; ``EventKey/afterAll`` if there is none.
  @inlinable public var first: EventKey { firstKey }

  /// Whether an event with this key would stand behind all others.
  @inlinable @inline(__always)
  public func takes(_ key: EventKey) -> Bool { pending == 0 || last < key }

  /// Adds an event, which must stand behind all others.
  @inlinable @inline(__always)
  public mutating func append(_ event: Event, as key: EventKey) {
    assert(takes(key), "events come in the order of their keys")
    let keyed = KeyedEvent(key: key, event: event)
    if pending == ring.count { grow(filledWith: keyed) }
    ring[(start &+ pending) & (ring.count &- 1)] = keyed
    if pending == 0 { firstKey = key }
    pending += 1
    last = key
  }

  /// Removes the first event. There must be one.
  @inlinable @inline(__always)
  public mutating func removeFirst() -> Event {
    let event = ring[start].event
    start = (start &+ 1) & (ring.count &- 1)
    pending -= 1
    firstKey = pending == 0 ? .afterAll : ring[start].key
    return event
  }

  /// The first event; nil if there is none.
  @inlinable
  public var firstEvent: Event? { pending == 0 ? nil : ring[start].event }

  @inlinable @inline(never)
  mutating func grow(filledWith keyed: KeyedEvent) {
    var larger = ContiguousArray(repeating: keyed, count: max(16, 2 * ring.count))
    for offset in 0..<pending { larger[offset] = ring[(start &+ offset) & (ring.count &- 1)] }
    (ring, start) = (larger, 0)
  }
}
