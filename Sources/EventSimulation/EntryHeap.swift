import Timebase

/// What the heap orders: an event's key with the slot of its event, in one number that one comparison without a branch orders.
///
/// From the top: 60 bits of time (36 years in nanoseconds), 42 of the place, 26 of the slot. Places differ, so the slots never
/// decide.
@usableFromInline
struct HeapEntry: Sendable, BitwiseCopyable {
  @inlinable static var latest: Nanoseconds { Nanoseconds((1 << 60) - 1) }
  @inlinable static var lastPlace: UInt64 { (1 << 42) - 1 }
  @inlinable static var slots: Int { 1 << 26 }

  @usableFromInline let bits: UInt128

  /// An entry that stands behind all others.
  @usableFromInline static var none: HeapEntry { HeapEntry(bits: .max) }

  @inlinable
  init(bits: UInt128) { self.bits = bits }

  /// Later times than ``latest`` count as that: no run goes on so long.
  @inlinable @inline(__always)
  init(key: EventKey, slot: Int) {
    guard key.time >= .zero, key.place <= Self.lastPlace, slot < Self.slots else {
      preconditionFailure("a time below 0, or more events than there are places for")
    }
    let time = UInt128(truncatingIfNeeded: min(key.time, Self.latest).count)
    bits = time << 68 | UInt128(truncatingIfNeeded: key.place << 26 | UInt64(truncatingIfNeeded: slot))
  }

  @inlinable var key: EventKey {
    EventKey(
      time: Nanoseconds(Int64(truncatingIfNeeded: bits >> 68)),
      place: UInt64(truncatingIfNeeded: bits >> 26) & Self.lastPlace)
  }
  @inlinable var slot: Int { Int(truncatingIfNeeded: bits) & (Self.slots - 1) }
}

/// A heap of entries, the smallest first: four children to a node, so that a node's children share a cache line.
///
/// The first place is left open when its entry is taken, for what is scheduled next mostly fills it: one walk instead of two.
@usableFromInline
struct EntryHeap: Sendable {
  /// The entries, and behind them some that are ``HeapEntry/none``, so that every node has four children to compare.
  @usableFromInline var storage = ContiguousArray(repeating: HeapEntry.none, count: 8)
  /// The places that are taken, an open first one among them.
  @usableFromInline var end = 0
  @usableFromInline var isOpen = false

  @inlinable
  init() {}

  @inlinable var count: Int { isOpen ? end - 1 : end }

  /// The first entry; ``HeapEntry/none`` if there is none. O(1).
  @inlinable var first: HeapEntry {
    guard isOpen else { return storage[0] }
    return storage.withUnsafeBufferPointer { $0[Self.smallestChild(of: 1, in: $0.baseAddress.unsafelyUnwrapped)] }
  }

  /// The entries in no particular order.
  @inlinable var entries: ArraySlice<HeapEntry> { ArraySlice(storage[(isOpen ? 1 : 0)..<end]) }

  /// Adds an entry. O(log count).
  @inlinable @inline(__always)
  mutating func insert(_ entry: HeapEntry) {
    if isOpen {
      isOpen = false
      fillFirst(with: entry)
    } else {
      if end + 4 >= storage.count { grow() }
      storage.withUnsafeMutableBufferPointer { Self.rise(entry, in: $0.baseAddress.unsafelyUnwrapped, from: end) }
      end += 1
    }
  }

  /// Removes the first entry. O(log count), and O(1) when an entry is inserted after it.
  @inlinable
  mutating func popFirst() -> HeapEntry? {
    if isOpen { close() }
    guard end > 0 else { return nil }
    isOpen = true
    return storage[0]
  }

  /// Fills an open first place with the last entry.
  @inlinable
  mutating func close() {
    isOpen = false
    end -= 1
    let last = storage[end]
    storage[end] = .none
    if end > 0 { fillFirst(with: last) }
  }

  @usableFromInline
  mutating func grow() {
    storage.append(contentsOf: repeatElement(.none, count: storage.count))
  }

  /// The hole at the first place sinks along the smallest children to where `entry` belongs.
  @inlinable @inline(__always)
  mutating func fillFirst(with entry: HeapEntry) {
    storage.withUnsafeMutableBufferPointer { buffer in
      let entries = buffer.baseAddress.unsafelyUnwrapped
      var hole = 0
      var first = 1
      while first < end {
        let smallest = Self.smallestChild(of: first, in: entries)
        guard entries[smallest].bits < entry.bits else { break }
        entries[hole] = entries[smallest]
        hole = smallest
        first = hole &* 4 &+ 1
      }
      entries[hole] = entry
    }
  }

  /// The index of the smallest of the four entries from `first` on.
  @inlinable @inline(__always)
  static func smallestChild(of first: Int, in entries: UnsafePointer<HeapEntry>) -> Int {
    let left = first &+ (entries[first &+ 1].bits < entries[first].bits ? 1 : 0)
    let right = first &+ (entries[first &+ 3].bits < entries[first &+ 2].bits ? 3 : 2)
    return left &+ ((right &- left) & (entries[right].bits < entries[left].bits ? -1 : 0))
  }

  @inlinable @inline(__always)
  static func rise(_ entry: HeapEntry, in entries: UnsafeMutablePointer<HeapEntry>, from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index &- 1) >> 2
      guard entry.bits < entries[parent].bits else { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }
}
