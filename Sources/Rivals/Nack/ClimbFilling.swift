import BlockTransfer
import Network

// What a device misses, looked up in a climb.

extension GapMap {
  /// Fills what is missing and was received. O(missing blocks of the climb × log).
  mutating func fill(from climb: Climb) -> Filled {
    var climb = climb
    var filled = Filled.nothing
    var next = climb.first == 0 ? first : first(after: climb.first - 1)
    while let block = next, block <= climb.last {
      if climb.fate(of: block) == .received {
        _ = fill(block, through: block)
        filled = Filled(count: filled.count + 1, last: block)
      }
      next = first(after: block)
    }
    return filled
  }
}

extension ErasureGroups {
  /// Fills the gaps with what was received, group by group.
  func fill(from climb: Climb, in gaps: inout GapMap) -> GapMap.Filled {
    var climb = climb
    var filled = climb.first <= blocks ? gaps.fill(from: climb) : .nothing
    // A group can have parity packets before the first of the climb, so its blocks count from its first one.
    var next = climb.last > blocks ? firstMissing(in: gaps, notBeforeGroupOf: climb.first) : nil
    while let block = next {
      let members = blocks(of: group(of: block))
      guard blocks + members.first <= climb.last else { break }
      let received = parities(members.count, of: group(of: block))
      for packet in received.first...received.last where climb.fate(of: packet) == .received {
        let mended = fill(packet, through: packet, in: &gaps)
        if mended.count == 0 { break }
        filled = GapMap.Filled(count: filled.count + 1, last: packet)
      }
      next = gaps.first(after: members.last)
    }
    return filled
  }

  private func firstMissing(in gaps: GapMap, notBeforeGroupOf packet: BlockNumber) -> BlockNumber? {
    guard packet > blocks else { return gaps.first }
    return gaps.first(after: blocks(of: group(of: min(packet, 2 * blocks) - blocks)).first - 1)
  }
}
