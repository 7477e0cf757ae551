import BlockTransfer
import Runs

/// The groups of an ideal erasure code: any parity packet of a group mends any loss of it.
///
/// A file of n blocks has the parity packets n + 1 to 2n. Those of a group stand where its blocks stand in the file, as
/// many as it has blocks, because nobody needs more of them in one pass. In the next pass they are other packets under
/// the same numbers; an ideal code does not run out of them.
struct ErasureGroups: Hashable, Sendable {
  /// The blocks of the file.
  let blocks: BlockNumber
  /// The blocks of a group; the last group can have fewer.
  let size: UInt32

  /// The most blocks of a file, so that parity packets have numbers.
  static var mostBlocks: BlockNumber { StrategyName.nackFEC.mostBlocks }

  init(blocks: BlockNumber, size: UInt32) {
    precondition(blocks <= Self.mostBlocks, "a file of \(blocks) blocks leaves no numbers for parity packets")
    self.blocks = blocks
    self.size = max(1, size)
  }

  /// How many groups there are.
  var count: UInt32 { blocks == 0 ? 0 : (blocks - 1) / size + 1 }

  /// The group of a block of the file, from 1.
  func group(of block: BlockNumber) -> UInt32 { (block - 1) / size }

  /// The blocks of a group.
  func blocks(of group: UInt32) -> Gap {
    let first = group * size + 1
    return Gap(first: first, last: first + min(size - 1, blocks - first))
  }

  /// The first parity packets of a group.
  func parities(_ count: UInt32, of group: UInt32) -> Gap {
    let first = blocks + blocks(of: group).first
    return Gap(first: first, last: first + count - 1)
  }

  /// Fills `gaps` with the received packets `first…last`, each of which is a block of the file or a parity packet.
  ///
  /// A parity packet fills the lowest missing block of its group. Which one is of no account: a group is mended when as
  /// many packets came as are missing.
  ///
  /// - Returns: how many blocks were filled, and the last packet that filled one.
  func fill(_ first: BlockNumber, through last: BlockNumber, in gaps: inout GapMap) -> GapMap.Filled {
    guard first <= last else { return .nothing }
    var filled = GapMap.Filled.nothing
    if first <= blocks { filled = gaps.fill(first, through: min(last, blocks)) }
    var next = max(first, blocks + 1)
    let end = min(last, 2 * blocks)
    while next <= end {
      let members = blocks(of: group(of: next - blocks))
      let lastOfGroup = min(end, blocks + members.last)
      for _ in next...lastOfGroup {
        guard let block = gaps.first(after: members.first - 1), block <= members.last else { break }
        _ = gaps.fill(block, through: block)
        filled.count += 1
        filled.last = next
        next += 1
      }
      next = lastOfGroup + 1
    }
    return filled
  }

  /// What is missing of which groups, ascending.
  func shortages(in gaps: GapMap) -> [Shortage] {
    var shortages: [Shortage] = []
    gaps.forEachGap { gap in
      for group in self.group(of: gap.first)...self.group(of: gap.last) {
        let members = blocks(of: group)
        let count = min(gap.last, members.last) - max(gap.first, members.first) + 1
        if let last = shortages.indices.last, shortages[last].group == group {
          shortages[last].count += count
        } else {
          shortages.append(Shortage(group: group, count: count))
        }
      }
    }
    return shortages
  }
}
