import Timebase

/// A queue of events in the order of their keys.
///
/// A value: a copy is another queue. Scheduling and removing cost O(log pending) and, once it has grown, allocate nothing. A source
/// whose events mostly come in the order of their keys takes a ``Lane``: an event in order costs O(1) there.
///
/// The queue refuses the past: to schedule an event before one that was removed is a mistake of the simulator, and traps.
public struct EventQueue<Event: Sendable>: Sendable {
  /// The right of one source to schedule events that mostly come in the order of their keys, from ``EventQueue/addLane()``.
  /// The order in which events are removed does not depend on it.
  public struct Lane: Sendable, BitwiseCopyable {
    @usableFromInline let index: Int

    @inlinable
    init(index: Int) { self.index = index }
  }

  /// Events in the order of their keys, each of which knows the next.
  ///
  /// What leaves an uplink that is served first come, first served, or takes the same time for everybody, comes in that order.
  @usableFromInline
  struct LaneEntries: Sendable, BitwiseCopyable {
    /// ``Entry/none`` if there is none.
    @usableFromInline var first = Entry.none
    /// Of no meaning if there is none.
    @usableFromInline var last = Entry.none

    @inlinable
    init() {}

    /// Whether an entry may stand behind all others.
    @inlinable
    func takes(_ entry: Entry) -> Bool { last.bits < entry.bits || first.isNone }
  }

  @usableFromInline
  struct Slot: Sendable {
    @usableFromInline var event: Event
    /// What stands behind it in its lane, or the next slot that is free; of no meaning in the tournament.
    @usableFromInline var next = Entry.none

    @inlinable
    init(event: Event) { self.event = event }
  }

  @usableFromInline var slots: ContiguousArray<Slot> = []
  /// The first slot that is free; none if all have events.
  @usableFromInline var free = Entry.none
  /// The slot of the event that was removed last, for the one that is scheduled next.
  @usableFromInline var openSlot: Int?
  @usableFromInline var tournament = Tournament()
  /// Whether the tournament still has the event that was removed last, from the open slot.
  @usableFromInline var isWinnerGone = false
  @usableFromInline var lanes = InlineArray<5, LaneEntries>(repeating: LaneEntries())
  @usableFromInline var lanesTaken = 0
  /// The first entry of all lanes.
  @usableFromInline var firstInLanes = Entry.none
  /// The lane that has it.
  @usableFromInline var firstLane = 0
  @usableFromInline var lastSequence: UInt64 = 0
  /// The entry that was removed last, with slot 0.
  @usableFromInline var past = Entry(bits: 0)

  /// An empty queue.
  public init() {}

  /// Gives a source a lane of its own. A queue has five.
  @inlinable
  public mutating func addLane() -> Lane {
    precondition(lanesTaken < lanes.count, "a queue has \(lanes.count) lanes")
    defer { lanesTaken += 1 }
    return Lane(index: lanesTaken)
  }

  /// The number of events that are pending. O(pending).
  @inlinable
  public var count: Int {
    var count = 0
    _ = contains { _, _ in
      count += 1
      return false
    }
    return count
  }

  /// The key of the next event; nil when none is pending.
  @inlinable
  public var first: EventKey? {
    @inline(__always)
    mutating get {
      let entry = firstEntry()
      return entry.isNone ? nil : entry.key
    }
  }

  /// The next event with its key; nil when none is pending. Nothing is removed.
  @inlinable
  public var next: (key: EventKey, event: Event)? {
    mutating get {
      let entry = firstEntry()
      return entry.isNone ? nil : (entry.key, slots[entry.slot].event)
    }
  }

  /// Whether all events come after an event with this key, which the queue does not have.
  @inlinable @inline(__always)
  public mutating func isBehind(_ key: EventKey) -> Bool {
    if isWinnerGone { forgetWinner() }
    let entry = Entry(key: key, slot: 0)
    return entry.bits < tournament.winner.bits && entry.bits < firstInLanes.bits
  }

  /// Events that stand elsewhere have happened up to this one. Nothing may be scheduled before it any more.
  @inlinable @inline(__always)
  public mutating func pass(_ key: EventKey) { past = Entry(key: key, slot: 0) }

  /// Mutating, for the tournament may still have what was removed last: one way to its root saves many when it is asked often.
  @inlinable @inline(__always)
  mutating func firstEntry() -> Entry {
    if isWinnerGone { forgetWinner() }
    return Entry.first(tournament.winner, firstInLanes)
  }

  /// Whether some pending event satisfies `predicate`, which sees them in no particular order. O(pending).
  @inlinable
  public func contains(where predicate: (EventKey, Event) -> Bool) -> Bool {
    let gone = isWinnerGone ? openSlot : nil
    if tournament.entries.contains(where: { $0.slot != gone && predicate($0.key, slots[$0.slot].event) }) {
      return true
    }
    for lane in lanes.indices {
      var entry = lanes[lane].first
      while !entry.isNone {
        if predicate(entry.key, slots[entry.slot].event) { return true }
        entry = slots[entry.slot].next
      }
    }
    return false
  }

