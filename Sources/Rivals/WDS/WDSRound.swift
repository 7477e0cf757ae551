import BlockTransfer
import DequeModule

/// A round over what somebody misses: which blocks are under way to the master, and which come next.
///
/// The master answers each block that comes. Nothing overtakes, so what was sent before a block that came is lost if it
/// has not come before; unless only its ACK was lost, which the first missing block of a later one tells.
struct WDSRound: Sendable {
  /// The blocks of the round: ascending, disjoint.
  private let blocks: [Gap]
  /// The gap of `blocks` that comes next, and the block in it.
  private var index = 0
  private var next: BlockNumber
  /// What the master missed, which goes first.
  private var again: Deque<BlockNumber> = []
  /// What is under way, in the order of sending.
  private var underWay: Deque<BlockNumber> = []

  /// A round over the union of ranges of a file with so many blocks. Ranges from the wire may be anything.
  init(over ranges: [Gap], of blocks: BlockNumber) {
    var union: [Gap] = []
    let inside = ranges.filter { 1 <= $0.first && $0.first <= $0.last && $0.last <= blocks }
    for range in inside.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
      // The last block of a file is below the largest number, so one more is no overflow.
      if let last = union.last, range.first <= last.last + 1 {
        union[union.count - 1].last = max(last.last, range.last)
      } else {
        union.append(range)
      }
    }
    self.blocks = union
    next = union.first?.first ?? 0
  }

  /// Whether the master has all blocks of the round.
  var isOver: Bool { index == blocks.count && again.isEmpty && underWay.isEmpty }

  /// Sends blocks until a window of them is under way.
  mutating func fill(window: Int, send: (Gap) -> Void) {
    while underWay.count < window {
      if let block = again.popFirst() {
        underWay.append(block)
        send(Gap(first: block, last: block))
      } else if index < blocks.count {
        let free = BlockNumber(clamping: window - underWay.count)
        let last = blocks[index].last - next < free ? blocks[index].last : next + (free - 1)
        underWay.append(contentsOf: next...last)
        send(Gap(first: next, last: last))
        if last < blocks[index].last {
          next = last + 1
        } else {
          index += 1
          if index < blocks.count { next = blocks[index].first }
        }
      } else {
        return
      }
    }
  }

  /// The master answered a block. False if that tells nothing new.
  mutating func acknowledge(_ acknowledgment: WDSAcknowledgment) -> Bool {
    guard let place = underWay.firstIndex(of: acknowledgment.block) else { return false }
    for block in underWay[..<place] where block >= acknowledgment.firstMissing { again.append(block) }
    underWay.removeFirst(place + 1)
    return true
  }

  /// Nothing has come of what is under way.
  mutating func giveUpUnderWay() {
    again.prepend(contentsOf: underWay)
    underWay.removeAll()
  }
}
