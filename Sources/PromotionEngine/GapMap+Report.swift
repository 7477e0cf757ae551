import BlockTransfer
import TFTPWire

extension GapMap {
  /// The figures of a gap report (R10). O(gaps).
  ///
  /// - Parameter continuity: how many received blocks may lie between two gaps of one chain.
  public func statistics(of file: FileLayout, continuity: UInt32) -> GapReport {
    var result = GapReport.nothingMissing
    guard !isEmpty else { return result }
    result.missingPackets = missing
    result.totalGapBytes = UInt64(missing) * UInt64(file.blockSize)
    if lastGap?.last == file.blocks { result.totalGapBytes -= UInt64(file.blockSize - file.lastBlockBytes) }
    result.gaps = UInt32(count)

    // Gaps ascend and are not adjacent, so nothing overflows; a check for each loss would cost too much. Most gaps have
    // one block, and most of these do not closely follow another gap.
    var (chain, longestChain, chains, largestGap) = (UInt32(0), UInt32(1), UInt32(0), UInt32(1))
    let reach = UInt64(continuity) + 1
    var endOfReach: UInt64 = 0
    forEachGap { gap in
      if gap.first != gap.last { largestGap = max(largestGap, gap.last &- gap.first &+ 1) }
      if UInt64(gap.first) > endOfReach {
        chain = 1
      } else {
        chain &+= 1
        chains &+= chain == 2 ? 1 : 0
        longestChain = max(longestChain, chain)
      }
      endOfReach = UInt64(gap.last) &+ reach
    }
    (result.largestGap, result.chains) = (largestGap, chains)
    if chains > 0 { result.longestChain = longestChain }
    return result
  }
}
