import BlockTransfer

/// What a device says of its losses: what it reported as missing at one poll, and misses again at the next, was sent in
/// the round between them and lost.
struct WDSLossReport: Sendable {
  /// What it reported at the last poll.
  private var reported: [Gap] = []
  private var lastPoll: UInt32 = 0
  private var asked: UInt64 = 0
  private var lost: UInt64 = 0

  /// The report to a poll. Polls are counted by the rounds that are over; one that comes again tells nothing of losses.
  mutating func report(_ gaps: GapMap, to poll: UInt32) -> WDSReport {
    let missing = gaps.gaps
    if poll > lastPoll {
      asked += reported.reduce(0) { $0 + UInt64($1.count) }
      lost += Self.common(reported, missing)
      lastPoll = poll
    }
    reported = Array(missing.prefix(WDSReport.mostRanges))
    return WDSReport(poll: poll, ranges: reported, asked: asked, lost: lost)
  }

  /// How many blocks two ascending lists of ranges have in common.
  private static func common(_ one: [Gap], _ other: [Gap]) -> UInt64 {
    var (i, j, count) = (0, 0, UInt64(0))
    while i < one.count, j < other.count {
      let first = max(one[i].first, other[j].first)
      let last = min(one[i].last, other[j].last)
      if first <= last { count += UInt64(last - first) + 1 }
      if one[i].last < other[j].last { i += 1 } else { j += 1 }
    }
    return count
  }
}
