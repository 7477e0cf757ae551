import BlockTransfer
import Timebase

/// The blocks that a device received of several climbs of one pass, a bit for each.
///
/// A server that goes back, because the driver missed something, begins a new climb. Where ports drop what does not fit,
/// it does so with every window, and what one climb leaves out the next one brings. So a device need not look up what it
/// misses in each of them: their blocks are laid together first.
///
/// Why this changes nothing: as with one climb (``Climb``), a device notes blocks whatever their order, and a block that
/// comes twice once. Only when it got its last block depends on the order. So a part of the log that may make a device
/// complete is taken climb by climb, and so is what a device hears that awaits blocks.
///
/// Many devices of a branch hear the same climbs, but for what each of them lost. So what was sent is laid together a few
/// climbs at a time, once for all of them (``SentBlocks``).
public struct Coverage: ReceivedBlocks, Sendable {
  /// The most words of bits.
  private static let mostWords = 1024
  /// Climbs with more words of bits, or more ascents, on average are taken one by one. A device then has less to do with
  /// what it misses in each.
  private static let mostOfClimb = 32

  private var words: ContiguousArray<UInt64> = []
  /// The block of the first bit, a multiple of 64.
  private var base: BlockNumber = 0
  /// How many groups of climbs are kept. Devices of different branches take turns.
  private static let groupsKept = 256
  /// What was sent with climbs that a device heard lately.
  private var sent: ContiguousArray<Sent> = []

  /// No block of a lower number is among them.
  public private(set) var first: BlockNumber = 0
  /// No block of a higher number is among them.
  public private(set) var last: BlockNumber = 0

  /// A few climbs of a branch, and what was sent with them, once a second device asked.
  private struct Sent: Sendable {
    var branch = -1
    var group = 0
    var blocks: SentBlocks?
  }

  @usableFromInline
  init() {}

  /// Starts anew with what a device of a branch received of a part of the log. False if it is less work to take it climb by
  /// climb.
  @usableFromInline
  mutating func take(
    _ part: LogPart, of log: borrowing MulticastLog, ofBranch branch: Int, from firstRun: Int
  ) -> Bool {
    let lastRun = part.run(of: part.end - 1, from: firstRun)
    let climbs = Int(part.runs[firstRun].climb)...Int(part.runs[lastRun].climb)
    let ascents = Int(part.runs[firstRun].ascent)...Int(part.runs[lastRun].ascent)
    guard climbs.count > 1, ascents.count <= Self.mostOfClimb * climbs.count else { return false }
    let blocks = log.blocks(ofClimbs: climbs)
    let count = (blocks.count >> 6) + 2
    guard count <= Self.mostOfClimb * climbs.count, count <= Self.mostWords else { return false }
    (first, last, base) = (blocks.lowerBound, blocks.upperBound, blocks.lowerBound & ~63)
    if words.isEmpty {
      words = ContiguousArray(repeating: 0, count: Self.mostWords)
      sent = ContiguousArray(repeating: Sent(), count: Self.groupsKept)
    }
    words.withUnsafeMutableBufferPointer { $0[..<count].update(repeating: 0) }
    var (ascent, nextLost) = (ascents.lowerBound, 0)
    for group in SentBlocks.groups(entirelyIn: part, climbs, of: log) {
      guard let place = known(group, of: log, ofBranch: branch) else { continue }
      let range = SentBlocks.ascents(of: group, in: log)
      setReceived(of: part, ascent..<range.lowerBound, of: log, &nextLost)
      let lost = part.placesOfLost(from: nextLost, before: log.ascents[range.upperBound].start)
      sent[place].blocks?.add(to: &words, from: base, without: part, lost: lost)
      (ascent, nextLost) = (range.upperBound, lost.upperBound)
    }
    setReceived(of: part, ascent..<ascents.upperBound + 1, of: log, &nextLost)
    return true
  }

  /// Where it stands what was sent with some climbs; nil if no other device has asked for them, or it is too much to keep.
  /// The second device finds out.
  private mutating func known(_ group: Int, of log: borrowing MulticastLog, ofBranch branch: Int) -> Int? {
    let place = (group + 31 * branch) % sent.count
    guard sent[place].branch == branch, sent[place].group == group else {
      sent[place] = Sent(branch: branch, group: group)
      return nil
    }
    if sent[place].blocks == nil { sent[place].blocks = SentBlocks(group, of: log) }
    return sent[place].blocks == nil ? nil : place
  }

