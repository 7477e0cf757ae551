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

/// The blocks that a device misses, as gaps: ascending, disjoint, never adjacent.
///
/// A device that received everything so far holds one gap, the rest of the file. So memory and time follow the losses.
/// The last gap is in `tail`, apart from the storage of the others, because a first session advances or splits it with
/// nearly every packet. The others are in `storage[head...]`. A smart device fetches the lowest block first (R14),
/// which removes gaps from the front. The removed front costs nothing until it is half of the storage.
public struct GapMap: Sendable {
  /// What a stretch of received blocks filled.
  public struct Filled: Hashable, Sendable, BitwiseCopyable {
    /// The blocks of the stretch that were missing.
    public var count: UInt32
    /// The highest of them; 0 if there was none.
    public var last: BlockNumber

    /// `count` blocks were missing, the highest of them `last`.
    @inlinable
    public init(count: UInt32, last: BlockNumber) {
      self.count = count
      self.last = last
    }

    mutating func add(_ next: Filled) {
      count += next.count
      last = max(last, next.last)
    }

    /// Nothing was missing.
    @inlinable public static var nothing: Filled { Filled(count: 0, last: 0) }
  }

  /// The blocks that are missing.
  public var missing: UInt32 {
    @inlinable get { missingBlocks }
  }
  @usableFromInline var missingBlocks: UInt32
  /// The last gap; it has no meaning when nothing is missing.
  @usableFromInline var tail: Gap
  @usableFromInline var head: Int32 = 0
  @usableFromInline var storage: ContiguousArray<Gap> = []

  /// Every block from 1 to `blocks` is missing.
  public init(blocks: BlockNumber) {
    missingBlocks = blocks
    tail = Gap(first: 1, last: blocks)
  }

  /// Whether nothing is missing.
  @inlinable
  public var isEmpty: Bool { missingBlocks == 0 }

  /// The gaps, in ascending order. O(gaps).
  public var gaps: [Gap] { isEmpty ? [] : Array(storage[Int(head)...]) + [tail] }

  /// Calls `body` with each gap, in ascending order, without a copy. O(gaps).
  @inlinable @inline(__always)
  public func forEachGap(_ body: (Gap) -> Void) {
    guard !isEmpty else { return }
    storage.withUnsafeBufferPointer { gaps in
      for gap in UnsafeBufferPointer(rebasing: gaps[Int(head)...]) { body(gap) }
    }
    body(tail)
  }

  /// The number of gaps.
  @inlinable
  public var count: Int { isEmpty ? 0 : storage.count - Int(head) + 1 }

  /// The last gap; nil when nothing is missing. O(1).
  @inlinable
  public var lastGap: Gap? { isEmpty ? nil : tail }

  /// The first gap; nil when nothing is missing. O(1).
  @inlinable
  public var firstGap: Gap? {
    @inline(__always)
    get { isEmpty ? nil : storage.count > Int(head) ? storage[Int(head)] : tail }
  }

  /// The first missing block; nil when nothing is missing. O(1).
  @inlinable
  public var first: BlockNumber? {
    @inline(__always)
    get { firstGap?.first }
  }

  /// Whether one block is missing. O(log gaps).
  public func contains(_ block: BlockNumber) -> Bool { gap(endingAtOrAfter: block).map { $0.first <= block } ?? false }

  /// The first missing block after `block`; nil when none is. O(log gaps).
  public func first(after block: BlockNumber) -> BlockNumber? {
    guard block < .max else { return nil }
    return gap(endingAtOrAfter: block + 1).map { max($0.first, block + 1) }
  }

  /// The last missing block before `block`; nil when none is. O(log gaps).
  public func last(before block: BlockNumber) -> BlockNumber? {
    guard !isEmpty else { return nil }
    if tail.first < block { return min(tail.last, block - 1) }
    var (low, high) = (Int(head), storage.count)
    while low < high {
      let middle = (low + high) / 2
      if storage[middle].first < block { low = middle + 1 } else { high = middle }
    }
    return low > Int(head) ? min(storage[low - 1].last, block - 1) : nil
  }

