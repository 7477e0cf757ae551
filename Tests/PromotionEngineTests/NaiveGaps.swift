import BlockTransfer
import PromotionEngine
import TFTPWire

/// The twin of `GapMap`: a Bool for each block, and nothing clever.
struct NaiveGaps {
  /// Whether block `index + 1` is missing.
  private var isMissing: [Bool]

  init(blocks: BlockNumber) { isMissing = Array(repeating: true, count: Int(blocks)) }

  var blocks: BlockNumber { BlockNumber(isMissing.count) }
  var missing: UInt32 { UInt32(isMissing.count(where: { $0 })) }

  func contains(_ block: BlockNumber) -> Bool { block >= 1 && block <= blocks && isMissing[Int(block) - 1] }

  func first(after block: BlockNumber) -> BlockNumber? {
    guard block < blocks else { return nil }
    return (block + 1...blocks).first(where: contains)
  }

  mutating func fill(_ first: BlockNumber, through last: BlockNumber) -> GapMap.Filled {
    var filled = GapMap.Filled(count: 0, last: 0)
    guard first <= last else { return filled }
    for index in isMissing.indices where isMissing[index] {
      let block = BlockNumber(index + 1)
      guard block >= first, block <= last else { continue }
      isMissing[index] = false
      filled.count += 1
      filled.last = block
    }
    return filled
  }

  var gaps: [Gap] {
    var gaps: [Gap] = []
    for index in isMissing.indices where isMissing[index] {
      let block = BlockNumber(index + 1)
      if let last = gaps.last, last.last == block - 1 {
        gaps[gaps.count - 1].last = block
      } else {
        gaps.append(Gap(first: block, last: block))
      }
    }
    return gaps
  }

  /// R10's figures as its words say them: cut the gaps where more than `continuity` received blocks lie between two.
  func statistics(of file: FileLayout, continuity: UInt32) -> GapReport {
    var series: [[Gap]] = []
    for gap in gaps {
      if let previous = series.last?.last, receivedBlocks(between: previous, and: gap) <= continuity {
        series[series.count - 1].append(gap)
      } else {
        series.append([gap])
      }
    }
    let chains = series.filter { $0.count >= 2 }
    var bytes: UInt64 = 0
    for block in 1...file.blocks where contains(block) { bytes += UInt64(file.bytes(of: block)) }
    return GapReport(
      missingPackets: missing,
      totalGapBytes: bytes,
      gaps: UInt32(gaps.count),
      largestGap: gaps.map(\.count).max() ?? 0,
      chains: UInt32(chains.count),
      longestChain: UInt32(chains.map(\.count).max() ?? 0)
    )
  }

  private func receivedBlocks(between left: Gap, and right: Gap) -> UInt32 {
    UInt32((left.last...right.first).count(where: { !contains($0) }))
  }
}
