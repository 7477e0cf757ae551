import BlockTransfer

/// Which blocks the devices await that follow the log, and act on some of the group's blocks.
///
/// **Awaits** is a capability beside ``Hearing/onlyListens(_:)``. A device that repairs what it misses has asked for some
/// blocks, and does something when one of them comes, from whomever. All other DATA of the group it only notes. So it
/// follows the log, and each packet with a block that it awaits is an event: it catches up with what came before, and
/// takes the block.
///
/// What a strategy promises of a device that awaits blocks:
/// 1. It awaits the blocks that it misses up to one (``Strategy/awaitsThrough(_:)`` of its promise). To all others it
///    only listens.
/// 2. It is not complete before the blocks have come that it awaits. So no stretch of others makes it complete.
/// 3. Of a stretch of others it wants to know when the last came that was new to it
///    (``Strategy/tookUnasked(_:at:)``); its deadline moves away then.
///
/// Why this changes nothing: what it awaits changes only when an event concerns it. From then on each packet with such a
/// block gets an event when it is sent, and those that are on their way get one at once. The events have the keys that
/// the arrivals would have had. So a stretch never contains a block that the device awaits.
@usableFromInline
struct AwaitedBlocks: Sendable {
  /// Up to which block each device awaits what it misses, by index; 0 if it awaits nothing.
  @usableFromInline private(set) var through: ContiguousArray<BlockNumber>
  /// A block before which each device awaits none, by index. It misses the first one that it awaits, or did once.
  @usableFromInline private(set) var from: ContiguousArray<BlockNumber>
  /// The devices that await blocks, by branch, in no order; and where each stands there, by index.
  @usableFromInline private(set) var members: ContiguousArray<ContiguousArray<Int>>
  private var places: ContiguousArray<Int>

  /// No device awaits a block.
  @usableFromInline
  init(devices: Int, branches: Int) {
    through = ContiguousArray(repeating: 0, count: devices)
    from = ContiguousArray(repeating: 0, count: devices)
    members = ContiguousArray(repeating: [], count: branches)
    places = ContiguousArray(repeating: 0, count: devices)
  }

  /// Whether no device awaits a block.
  @usableFromInline var isEmpty: Bool { members.allSatisfy(\.isEmpty) }

  /// From now on a device awaits what it misses from one block through another; 0 for nothing.
  @inlinable @inline(__always)
  mutating func set(from first: BlockNumber, through block: BlockNumber, of index: Int, on branch: Int) {
    let before = through[index]
    through[index] = block
    from[index] = first
    if (before == 0) != (block == 0) { enterOrLeave(index, branch) }
  }

  /// Whether a device may await a block. It does if it misses the block.
  @inlinable @inline(__always)
  func mayAwait(_ block: BlockNumber, _ index: Int) -> Bool { from[index] <= block && block <= through[index] }

  @usableFromInline @inline(never)
  mutating func enterOrLeave(_ index: Int, _ branch: Int) {
    guard through[index] == 0 else {
      places[index] = members[branch].count
      return members[branch].append(index)
    }
    let last = members[branch].removeLast()
    if last != index {
      members[branch][places[index]] = last
      places[last] = places[index]
    }
  }
}
