import BlockTransfer

/// Blocks without which a device cannot have everything, for devices that only listen and yet act when they have
/// everything.
///
/// **Acts when complete** is a capability beside ``Hearing/onlyListens(_:)``. A device that only listens may catch up
/// late, so it could learn too late that it has everything. But each block that it misses must come before that. So a
/// device that follows the log names one block that it misses, its *decisive* block, and an event looks at the device
/// when that block arrives, whether the block is lost on its way or not. If the device has everything then, it acts. If
/// not, it names another block, or the same. Before the look it cannot be complete, whatever it has received, so the
/// look is never late. The look has the key that the arrival would have as an event. So what the device then does has
/// its position in the order of events, as if each packet had been one.
///
/// Which of the missing blocks is named changes no result. The one that comes last makes the fewest looks.
@usableFromInline
struct DecisiveBlocks: Sendable {
  /// A block on its way to the devices of a branch.
  @usableFromInline
  struct Place: Hashable, Sendable {
    @usableFromInline let branch: Int
    @usableFromInline let block: BlockNumber

    @usableFromInline
    init(branch: Int, block: BlockNumber) {
      self.branch = branch
      self.block = block
    }
  }

  /// The decisive block of each device, by number minus one; 0 if it has none, or the look at it is scheduled.
  private var blocks: ContiguousArray<BlockNumber>
  /// Who waits for which block. An entry may be out of date; ``blocks`` decides.
  private var waiting: [Place: [Int]] = [:]

  /// No device waits for a block.
  @usableFromInline
  init(devices: Int) { blocks = ContiguousArray(repeating: 0, count: devices) }

  /// A device waits for a block.
  @usableFromInline
  mutating func wait(_ index: Int, for block: BlockNumber, on branch: Int) {
    guard blocks[index] != block else { return }
    blocks[index] = block
    waiting[Place(branch: branch, block: block), default: []].append(index)
  }

  /// A device waits for no block any longer.
  @usableFromInline
  mutating func stopWaiting(_ index: Int) { blocks[index] = 0 }

  /// The devices that wait for a block, which comes to them now. They wait no longer.
  @usableFromInline
  mutating func come(_ block: BlockNumber, on branch: Int) -> [Int] {
    guard var indices = waiting.removeValue(forKey: Place(branch: branch, block: block)) else { return [] }
    // It can stand there twice, if it waited for another block in between.
    indices.removeAll { index in
      defer { if blocks[index] == block { blocks[index] = 0 } }
      return blocks[index] != block
    }
    return indices
  }

  /// Whether a device waits for a block.
  @usableFromInline
  func waits(_ index: Int, for block: BlockNumber) -> Bool { blocks[index] == block }
}
