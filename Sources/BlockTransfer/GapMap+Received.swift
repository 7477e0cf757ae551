/// Blocks that arrived, in ascending order, with others left out.
public protocol ReceivedBlocks {
  /// No block below this one is among them.
  var first: BlockNumber { get }
  /// No block above this one is among them.
  var last: BlockNumber { get }
  /// The first stretch of them in `from…through`; nil if there is none. Questions ascend.
  mutating func next(from: BlockNumber, through: BlockNumber) -> ClosedRange<BlockNumber>?
}

extension GapMap {
  /// Notes blocks as received, in one pass over the gaps from the first of them to the last.
  ///
  /// O(log gaps), and a question for each gap of the pass and for each stretch that is filled.
  @inlinable
  public mutating func fill(from received: inout some ReceivedBlocks) -> Filled {
    guard missingBlocks > 0, received.first <= tail.last else { return .nothing }
    storage.append(tail)
    let start = firstIndex(endingAtOrAfter: received.first)
    // The gaps before `kept` stay. Those from there to `next` are filled, or stand before `kept` already.
    var (kept, next) = (start, start)
    var filled = Filled.nothing
    while next < storage.count, storage[next].first <= received.last {
      var rest = storage[next]
      next += 1
      var isOpen = true
      while isOpen, let blocks = received.next(from: rest.first, through: rest.last) {
        filled = Filled(count: filled.count + UInt32(blocks.count), last: blocks.upperBound)
        if rest.first < blocks.lowerBound {
          keep(Gap(first: rest.first, last: blocks.lowerBound - 1), at: &kept, before: &next)
        }
        isOpen = blocks.upperBound < rest.last
        if isOpen { rest.first = blocks.upperBound + 1 }
      }
      if isOpen { keep(rest, at: &kept, before: &next) }
    }
    missingBlocks -= filled.count
    if start == Int(head), kept == start {
      head = Int32(next)
    } else if kept < next {
      storage.removeSubrange(kept..<next)
    }
    takeTailFromStorage()
    return filled
  }

  @inlinable @inline(__always)
  mutating func keep(_ gap: Gap, at kept: inout Int, before next: inout Int) {
    if kept == next {
      storage.insert(gap, at: kept)
      next += 1
    } else if storage[kept] != gap {
      storage[kept] = gap
    }
    kept += 1
  }
}
