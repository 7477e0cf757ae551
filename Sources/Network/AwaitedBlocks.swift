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
  /// Up to which block each device awaits what it misses, by index; 0 if it awaits nothing.
  @usableFromInline private(set) var through: ContiguousArray<BlockNumber>
  /// By block, how many devices may await it. It can be too many: a device that ceases to wait is not always counted off.
  @usableFromInline var counts: ContiguousArray<UInt32>
  /// The devices that await blocks, by index, and where each stands there.
  @usableFromInline private(set) var members: ContiguousArray<Int> = []
  private var places: ContiguousArray<Int>

  /// No device awaits a block. There is no room for any without devices.
  @usableFromInline
  init(devices: Int, blocks: BlockNumber) {
    through = ContiguousArray(repeating: 0, count: devices)
    places = ContiguousArray(repeating: 0, count: devices)
    counts = ContiguousArray(repeating: 0, count: devices > 0 ? Int(blocks) + 1 : 0)
  }

  /// Whether some device may await a block.
  @inlinable @inline(__always)
  func isAwaited(_ block: BlockNumber) -> Bool { Int(block) < counts.count && counts[Int(block)] > 0 }

  /// A device awaits a block.
  @inlinable @inline(__always)
  mutating func count(_ block: BlockNumber) { counts[Int(block)] &+= 1 }

  /// A device awaits a block no longer.
  @inlinable @inline(__always)
  mutating func discount(_ block: BlockNumber) { counts[Int(block)] &-= 1 }

  /// From now on a device awaits what it misses up to a block.
  @usableFromInline
  mutating func setThrough(_ block: BlockNumber, of index: Int) {
    if through[index] == 0, block > 0 {
      places[index] = members.count
      members.append(index)
    } else if through[index] > 0, block == 0 {
      let last = members.removeLast()
      if last != index {
        members[places[index]] = last
        places[last] = places[index]
      }
    }
    through[index] = block
  }
}
