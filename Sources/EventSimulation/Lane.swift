/// Events that were scheduled in the order of their keys, one behind the other: a ring.
///
/// What leaves an uplink that is served first come, first served, or takes the same time for everybody, comes in that order: then
/// neither scheduling nor removing compares an event with more than one other.
@usableFromInline
struct Lane<Event: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline
  struct Place: Sendable, BitwiseCopyable {
    @usableFromInline var entry: HeapEntry
    @usableFromInline var event: Event

    @inlinable
    init(entry: HeapEntry, event: Event) {
      self.entry = entry
      self.event = event
    }
  }

  /// A power of two of places, once there are some.
  @usableFromInline var places: ContiguousArray<Place> = []
  @usableFromInline var head = 0
  @usableFromInline var count = 0
  /// The first entry and the last one; ``HeapEntry/none`` if there is none.
  @usableFromInline var first = HeapEntry.none
  @usableFromInline var last = HeapEntry.none

  @inlinable
  init() {}

  /// Whether an event may stand behind all others.
  @inlinable
  func takes(_ entry: HeapEntry) -> Bool { count == 0 || last.bits < entry.bits }

  /// Puts an event that the lane takes behind all others.
  @inlinable @inline(__always)
  mutating func append(_ event: Event, as entry: HeapEntry) {
    if count == places.count { grow(with: Place(entry: entry, event: event)) }
    places[(head &+ count) & (places.count &- 1)] = Place(entry: entry, event: event)
    if count == 0 { first = entry }
    count &+= 1
    last = entry
  }

  /// Removes the first event; there must be one.
  @inlinable @inline(__always)
  mutating func popFirst() -> Event {
    let event = places[head].event
    head = (head &+ 1) & (places.count &- 1)
    count &-= 1
    first = count > 0 ? places[head].entry : .none
    return event
  }

  /// The events in their order.
  @inlinable var all: [Place] { (0..<count).map { places[(head &+ $0) & (places.count &- 1)] } }

  @inlinable
  mutating func grow(with filler: Place) {
    let size = max(16, places.count * 2)
    var grown = ContiguousArray<Place>()
    grown.reserveCapacity(size)
    grown.append(contentsOf: places[head...])
    grown.append(contentsOf: places[..<head])
    while grown.count < size { grown.append(filler) }
    (places, head) = (grown, 0)
  }
}