  private func gap(endingAtOrAfter block: BlockNumber) -> Gap? {
    guard !isEmpty, block <= tail.last else { return nil }
    let index = firstIndex(endingAtOrAfter: block)
    return index < storage.count ? storage[index] : tail
  }

  /// Notes the blocks `first…last` as received. O(log gaps) plus the gaps that it fills; O(1) in the last gap.
  ///
  /// Blocks outside the file fill nothing.
  @inlinable @inline(__always)
  public mutating func fill(_ first: BlockNumber, through last: BlockNumber) -> Filled {
    // The block before a gap was received, because gaps are never adjacent. So a repeated block changes nothing.
    guard first &+ 1 >= tail.first, last >= tail.first, first <= last, last < tail.last, missingBlocks > 0 else {
      return fillAnywhere(first, last)
    }
    if first > tail.first { storage.append(Gap(first: tail.first, last: first - 1)) }
    let filled = Filled(count: last - max(first, tail.first) + 1, last: last)
    tail.first = last + 1
    missingBlocks -= filled.count
    return filled
  }

  /// Notes the blocks `first…last` without those of `gaps` as received. O(gaps) in the last gap, where most new ones
  /// are.
  ///
  /// - Parameter gaps: ascending, disjoint, not adjacent, and before `last`.
  @inlinable @inline(__always)
  public mutating func fill(
    _ first: BlockNumber, through last: BlockNumber, except gaps: UnsafeBufferPointer<Gap>
  ) -> Filled {
    gaps.isEmpty ? fill(first, through: last) : fillAround(first, last, gaps)
  }

  @usableFromInline
  mutating func fillAround(
    _ first: BlockNumber, _ last: BlockNumber, _ gaps: UnsafeBufferPointer<Gap>
  ) -> Filled {
    guard let newest = gaps.first else { return fill(first, through: last) }
    guard first &+ 1 >= tail.first, last > tail.first, first < last, last <= tail.last, missingBlocks > 0 else {
      return fillAnywhere(first, last, except: gaps)
    }
    reserve(gaps.count + 1, before: last)
    let start = tail.first
    var stillMissing: UInt32 = 0
    // The blocks missing before `first` and those missing from there on may be one gap. Only its first block can be in
    // a gap that is stored already, because it is at most `first`.
    var gap = Gap(first: max(newest.first, start), last: newest.last)
    if start < first {
      if gap.first == first {
        gap.first = start
      } else {
        storage.append(Gap(first: start, last: first - 1))
        stillMissing += first - start
      }
    }
    if gap.first <= gap.last {
      storage.append(gap)
      stillMissing += gap.count
    }
    let others = UnsafeBufferPointer(rebasing: gaps.dropFirst())
    storage.append(contentsOf: others)
    for gap in others { stillMissing &+= gap.last &- gap.first &+ 1 }
    let filled = Filled(count: last - start + 1 - stillMissing, last: last)
    missingBlocks -= filled.count
    if last < tail.last { tail.first = last + 1 } else { takeTailFromStorage() }
    return filled
  }

  /// Reserves room for more gaps before the block `end`. Each time costs as much as dozens of losses. So it reserves a
  /// few more than there will be if the rest of the file is lost like the part before, but at most four times as many
  /// as there are.
  private mutating func reserve(_ more: Int, before end: BlockNumber) {
    let count = storage.count + more
    guard count > storage.capacity else { return }
    let expected = UInt64(count) * UInt64(tail.last) / UInt64(end)
    storage.reserveCapacity(max(count, 2 * storage.count, min(Int(expected + expected / 8), 4 * count)))
  }

  /// Reserves room for this many gaps, if there are none yet except the last.
  public mutating func makeRoom(for count: Int) {
    if storage.isEmpty { storage.reserveCapacity(count) }
  }

  private mutating func fillAnywhere(
    _ first: BlockNumber, _ last: BlockNumber, except gaps: UnsafeBufferPointer<Gap>
  ) -> Filled {
    var filled = Filled.nothing
    var start = first
    for gap in gaps {
      if start < gap.first { filled.add(fill(start, through: gap.first - 1)) }
      start = gap.last &+ 1
    }
    if start <= last { filled.add(fill(start, through: last)) }
    return filled
  }

