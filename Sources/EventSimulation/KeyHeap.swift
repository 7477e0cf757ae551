/// A heap of keys with the slots of their events: four children to a node, so that a node's children share a cache line
/// or two, and the smallest first.
@usableFromInline
struct KeyHeap: Sendable {
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

  @usableFromInline private(set) var entries: ContiguousArray<Entry> = []

  @usableFromInline
  init() {}

  /// Adds an entry. O(log count).
  @usableFromInline
  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    entries.withUnsafeMutableBufferPointer { Self.rise(entry, in: $0, from: $0.count - 1) }
  }

  /// Removes the first entry. O(log count).
  @usableFromInline
  mutating func popFirst() -> Entry? {
    guard let top = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      entries.withUnsafeMutableBufferPointer { Self.fill(in: $0, with: last) }
    }
    return top
  }

  @inline(__always)
  private static func rise(_ entry: Entry, in entries: UnsafeMutableBufferPointer<Entry>, from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) >> 2
      guard entry.key < entries[parent].key else { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  /// Fills the first place: the hole sinks to a leaf along the smallest children, and `entry` rises from there, which it
  /// seldom does far.
  private static func fill(in entries: UnsafeMutableBufferPointer<Entry>, with entry: Entry) {
    let count = entries.count
    var index = 0
    while true {
      let first = index * 4 + 1
      guard first < count else { break }
      var smallest = first
      if first + 4 <= count {
        let left = entries[first + 1].key < entries[first].key ? first + 1 : first
        let right = entries[first + 3].key < entries[first + 2].key ? first + 3 : first + 2
        smallest = entries[right].key < entries[left].key ? right : left
      } else {
        for child in first + 1..<count where entries[child].key < entries[smallest].key { smallest = child }
      }
      entries[index] = entries[smallest]
      index = smallest
    }
    rise(entry, in: entries, from: index)
  }
}
