import BlockTransfer

/// The blocks that were sent with a few climbs of a log, and how often each of them, for all devices that hear these.
///
/// A device received all of them but those of which it lost every packet. So it looks at what it lost, and not at all that
/// was sent.
struct SentBlocks: Sendable {
  /// How many climbs there are in a group.
  private static let climbs = 4
  /// The most words of a group that is kept: 33 kB, with how often each block was sent.
  private static let mostWords = 128

  /// The word of the first bit, if the first one of all is that of block 0.
  private let firstWord: Int
  /// A bit for each block.
  private var words: ContiguousArray<UInt64>
  private var times: ContiguousArray<UInt32>

  /// The groups of which every packet is in a part of the log, of so many climbs, and that nothing will be added to.
  static func groups(
    entirelyIn part: LogPart, _ climbs: ClosedRange<Int>, of log: borrowing MulticastLog
  ) -> Range<Int> {
    var (first, end) = ((climbs.lowerBound + Self.climbs - 1) / Self.climbs, (climbs.upperBound + 1) / Self.climbs)
    if first * Self.climbs < log.climbs.count, log.climbs[first * Self.climbs].start < part.start { first += 1 }
    let next = end * Self.climbs
    if next >= log.climbs.count || log.climbs[next].start > part.end { end -= 1 }
    return first..<max(first, end)
  }

  /// The ascents of a group behind which others follow.
  static func ascents(of group: Int, in log: borrowing MulticastLog) -> Range<Int> {
    func first(_ climb: Int) -> Int { Int(log.runs[log.climbs[climb].firstRun].ascent) }
    return first(group * climbs)..<first((group + 1) * climbs)
  }

  /// Nil if the blocks lie too far from each other.
  init?(_ group: Int, of log: borrowing MulticastLog) {
    let climbs = group * Self.climbs...(group + 1) * Self.climbs - 1
    let blocks = log.blocks(ofClimbs: climbs)
    firstWord = Int(blocks.lowerBound >> 6)
    let count = Int(blocks.upperBound >> 6) - firstWord + 1
    guard count <= Self.mostWords else { return nil }
    words = ContiguousArray(repeating: 0, count: count)
    times = ContiguousArray(repeating: 0, count: count << 6)
    for run in log.runs[log.climbs[climbs.lowerBound].firstRun..<log.climbs[climbs.upperBound + 1].firstRun] {
      for block in run.first...run.last {
        let bit = Int(block) - firstWord << 6
        times[bit] += 1
        words[bit >> 6] |= 1 << UInt64(bit & 63)
      }
    }
  }

  /// Adds the blocks of which not every packet was lost.
  ///
  /// - Parameters:
  ///   - base: the block of the first bit of `received`, a multiple of 64 and none of a later word.
  ///   - lost: the places of the lost packets of these climbs.
  mutating func add(
    to received: inout ContiguousArray<UInt64>, from base: BlockNumber, without part: LogPart, lost: Range<Int>
  ) {
    let shift = firstWord - Int(base >> 6)
    words.withUnsafeMutableBufferPointer { words in
      times.withUnsafeMutableBufferPointer { times in
        for place in lost {
          let bit = Int(part.blockOfLost(place)) - firstWord << 6
          times[bit] -= 1
          if times[bit] == 0 { words[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
        }
        received.withUnsafeMutableBufferPointer { received in
          for word in words.indices { received[word + shift] |= words[word] }
        }
        for place in lost {
          let bit = Int(part.blockOfLost(place)) - firstWord << 6
          times[bit] += 1
          words[bit >> 6] |= 1 << UInt64(bit & 63)
        }
      }
    }
  }
}