  /// The sequence number that would be taken next.
  @inlinable
  public var nextSequence: UInt64 { lastSequence + 1 }

  /// Takes the next `count` sequence numbers, for events to be scheduled under keys of their own; gives the first of them.
  @inlinable
  public mutating func takeSequenceNumbers(_ count: UInt64 = 1) -> UInt64 {
    defer { lastSequence += count }
    return lastSequence + 1
  }

  /// Schedules an event after all that were scheduled for the same instant before.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, at time: Nanoseconds) {
    schedule(event, as: EventKey(time: time, sequence: takeSequenceNumbers()))
  }

  /// Schedules an event under a key that the caller made of a sequence number that it took.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, as key: EventKey) {
    let slot = takeSlot(for: event)
    slots[slot].event = event
    isWinnerGone = false
    while slot >= tournament.slots { tournament.grow() }
    let entry = Entry(key: key, slot: slot)
    refuse(pastEntry: entry)
    tournament.set(slot, to: entry)
  }

  /// Schedules an event after all that were scheduled for the same instant before: in a lane, if it is the last of that.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, at time: Nanoseconds, in lane: Lane) {
    schedule(event, as: EventKey(time: time, sequence: takeSequenceNumbers()), in: lane)
  }

  /// Schedules an event under a key that the caller made of a sequence number that it took: in a lane, if it is the last of that.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, as key: EventKey, in lane: Lane) {
    let lane = lane.index
    guard lanes[lane].takes(Entry(key: key, slot: 0)) else { return scheduleOutOfLane(event, as: key) }
    if isWinnerGone { forgetWinner() }
    let entry = Entry(key: key, slot: takeSlot(for: event))
    refuse(pastEntry: entry)
    let isFirst = lanes[lane].first.isNone
    let before = isFirst ? entry : lanes[lane].last
    slots.withUnsafeMutableBufferPointer { slots in
      slots[before.slot].next = entry
      slots[entry.slot] = Slot(event: event)
    }
    lanes[lane].last = entry
    if isFirst {
      lanes[lane].first = entry
      compareFirst(with: lane)
    }
  }

  @inlinable @inline(__always)
  func refuse(pastEntry entry: Entry) {
    if entry.bits < past.bits { preconditionFailure("an event is scheduled before one that has happened") }
  }

  @inlinable @inline(never)
  mutating func scheduleOutOfLane(_ event: Event, as key: EventKey) { schedule(event, as: key) }

  /// A slot for an event to be put there.
  @inlinable @inline(__always)
  mutating func takeSlot(for event: Event) -> Int {
    if let slot = openSlot {
      openSlot = nil
      return slot
    }
    return free.isNone ? appendSlot(for: event) : takeFreeSlot()
  }

  @inlinable
  mutating func takeFreeSlot() -> Int {
    let slot = free.slot
    free = slots[slot].next
    return slot
  }

  @inlinable @inline(never)
  mutating func appendSlot(for event: Event) -> Int {
    slots.append(Slot(event: event))
    return slots.count - 1
  }

  /// Removes the next event; nil when none is pending.
  @inlinable @inline(__always)
  public mutating func popFirst() -> (key: EventKey, event: Event)? {
    if isWinnerGone { forgetWinner() }
    if openSlot != nil { giveUpOpenSlot() }
    var entry = tournament.winner
    if firstInLanes.bits < entry.bits {
      entry = firstInLanes
      removeFirstOfLanes()
    } else if entry.isNone {
      return nil
    } else {
      isWinnerGone = true
    }
    openSlot = entry.slot
    past = entry.withoutSlot
    return (entry.key, slots[entry.slot].event)
  }

  /// Nothing was scheduled since the last event was removed: its slot is not kept open any longer.
  @inlinable @inline(never)
  mutating func giveUpOpenSlot() {
    guard let slot = openSlot else { return }
    slots[slot].next = free
    free = Entry(bits: UInt128(truncatingIfNeeded: slot))
    openSlot = nil
  }

  /// Takes the event that was removed last from the tournament.
  @inlinable @inline(never)
  mutating func forgetWinner() {
    guard let slot = openSlot else { return }
    tournament.set(slot, to: .none)
    isWinnerGone = false
  }

  @inlinable @inline(__always)
  mutating func removeFirstOfLanes() {
    lanes[firstLane].first = slots[firstInLanes.slot].next
    firstInLanes = lanes[0].first
    firstLane = 0
    compareFirst(with: 1)
    compareFirst(with: 2)
    compareFirst(with: 3)
    compareFirst(with: 4)
  }

  /// Another lane's first entry may come before those that were compared.
  @inlinable @inline(__always)
  mutating func compareFirst(with lane: Int) {
    let isBefore = Entry.mask(where: lanes[lane].first, comesBefore: firstInLanes)
    firstInLanes = Entry.first(firstInLanes, lanes[lane].first)
    firstLane ^= (firstLane ^ lane) & Int(truncatingIfNeeded: isBefore)
  }
}
