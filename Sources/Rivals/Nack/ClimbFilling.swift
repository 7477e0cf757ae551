import BlockTransfer
import Network

extension ErasureGroups {
  /// Fills the gaps with what was received, group by group.
  func fill(from climb: Climb, in gaps: inout GapMap) -> GapMap.Filled {
    var climb = climb
    var filled = climb.first <= blocks ? gaps.fill(from: &climb) : .nothing
    // A group can have parity packets before the first of the climb, so its blocks count from its first one.
    var next = climb.last > blocks ? firstMissing(in: gaps, notBeforeGroupOf: climb.first) : nil
    while let block = next {
      let members = blocks(of: group(of: block))
      guard blocks + members.first <= climb.last else { break }
      var parities = parities(members.count, of: group(of: block))
      while parities.first <= parities.last, let packets = climb.next(from: parities.first, through: parities.last) {
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
