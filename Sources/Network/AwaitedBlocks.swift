import BlockTransfer

/// Which blocks the devices await that follow the log, and act on some of the group's blocks.
///
/// **Awaits** is a capability beside ``Hearing/onlyListens(_:)``. A device that repairs what it misses has asked for some
/// blocks, and does something when one of them comes, from whomever. All other DATA of the group it only notes. So it
/// follows the log, and each packet with a block that it awaits is an event: it catches up with what came before, and
/// takes the block.
///
/// What a strategy promises of a device that awaits blocks:
/// 1. It awaits the blocks that it misses up to one (``Strategy/awaitsThrough(_:)``). To all others it only listens.
/// 2. It is not complete before the blocks have come that it awaits. So no stretch of others makes it complete.
/// 3. Of a stretch of others it wants to know when the last came that was new to it
///    (``Strategy/tookUnasked(_:at:)``); its deadline moves away then.
///
/// Why this changes nothing: what it awaits changes only when an event concerns it. From then on each packet with such a
/// block gets an event when it is sent, and those that are on their way get one at once. The events have the keys that
/// the arrivals would have had. So a stretch never contains a block that the device awaits.
@usableFromInline
struct AwaitedBlocks: Sendable {
  /// A device that awaits blocks.
  @usableFromInline
  struct Member: Sendable, BitwiseCopyable {
    /// Its index.
    @usableFromInline let index: Int
    /// Up to which block it awaits what it misses.
    @usableFromInline var through: BlockNumber
  }

  /// The devices that await blocks, by branch, in no order.
  @usableFromInline private(set) var members: ContiguousArray<ContiguousArray<Member>>
  /// Where each device stands there, by index; -1 if it awaits nothing.
  @usableFromInline private(set) var places: ContiguousArray<Int>

  /// No device awaits a block.
  @usableFromInline
  init(devices: Int, branches: Int) {
    members = ContiguousArray(repeating: [], count: branches)
    places = ContiguousArray(repeating: -1, count: devices)
  }

  /// Whether no device awaits a block.
  @usableFromInline var isEmpty: Bool { members.allSatisfy(\.isEmpty) }

  /// Up to which block a device awaits what it misses; 0 if it awaits nothing.
  @inlinable @inline(__always)
  func through(_ index: Int, on branch: Int) -> BlockNumber {
    places[index] < 0 ? 0 : members[branch][places[index]].through
  }

  /// From now on a device awaits what it misses up to a block; 0 for nothing.
  @inlinable @inline(__always)
  mutating func setThrough(_ block: BlockNumber, of index: Int, on branch: Int) {
    if block > 0, places[index] >= 0 {
      members[branch][places[index]].through = block
    } else {
      enterOrLeave(block, index, branch)
    }
  }

  @usableFromInline @inline(never)
  mutating func enterOrLeave(_ block: BlockNumber, _ index: Int, _ branch: Int) {
    guard block == 0 else {
      places[index] = members[branch].count
      return members[branch].append(Member(index: index, through: block))
    }
    let place = places[index]
    places[index] = -1
    let last = members[branch].removeLast()
    if last.index != index {
      members[branch][place] = last
      places[last.index] = place
    }
  }
}
