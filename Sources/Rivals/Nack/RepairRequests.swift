import BitCollections
import BlockTransfer

/// What devices have reported as missing since the last pass: the next one.
struct RepairRequests: Sendable {
  private enum Wanted: Sendable {
    /// The blocks that somebody misses.
    case blocks(BitSet)
    /// The largest number of blocks that somebody misses, by group.
    case parities([UInt32])
  }

  private let groups: ErasureGroups?
  private let blocks: BlockNumber
  private var wanted: Wanted
  /// Whether nobody has reported anything.
  private(set) var isEmpty = true

  init(blocks: BlockNumber, groups: ErasureGroups?) {
    self.blocks = blocks
    self.groups = groups
    wanted = groups == nil ? .blocks([]) : .parities([])
  }

  /// Adds a packet of a report. Blocks that the file does not have, and what belongs to the other strategy, are ignored.
  mutating func add(_ content: NackReport.Content) {
    switch (content, groups) {
    case (.ranges(let ranges), nil): add(ranges)
    case (.shortages(let shortages), let groups?): add(shortages, of: groups)
    case (.ranges, _), (.shortages, nil): break
    }
  }

  private mutating func add(_ ranges: [Gap]) {
    guard case .blocks(var wanted) = wanted else { return }
    self.wanted = .blocks([])  // so that there is one reference to the set
    for range in ranges where range.first >= 1 && range.first <= range.last && range.last <= blocks {
      wanted.formUnion(Int(range.first)..<Int(range.last) + 1)
      isEmpty = false
    }
    self.wanted = .blocks(wanted)
  }

  private mutating func add(_ shortages: [Shortage], of groups: ErasureGroups) {
    guard case .parities(var wanted) = wanted else { return }
    self.wanted = .parities([])
    if wanted.isEmpty { wanted = Array(repeating: 0, count: Int(groups.count)) }
    for shortage in shortages where shortage.group < groups.count && shortage.count > 0 {
      let index = Int(shortage.group)
      wanted[index] = max(wanted[index], min(shortage.count, groups.blocks(of: shortage.group).count))
      isEmpty = false
    }
    self.wanted = .parities(wanted)
  }

  /// The packets of the next pass, ascending. What was reported is forgotten.
  mutating func take() -> [Gap] {
    var runs: [Gap] = []
    switch (wanted, groups) {
    case (.blocks(let blocks), _):
      for block in blocks { runs.extend(by: Gap(first: BlockNumber(block), last: BlockNumber(block))) }
    case (.parities(let counts), let groups?):
      for (group, count) in counts.enumerated() where count > 0 {
        runs.extend(by: groups.parities(count, of: UInt32(group)))
      }
    case (.parities, nil): break
    }
    self = RepairRequests(blocks: blocks, groups: groups)
    return runs
  }
}

extension [Gap] {
  /// Adds a run behind the last one, and joins the two if they touch.
  fileprivate mutating func extend(by run: Gap) {
    if let last = indices.last, self[last].last + 1 == run.first { self[last].last = run.last } else { append(run) }
  }
}