  @usableFromInline @inline(never)
  mutating func fillAnywhere(_ first: BlockNumber, _ last: BlockNumber) -> Filled {
    guard missingBlocks > 0, first <= last, first <= tail.last else { return .nothing }
    if first == last, Int(head) < storage.count, storage[Int(head)].first == first { return fillFront() }
    if storage.count == Int(head) || storage[storage.count - 1].last < first { return fillTail(first, last) }
    storage.append(tail)
    let filled = fillStored(first, last)
    missingBlocks -= filled.count
    takeTailFromStorage()
    return filled
  }

  /// Fills the lowest missing block; there must be one.
  @inlinable @inline(__always)
  public mutating func fillFirst() {
    if Int(head) < storage.count { _ = fillFront() } else { _ = fill(tail.first, through: tail.first) }
  }

  /// Fills the lowest missing block, which a smart device fetches next (R14) and which is not in the last gap.
  @inlinable @inline(__always)
  mutating func fillFront() -> Filled {
    let block = storage[Int(head)].first
    if block == storage[Int(head)].last {
      head += 1
      giveBackFront()
    } else {
      storage[Int(head)].first = block + 1
    }
    missingBlocks -= 1
    return Filled(count: 1, last: block)
  }

  /// Fills the part of the last gap that is in `first…last`, and no other gap.
  private mutating func fillTail(_ first: BlockNumber, _ last: BlockNumber) -> Filled {
    let (from, to) = (max(first, tail.first), min(last, tail.last))
    guard from <= to else { return .nothing }
    let filled = Filled(count: to - from + 1, last: to)
    missingBlocks -= filled.count
    switch (from == tail.first, to == tail.last) {
    case (true, false): tail.first = to + 1
    case (false, true): tail.last = from - 1
    case (false, false):
      storage.append(Gap(first: tail.first, last: from - 1))
      tail.first = to + 1
    case (true, true): takeTailFromStorage()
    }
    return filled
  }

  /// Fills the parts of the stored gaps that are in `first…last`, the last gap included.
  private mutating func fillStored(_ first: BlockNumber, _ last: BlockNumber) -> Filled {
    var filled = Filled.nothing
    var index = firstIndex(endingAtOrAfter: first)
    guard index < storage.count, storage[index].first <= last else { return filled }
    if storage[index].first < first {
      let gap = storage[index]
      storage[index].last = first - 1
      if gap.last > last {
        storage.insert(Gap(first: last + 1, last: gap.last), at: index + 1)
        return Filled(count: last - first + 1, last: last)
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
    if index == Int(head) {
      head = Int32(end)
    } else if index < end {
      storage.removeSubrange(index..<end)
    }
    return filled
  }

  /// Makes the last stored gap the tail.
  @usableFromInline
  mutating func takeTailFromStorage() {
    guard missingBlocks > 0 else {
      storage = []
      head = 0
      return
    }
    if let gap = storage.popLast() { tail = gap }
    giveBackFront()
  }

  /// Releases the front of the storage when half of it, or all of it, is used up.
  @inlinable @inline(__always)
  mutating func giveBackFront() {
    guard Int(head) * 2 >= storage.count, head >= 64 || Int(head) == storage.count else { return }
    removeFront()
  }

  @usableFromInline @inline(never)
  mutating func removeFront() {
    storage.removeSubrange(0..<Int(head))
    head = 0
  }

  /// The index of the first stored gap that ends at or after `block`, or the storage's end if none does. It tries the
  /// first gap before it searches the others, because a smart device fetches from that one.
  @usableFromInline
  func firstIndex(endingAtOrAfter block: BlockNumber) -> Int {
    var low = Int(head)
    var high = storage.count
    guard low < high else { return high }
    if storage[low].last >= block { return low }
    while low < high {
      let middle = (low + high) / 2
      if storage[middle].last >= block { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension GapMap: Hashable {
  /// Whether the same blocks are missing.
  public static func == (left: GapMap, right: GapMap) -> Bool {
    left.missing == right.missing && left.gaps == right.gaps
  }
  /// Hashes the gaps.
  public func hash(into hasher: inout Hasher) { hasher.combine(gaps) }
}
