import BlockTransfer
import TFTPWire

/// How often each gap size was seen while this many sessions had begun.
package struct GapHistogram: Sendable {
  package let session: Int
  /// Sizes below the array's length. Most gaps have one of these.
  private var small = [UInt64](repeating: 0, count: 256)
  private var large: [UInt32: UInt64] = [:]

  /// Nothing was seen yet.
  package init(session: Int) { self.session = session }

  /// Counts the gaps of a device, with these figures.
  package mutating func count(_ gaps: borrowing GapMap, with figures: GapReport) {
    // Mostly no gap has more than two blocks. Then it is not necessary to look at each gap.
    guard figures.largestGap > 2 else {
      let ofTwoBlocks = UInt64(figures.missingPackets - figures.gaps)
      small[1] += UInt64(figures.gaps) - ofTwoBlocks
      small[2] += ofTwoBlocks
      return
    }
    small.withUnsafeMutableBufferPointer { small in
      gaps.forEachGap { gap in
        if gap.count < small.count {
          small[Int(gap.count)] &+= 1
        } else {
          large[gap.count, default: 0] += 1
        }
      }
    }
  }

  /// The sizes that were seen, ascending.
  package var counts: [GapSizeCount] {
    let smallOnes = small.enumerated().lazy.filter { $0.element > 0 }.map { (UInt32($0.offset), $0.element) }
    let largeOnes = large.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return (Array(smallOnes) + largeOnes).map { GapSizeCount(session: session, blocks: $0.0, count: $0.1) }
  }
}
