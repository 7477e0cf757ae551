import HeapModule
import Timebase

/// When what is due, for many things whose deadlines mostly move away.
///
/// Each thing has one entry that counts. If its deadline moves away the entry stays where it is, and is put off when its
/// time comes; so a packet costs no change of the queue.
struct Agenda<Item: Hashable & Sendable>: Sendable {
  private struct Entry: Comparable, Sendable {
    let at: Nanoseconds
    /// Breaks ties, so that what is due at one instant is done in the order of its noting.
    let number: UInt64
    let item: Item

    static func < (left: Entry, right: Entry) -> Bool { (left.at, left.number) < (right.at, right.number) }
    static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }
  }

  private var heap = Heap<Entry>()
  /// The number of each item's entry that counts, and its time.
  private var current: [Item: (number: UInt64, at: Nanoseconds)] = [:]
  private var lastNumber: UInt64 = 0

  /// When something may be due; never too late, perhaps too early.
  var next: Nanoseconds { heap.min?.at ?? .never }

  /// An item is due at an instant, or never.
  mutating func note(_ item: Item, at deadline: Nanoseconds) {
    guard deadline < .never else { return }
    if let noted = current[item], noted.at <= deadline { return }
    lastNumber += 1
    current[item] = (lastNumber, deadline)
    heap.insert(Entry(at: deadline, number: lastNumber, item: item))
  }

  /// The next item whose entry's time has come. Its own deadline may be later: then note it again.
  mutating func takeDue(at now: Nanoseconds) -> Item? {
    while let first = heap.min, first.at <= now {
      heap.removeMin()
      guard current[first.item]?.number == first.number else { continue }
      current[first.item] = nil
      return first.item
    }
    return nil
  }

  /// The item is no more.
  mutating func forget(_ item: Item) {
    current[item] = nil
    while let first = heap.min, current[first.item]?.number != first.number { heap.removeMin() }
  }
}
