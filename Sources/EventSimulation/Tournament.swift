/// The entries of all slots as a tournament: a binary tree, each node of which holds the first of its two children's entries
/// (D. E. Knuth, "The Art of Computer Programming" vol. 3, section 5.2.3).
///
/// When a slot gets another entry, the matches on its way to the root are played again. Their number and where they take place
/// do not depend on the entries, so that no step waits for the comparison before it to be made before it loads: a heap's does.
@usableFromInline
struct Tournament: Sendable {
  /// The root is node 1, the children of node i are 2i and 2i + 1; the slots are the last half. The root's entry is ``winner``.
  @usableFromInline var nodes = ContiguousArray(repeating: Entry.none, count: 4)
  /// The first entry; ``Entry/none`` if there is none.
  @usableFromInline var winner = Entry.none

  @inlinable
  init() {}

  /// The number of slots: a power of two.
  @inlinable var slots: Int { nodes.count >> 1 }

  /// The entries in the order of their slots.
  @inlinable var entries: LazyFilterSequence<ContiguousArray<Entry>.SubSequence> {
    nodes[slots...].lazy.filter { !$0.isNone }
  }

  /// Gives a slot another entry, or ``Entry/none``. O(log slots).
  @inlinable @inline(__always)
  mutating func set(_ slot: Int, to entry: Entry) {
    let size = MemoryLayout<Entry>.stride  // nodes are counted in bytes here, which takes fewer instructions for each
    var node = (slots &+ slot) &* size
    var first = entry
    nodes.withUnsafeMutableBytes { buffer in
      let nodes = buffer.baseAddress.unsafelyUnwrapped
      while node > size {
        nodes.storeBytes(of: first, toByteOffset: node, as: Entry.self)
        first = Entry.first(first, nodes.load(fromByteOffset: node ^ size, as: Entry.self))
        node = (node >> 1) & -size
      }
    }
    winner = first
  }

  /// Twice as many slots: what there was is the left half of the new tree. O(slots).
  @usableFromInline
  mutating func grow() {
    var grown = ContiguousArray(repeating: Entry.none, count: nodes.count * 2)
    for node in nodes.indices.dropFirst(2) {
      let firstOfLevel = 1 << (Int.bitWidth - 1 - node.leadingZeroBitCount)
      grown[node + firstOfLevel] = nodes[node]
    }
    grown[2] = winner
    nodes = grown
  }
}
