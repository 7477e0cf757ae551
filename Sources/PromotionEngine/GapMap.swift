import TFTPWire

/// A gap: a maximal run of consecutive missing blocks.
public struct Gap: Hashable, Sendable, BitwiseCopyable {
  /// The first missing block.
  public var first: BlockNumber
  /// The last missing block, at least ``first``.
  public var last: BlockNumber

  /// The run from `first` to `last`, both included.
  @inlinable
  public init(first: BlockNumber, last: BlockNumber) {
    self.first = first
    self.last = last
  }

  /// The gap size in blocks.
  @inlinable
  public var count: UInt32 { last - first + 1 }
}

/// The blocks that a device has not got, as gaps: ascending, disjoint, never adjacent.
///
/// A device that received everything so far holds one gap, the rest of the file; memory and time follow the losses.
/// The gaps stand in `storage[head...]`: what a smart device fetches goes from the front, lowest block first (R14), and
/// a front that is gone costs nothing until half of the storage is.
public struct GapMap: Sendable {
  /// What a stretch of received blocks filled.
  public struct Filled: Hashable, Sendable, BitwiseCopyable {
    /// The blocks of the stretch that were missing.
    public var count: UInt32
    /// The highest of them; 0 when there was none.
    public var last: BlockNumber

    /// `count` blocks were missing, the highest of them `last`.
    public init(count: UInt32, last: BlockNumber) {
      self.count = count
      self.last = last
    }
  }

  /// The blocks that are missing.
  public private(set) var missing: UInt32
  private var head = 0
  private var storage: ContiguousArray<Gap>

  /// Every block from 1 to `blocks` is missing.
  public init(blocks: BlockNumber) {
    missing = blocks
    storage = blocks == 0 ? [] : [Gap(first: 1, last: blocks)]
  }

  /// Whether nothing is missing.
  @inline(__always)
  public var isEmpty: Bool { missing == 0 }

  /// The gaps, in ascending order.
  public var gaps: ArraySlice<Gap> { ArraySlice(storage[head...]) }

  /// The number of gaps.
  public var count: Int { storage.count - head }

  /// The first missing block; nil when nothing is missing. O(1).
  public var first: BlockNumber? { isEmpty ? nil : storage[head].first }

  /// Whether one block is missing. O(log gaps).
  public func contains(_ block: BlockNumber) -> Bool {
    let index = firstGap(endingAtOrAfter: block)
    return index < storage.count && storage[index].first <= block
  }

  /// The first missing block after `block`; nil when none is. O(log gaps).
  public func first(after block: BlockNumber) -> BlockNumber? {
    guard block < .max else { return nil }
    let index = firstGap(endingAtOrAfter: block + 1)
    return index < storage.count ? max(storage[index].first, block + 1) : nil
  }

  /// Takes the blocks `first…last` as received; O(log gaps) and what of the gaps it fills.
  ///
  /// Blocks outside the file fill nothing.
  public mutating func fill(_ first: BlockNumber, through last: BlockNumber) -> Filled {
    if let tail = storage.last, tail.first == first, first <= last, last < tail.last {
      return advanceTail(past: last)
    }
    var filled = Filled(count: 0, last: 0)
    var index = firstGap(endingAtOrAfter: first)
    guard first <= last, index < storage.count, storage[index].first <= last else { return filled }

    if storage[index].first < first {
      let gap = storage[index]
      storage[index].last = first - 1
      if gap.last > last {
        storage.insert(Gap(first: last + 1, last: gap.last), at: index + 1)
        filled = Filled(count: last - first + 1, last: last)
        missing -= filled.count
        return filled
      }
      filled = Filled(count: gap.last - first + 1, last: gap.last)
      index += 1
    }
    var end = index
    while end < storage.count, storage[end].last <= last {
      filled.count += storage[end].count
      filled.last = storage[end].last
      end += 1
    }
    if end < storage.count, storage[end].first <= last {
      filled.count += last - storage[end].first + 1
      filled.last = last
      storage[end].first = last + 1
    }
    missing -= filled.count
    remove(index..<end)
    return filled
  }

  /// Takes the blocks of the last gap through `last`, but not all: what nearly every packet of a session does.
  @inline(__always)
  private mutating func advanceTail(past last: BlockNumber) -> Filled {
    let index = storage.count - 1
    let filled = Filled(count: last - storage[index].first + 1, last: last)
    storage[index].first = last + 1
    missing -= filled.count
    return filled
  }

  private mutating func remove(_ range: Range<Int>) {
    if missing == 0 {
      storage = []
      head = 0
    } else if range.lowerBound == head {
      head = range.upperBound
      if head >= 64, head * 2 >= storage.count {
        storage.removeSubrange(0..<head)
        head = 0
      }
    } else if !range.isEmpty {
      storage.removeSubrange(range)
    }
  }

  /// The index of the first gap that ends at or after `block`: the last one during a first session, the first one
  /// when a smart device fetches, so that both are looked at before the others are searched.
  @inline(__always)
  private func firstGap(endingAtOrAfter block: BlockNumber) -> Int {
    let end = storage.count
    guard head < end else { return end }
    if storage[head].last >= block { return head }
    if end - head == 1 || storage[end - 2].last < block { return storage[end - 1].last >= block ? end - 1 : end }
    var low = head + 1
    var high = end - 1
    while low < high {
      let middle = (low + high) / 2
      if storage[middle].last >= block { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension GapMap: Hashable {
  /// The same blocks are missing.
  public static func == (left: GapMap, right: GapMap) -> Bool {
    left.missing == right.missing && left.gaps == right.gaps
  }
  /// Hashes the gaps.
  public func hash(into hasher: inout Hasher) { hasher.combine(gaps) }
}

extension GapMap {
  /// The figures of a gap report (R10). O(gaps).
  ///
  /// - Parameter continuity: how many received blocks may lie between two gaps of one chain.
  public func statistics(of file: FileLayout, continuity: UInt32) -> GapReport {
    var result = GapReport.nothingMissing
    guard let lastGap = storage.last else { return result }
    result.missingPackets = missing
    result.totalGapBytes = UInt64(missing) * UInt64(file.blockSize)
    if lastGap.last == file.blocks { result.totalGapBytes -= UInt64(file.blockSize - file.lastBlockBytes) }
    result.gaps = UInt32(count)

    var chain: UInt32 = 0
    var previous: Gap?
    for gap in storage[head...] {
      result.largestGap = max(result.largestGap, gap.count)
      if let previous, gap.first - previous.last - 1 <= continuity {
        chain += 1
        if chain == 2 { result.chains += 1 }
        result.longestChain = max(result.longestChain, chain >= 2 ? chain : 0)
      } else {
        chain = 1
      }
      previous = gap
    }
    return result
  }
}
