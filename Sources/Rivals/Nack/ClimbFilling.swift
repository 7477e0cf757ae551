import BlockTransfer
import Network

extension ErasureGroups {
  /// Fills the gaps with what was received, group by group.
  func fill(from received: inout some ReceivedBlocks, in gaps: inout GapMap) -> GapMap.Filled {
    var filled = received.first <= blocks ? gaps.fill(from: &received) : .nothing
    // A group can have parity packets before the first of these, so its blocks count from its first one.
    var next = received.last > blocks ? firstMissing(in: gaps, notBeforeGroupOf: received.first) : nil
    while let block = next {
      let members = blocks(of: group(of: block))
      guard blocks + members.first <= received.last else { break }
      var parities = parities(members.count, of: group(of: block))
      while parities.first <= parities.last, let packets = received.next(from: parities.first, through: parities.last) {
        let mended = fill(packets.lowerBound, through: packets.upperBound, in: &gaps)
        if mended.count == 0 { break }
        filled = GapMap.Filled(count: filled.count + mended.count, last: mended.last)
        parities.first = packets.upperBound + 1
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
