import BitCollections

/// The devices that get every packet of the group as its own event, by number minus one.
@usableFromInline
struct PacketFollowers: Sendable {
  @usableFromInline var members = BitSet()
  @usableFromInline var count = 0

  @usableFromInline
  init() {}

  @usableFromInline
  mutating func insert(_ index: Int) {
    if members.insert(index).inserted { count += 1 }
  }

  @usableFromInline
  mutating func remove(_ index: Int) {
    if members.remove(index) != nil { count -= 1 }
  }

  @usableFromInline
  func contains(_ index: Int) -> Bool { members.contains(index) }
}