  /// Sets the bits of what was received of some ascents.
  ///
  /// - Parameter nextLost: the place of the first packet that was lost of them, and then of the first one after them.
  private mutating func setReceived(
    of part: LogPart, _ ascents: Range<Int>, of log: borrowing MulticastLog, _ nextLost: inout Int
  ) {
    guard !ascents.isEmpty else { return }
    words.withUnsafeMutableBufferPointer { words in
      log.ascents.withUnsafeBufferPointer { log in
        Self.set(part, ascents, of: log, &nextLost, from: base, in: words)
      }
    }
  }

  @inline(__always)
  private static func set(
    _ part: LogPart, _ ascents: Range<Int>, of log: UnsafeBufferPointer<Ascent>, _ nextLost: inout Int,
    from base: BlockNumber, in words: UnsafeMutableBufferPointer<UInt64>
  ) {
    let runs = part.runs
    var ascent = log[ascents.lowerBound]
    var lost = nextLost < part.lostCount ? part.lost[nextLost] : .max
    for index in ascents {
      let following = index + 1 < log.count ? log[index + 1] : Ascent(start: .max, firstRun: runs.count)
      if ascent.start >= part.start, following.start <= min(part.end, lost) {
        set(runs[ascent.firstRun].first &- base, through: runs[following.firstRun &- 1].last &- base, in: words)
      } else {
        setReceived(of: part, ascent, before: following.start, &nextLost, from: base, in: words)
        lost = nextLost < part.lostCount ? part.lost[nextLost] : .max
      }
      ascent = following
    }
  }

  /// Sets the bits of what was received of an ascent of which something was lost, or with which the part begins or ends.
  private static func setReceived(
    of part: LogPart, _ ascent: Ascent, before end: Int, _ nextLost: inout Int, from base: BlockNumber,
    in words: UnsafeMutableBufferPointer<UInt64>
  ) {
    var packet = max(ascent.start, part.start)
    let end = min(end, part.end)
    while packet < end {
      let lost = nextLost < part.lostCount ? min(part.lost[nextLost], end) : end
      if packet < lost {
        let first = part.block(of: packet, from: ascent.firstRun)
        set(first - base, through: part.block(of: lost - 1, from: ascent.firstRun) - base, in: words)
      }
      packet = lost + 1
      if lost < end { nextLost += 1 }
    }
  }

  @inline(__always)
  private static func set(_ first: UInt32, through last: UInt32, in words: UnsafeMutableBufferPointer<UInt64>) {
    var (word, end) = (Int(first &>> 6), Int(last &>> 6))
    var bits = ~UInt64(0) &<< UInt64(first)
    while word < end {
      words[word] |= bits
      bits = ~0
      word &+= 1
    }
    words[word] |= bits & (~UInt64(0) &>> UInt64(63 &- last & 63))
  }

  /// The first stretch of blocks in `from…through` that the device received. O(words of bits passed over).
  public func next(from: BlockNumber, through: BlockNumber) -> ClosedRange<BlockNumber>? {
    let (from, through) = (max(from, first), min(through, last))
    guard from <= through, let start = bit(from: from - base, through: through - base, inverted: false) else {
      return nil
    }
    guard let end = bit(from: start + 1, through: through - base, inverted: true) else { return base + start...through }
    return base + start...base + end - 1
  }

  /// The first bit that is set, or with `inverted` is not.
  private func bit(from: UInt32, through: UInt32, inverted: Bool) -> UInt32? {
    let flip: UInt64 = inverted ? ~0 : 0
    var mask = ~UInt64(0) << UInt64(from & 63)
    var word = from >> 6
    while word <= through >> 6 {
      let bits = (words[Int(word)] ^ flip) & mask
      if bits != 0 {
        let bit = word << 6 + UInt32(bits.trailingZeroBitCount)
        return bit <= through ? bit : nil
      }
      mask = ~0
      word += 1
    }
    return nil
  }
}
